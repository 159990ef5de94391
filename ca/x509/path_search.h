// Candidate paths: every way from a certificate by issuers' names to an anchor. Only for ca/x509.
#pragma once

#include "ca/x509/path_validator.h"

namespace antin::x509 {

struct CandidatePath {
  std::vector<Certificate> helpers;  // between leaf and anchor
  std::vector<Certificate> anchor;   // the one it ends at
};

// By names and key identifiers alone, nothing is verified; shortest first, at most `limit`. A hierarchy in which
// authorities share names (a changed key, a cross certificate) has several; OpenSSL by itself would follow one and give
// up.
std::vector<CandidatePath> candidate_paths(const Certificate& leaf, const TrustMaterial& material,
                                           std::size_t limit = 16);

}  // namespace antin::x509
