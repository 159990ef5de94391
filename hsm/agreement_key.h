// AgreementKey: a private P-256 key that agrees on secrets (ECDH) and signs nothing. An officer's second key, for
// opening backups.
//
// Implementations are safe for use by several threads at once.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace antin::hsm {

class AgreementKey {
 public:
  virtual ~AgreementKey() = default;
  // The DER SubjectPublicKeyInfo.
  virtual ByteView public_key_info() const noexcept = 0;
  // An RFC 7512 URI without a PIN, for messages.
  virtual std::string uri() const = 0;
  // The x coordinate (32 octets) of the shared point with `point`, an uncompressed point of P-256 (SEC 1 §2.3.3).
  // invalid_argument when it is none; else as SigningKey::sign_digest.
  virtual Result<Secret> agree(ByteView point) const = 0;
};

// The uncompressed point inside a SubjectPublicKeyInfo of P-256; invalid_argument for every other key.
Result<Bytes> p256_point(ByteView public_key_info);
// invalid_argument unless `point` is an uncompressed point on P-256.
Status check_p256_point(ByteView point);

}  // namespace antin::hsm
