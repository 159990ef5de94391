// KeyImport: a token that takes a private key which was made elsewhere: that of an authority that moves in. It stands
// beside Token because no other key of ours ever comes this way.
#pragma once

#include <memory>

#include "hsm/token.h"

namespace antin::hsm {

class KeyImport {
 public:
  virtual ~KeyImport() = default;
  // Puts the key (unencrypted PKCS#8) and its public half into the token: sensitive, not extractable, for signing only;
  // then it signs once, and the signature is verified. The same key again changes nothing. already_exists when the id
  // is another key's, invalid_argument for a kind of key that we do not sign with.
  virtual Result<std::shared_ptr<const SigningKey>> import_key(const KeyRef& ref, const Secret& private_key_info) = 0;
};

}  // namespace antin::hsm
