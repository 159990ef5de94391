// Algorithm identifiers and their parameters. Only for ca/lint.
#pragma once

#include <optional>

#include "ca/lint/findings.h"
#include "ca/lint/schema.h"
#include "ca/lint/view.h"

namespace antin::lint {

// The last arc (one octet) of an OID that begins with `prefix`.
std::optional<unsigned> last_arc(ByteView oid, x509::der::OidLiteral prefix) noexcept;
// `wanted` null: they must be absent.
void check_parameters(const Type* wanted, const AlgorithmView& one, Rule rule, const Place& place, Findings& findings);

}  // namespace antin::lint
