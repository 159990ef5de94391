// SchemeHasher: what a key signs of a message that comes in pieces, so that a list of a million entries is signed and
// verified in one pass.
//
//   ANTIN_TRY(SchemeHasher hasher, SchemeHasher::begin(scheme, key.public_key_info()));
//   for (ByteView piece : pieces) hasher.update(piece);
//   ANTIN_TRY(Bytes signature, key.sign_digest(scheme, hasher.finish()));
//
// For RSA and ECDSA the digest of the scheme. For ML-DSA the message representative mu of FIPS 204 §5.2, algorithm 7
// line 6, with an empty context: SHAKE256(SHAKE256(key, 64) || 0 || 0 || message, 64), computed outside the module that
// has the key ("ExternalMu" of RFC 9881). The signature is that of the message itself.
#pragma once

#include <optional>

#include "base/openssl_ptr.h"
#include "hsm/signing_key.h"

namespace antin::hsm {

// Not for use by two threads at once. Movable.
class SchemeHasher {
 public:
  // invalid_argument for ed25519, which reads a message twice, and for an ML-DSA key that does not fit the scheme.
  static Result<SchemeHasher> begin(SignatureScheme scheme, ByteView public_key_info);
  // Octets of what finish() returns.
  static std::size_t size(SignatureScheme scheme) noexcept;
  SchemeHasher& update(ByteView piece);
  Bytes finish();  // once

 private:
  SchemeHasher() = default;
  std::optional<Hasher> digest_;
  EvpMdCtxPtr representative_;  // of ML-DSA
};

}  // namespace antin::hsm
