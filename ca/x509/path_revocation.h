// Revocation of a built path by CRLs (RFC 5280 §6.3), with our own reader of lists. Only for ca/x509.
#pragma once

#include "ca/x509/path_validator.h"

namespace antin::x509 {

// Looks at every certificate of `result.chain` but the anchor, CAs first, and sets status, culprit, revocation and
// detail: valid, revoked, revoked_ca, on_hold or revocation_unknown.
void check_revocation(const TrustMaterial& material, const PathOptions& options, PathResult& result);
// The same for the first certificate of the chain alone.
void check_leaf_revocation(const TrustMaterial& material, const PathOptions& options, PathResult& result);

}  // namespace antin::x509
