// The entries of a list, one after the other. Only for ca/lint.
#pragma once

#include "base/bytes.h"
#include "ca/lint/findings.h"

namespace antin::lint {

struct ListKind {
  bool indirect = false;  // has entries of several issuers
  bool delta = false;
};
// `content`: content octets of revokedCertificates.
void lint_entries(ByteView content, ListKind kind, const Place& place, Findings& findings);

}  // namespace antin::lint
