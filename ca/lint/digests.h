// Digest algorithms by their identifiers, and digests compared. Only for ca/lint.
#pragma once

#include <optional>

#include "ca/lint/findings.h"
#include "ca/lint/view.h"

namespace antin::lint {

// The digest of `data` by this algorithm; nothing for one that is not known here.
std::optional<Bytes> digest_of(const AlgorithmView& algorithm, ByteView data);
bool is_sha1(const AlgorithmView& algorithm) noexcept;
bool is_sha256(const AlgorithmView& algorithm) noexcept;
// Parameters absent or NULL (RFC 5754 §2); a notice for one that is not known.
void lint_digest_algorithm(const AlgorithmView& algorithm, const Place& place, Findings& findings);
// `digest` has the length of what this algorithm makes.
void lint_digest_length(const AlgorithmView& algorithm, ByteView digest, const Place& place, Findings& findings);
// Nothing signs with it any more: MD5, SHA-1 and their kin, also as part of a signature algorithm.
void lint_digest_strength(const AlgorithmView& algorithm, const Place& place, Findings& findings);

}  // namespace antin::lint
