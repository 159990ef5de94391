// SigningKey: a private key that can sign and never be seen. The only view of a token that issuance and signing have.
//
// Implementations are safe for use by several threads at once. Every signature is checked with the public key by its
// user, not here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"

namespace antin::hsm {

enum class KeyAlgorithm { rsa, ec_p256, ec_p384, ed25519 };
std::string_view to_string(KeyAlgorithm algorithm) noexcept;  // `rsa`, `ec-p256`, `ec-p384`, `ed25519`

// A signature algorithm of X.509 and CMS, with its digest.
enum class SignatureScheme {
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
  rsa_pss_sha256,
  rsa_pss_sha384,
  rsa_pss_sha512,  // MGF1 with the same digest, salt as long as the digest
  ecdsa_sha256,
  ecdsa_sha384,
  ecdsa_sha512,
  ed25519,
};
std::string_view to_string(SignatureScheme scheme) noexcept;  // `RSA-PKCS1-SHA256`
// The scheme that the field reads for keys of this kind: RSA PKCS#1 v1.5 or ECDSA with SHA-256 (SHA-384 on P-384),
// Ed25519.
SignatureScheme default_scheme(KeyAlgorithm algorithm) noexcept;
bool fits(SignatureScheme scheme, KeyAlgorithm algorithm) noexcept;
// The digest that is taken before the token signs. Meaningless for ed25519, which signs the message itself.
DigestAlgorithm digest_of(SignatureScheme scheme) noexcept;
// The DER AlgorithmIdentifier of the signature, parameters included (RFC 3279, 4055, 5758, 8410).
Bytes algorithm_identifier(SignatureScheme scheme);
// The scheme with exactly that AlgorithmIdentifier; none for every other encoding.
std::optional<SignatureScheme> scheme_of(ByteView algorithm_identifier) noexcept;

class SigningKey {
 public:
  virtual ~SigningKey() = default;
  virtual KeyAlgorithm algorithm() const noexcept = 0;
  // The DER SubjectPublicKeyInfo.
  virtual ByteView public_key_info() const noexcept = 0;
  // An RFC 7512 URI without a PIN, for messages and records.
  virtual std::string uri() const = 0;

  // Signs a digest made with digest_of(scheme). The value is as X.509 wants it: ECDSA as a DER Ecdsa-Sig-Value.
  // invalid_argument when scheme and key do not fit (and for ed25519); unavailable when the token is gone (a retry on a
  // new session has been tried); unauthenticated when the login was lost and cannot be repeated.
  virtual Result<Bytes> sign_digest(SignatureScheme scheme, ByteView digest) const = 0;
  // Hashes outside the token and signs; the way for ed25519.
  virtual Result<Bytes> sign(SignatureScheme scheme, ByteView message) const = 0;
};

// Verifies with OpenSSL and the public key alone. False for a signature that does not hold; an Error only for a key
// that cannot be read or does not fit the scheme.
Result<bool> verify_signature(ByteView public_key_info, SignatureScheme scheme, ByteView message, ByteView signature);
Result<bool> verify_digest(ByteView public_key_info, SignatureScheme scheme, ByteView digest, ByteView signature);
// The kind of key in a SubjectPublicKeyInfo; unimplemented for others than KeyAlgorithm names.
Result<KeyAlgorithm> key_algorithm_of(ByteView public_key_info);

}  // namespace antin::hsm
