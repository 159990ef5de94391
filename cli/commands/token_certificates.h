// Certificates on a token beside its keys, as `token doctor` looks at them: other programs put key and certificate
// together by CKA_ID and label.
#pragma once

#include <string>
#include <vector>

#include "hsm/token.h"

namespace antin::commands {

// A sentence of the catalogue with its arguments.
struct TokenRemark {
  std::string id;
  std::vector<std::string> arguments;
  friend bool operator==(const TokenRemark&, const TokenRemark&) = default;
};
struct CertificateRemarks {
  std::vector<TokenRemark> findings;  // one that is of another key, has another CKA_ID or label, is of no key here
  std::vector<TokenRemark> notes;     // keys without one: our own programs do not need it, others do
};
// `keys` are the token's. The certificate of an authority may be there without a key.
Result<CertificateRemarks> examine_certificates(const hsm::Token& token, const std::vector<hsm::KeyInfo>& keys);

}  // namespace antin::commands
