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

enum class KeyAlgorithm { rsa, ec_p256, ec_p384, ed25519, ml_dsa_44, ml_dsa_65, ml_dsa_87 };
// `rsa`, `ec-p256`, `ec-p384`, `ed25519`, `ml-dsa-44`, `ml-dsa-65`, `ml-dsa-87`
std::string_view to_string(KeyAlgorithm algorithm) noexcept;
bool is_ml_dsa(KeyAlgorithm algorithm) noexcept;  // FIPS 204

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
  ml_dsa_44,  // pure ML-DSA with an empty context (RFC 9881)
  ml_dsa_65,
  ml_dsa_87,
};
inline constexpr SignatureScheme last_scheme = SignatureScheme::ml_dsa_87;
std::string_view to_string(SignatureScheme scheme) noexcept;  // `RSA-PKCS1-SHA256`
// The scheme that the field reads for keys of this kind: RSA PKCS#1 v1.5 or ECDSA with SHA-256 (SHA-384 on P-384),
// Ed25519, ML-DSA.
SignatureScheme default_scheme(KeyAlgorithm algorithm) noexcept;
bool fits(SignatureScheme scheme, KeyAlgorithm algorithm) noexcept;
bool is_ml_dsa(SignatureScheme scheme) noexcept;
// The digest of CMS content that is signed with this scheme, and for RSA and ECDSA the one that is taken before the
// token signs: ed25519 signs the message itself, and ML-DSA its representative (scheme_hasher.h).
DigestAlgorithm digest_of(SignatureScheme scheme) noexcept;
// The DER AlgorithmIdentifier of the signature, parameters included (RFC 3279, 4055, 5758, 8410, 9881).
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

  // Signs what SchemeHasher makes of a message: a digest made with digest_of(scheme), for ML-DSA the 64 octets of the
  // message representative. The value is as X.509 wants it: ECDSA as a DER Ecdsa-Sig-Value.
  // invalid_argument when scheme and key do not fit (and for ed25519); unavailable when the token is gone (a retry on a
  // new session has been tried); unauthenticated when the login was lost and cannot be repeated.
  virtual Result<Bytes> sign_digest(SignatureScheme scheme, ByteView digest) const = 0;
  // Hashes outside the token and signs; the way for ed25519.
  virtual Result<Bytes> sign(SignatureScheme scheme, ByteView message) const = 0;
};

// Verifies with OpenSSL and the public key alone. False for a signature that does not hold; an Error only for a key
// that cannot be read or does not fit the scheme, unimplemented for ML-DSA where OpenSSL has none. verify_digest takes
// what SigningKey::sign_digest does.
Result<bool> verify_signature(ByteView public_key_info, SignatureScheme scheme, ByteView message, ByteView signature);
Result<bool> verify_digest(ByteView public_key_info, SignatureScheme scheme, ByteView digest, ByteView signature);
// The kind of key in a SubjectPublicKeyInfo; unimplemented for others than KeyAlgorithm names.
Result<KeyAlgorithm> key_algorithm_of(ByteView public_key_info);
// unimplemented, with what to do, when the OpenSSL that this process loaded has no ML-DSA (before 3.5).
Status require_ml_dsa();

}  // namespace antin::hsm
