// DigestSigner: the part of a SigningKey that is the same everywhere: facts, checks, and hashing outside the token.
#pragma once

#include "hsm/signing_key.h"

namespace antin::hsm {

class DigestSigner : public SigningKey {
 public:
  KeyAlgorithm algorithm() const noexcept final { return algorithm_; }
  ByteView public_key_info() const noexcept final { return public_key_info_; }
  Result<Bytes> sign_digest(SignatureScheme scheme, ByteView digest) const final;
  Result<Bytes> sign(SignatureScheme scheme, ByteView message) const final;

 protected:
  DigestSigner(KeyAlgorithm algorithm, Bytes public_key_info)
      : algorithm_(algorithm), public_key_info_(std::move(public_key_info)) {}
  // `input` is what SchemeHasher makes, of the right size, or the message for ed25519. ECDSA is returned as DER.
  virtual Result<Bytes> sign_input(SignatureScheme scheme, ByteView input) const = 0;

 private:
  KeyAlgorithm algorithm_;
  Bytes public_key_info_;
};

}  // namespace antin::hsm
