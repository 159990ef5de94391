#include "hsm/signing_key.h"

#include <openssl/rsa.h>

#include <array>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "hsm/ml_dsa.h"
#include "hsm/public_key.h"
#include "hsm/scheme_hasher.h"

namespace antin::hsm {
namespace {

enum class Family { rsa_pkcs1, rsa_pss, ecdsa, ed25519, ml_dsa };

struct SchemeFacts {
  SignatureScheme scheme;
  std::string_view name;
  Family family;
  DigestAlgorithm digest;
  std::string_view algorithm_identifier;  // hexadecimal DER
};

// The identifiers of RFC 4055 §3.1 and §5 (PSS with explicit parameters), RFC 5758 §3.2, RFC 8410 §3 and RFC 9881 §2;
// the digests beside ML-DSA are those of RFC 9882 §3.3.
constexpr std::array facts{
    SchemeFacts{SignatureScheme::rsa_pkcs1_sha256, "RSA-PKCS1-SHA256", Family::rsa_pkcs1, DigestAlgorithm::sha256,
                "300d06092a864886f70d01010b0500"},
    SchemeFacts{SignatureScheme::rsa_pkcs1_sha384, "RSA-PKCS1-SHA384", Family::rsa_pkcs1, DigestAlgorithm::sha384,
                "300d06092a864886f70d01010c0500"},
    SchemeFacts{SignatureScheme::rsa_pkcs1_sha512, "RSA-PKCS1-SHA512", Family::rsa_pkcs1, DigestAlgorithm::sha512,
                "300d06092a864886f70d01010d0500"},
    SchemeFacts{SignatureScheme::rsa_pss_sha256, "RSA-PSS-SHA256", Family::rsa_pss, DigestAlgorithm::sha256,
                "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d0609"
                "6086480165030402010500a203020120"},
    SchemeFacts{SignatureScheme::rsa_pss_sha384, "RSA-PSS-SHA384", Family::rsa_pss, DigestAlgorithm::sha384,
                "304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d0609"
                "6086480165030402020500a203020130"},
    SchemeFacts{SignatureScheme::rsa_pss_sha512, "RSA-PSS-SHA512", Family::rsa_pss, DigestAlgorithm::sha512,
                "304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d0609"
                "6086480165030402030500a203020140"},
    SchemeFacts{SignatureScheme::ecdsa_sha256, "ECDSA-SHA256", Family::ecdsa, DigestAlgorithm::sha256,
                "300a06082a8648ce3d040302"},
    SchemeFacts{SignatureScheme::ecdsa_sha384, "ECDSA-SHA384", Family::ecdsa, DigestAlgorithm::sha384,
                "300a06082a8648ce3d040303"},
    SchemeFacts{SignatureScheme::ecdsa_sha512, "ECDSA-SHA512", Family::ecdsa, DigestAlgorithm::sha512,
                "300a06082a8648ce3d040304"},
    SchemeFacts{SignatureScheme::ed25519, "Ed25519", Family::ed25519, DigestAlgorithm::sha512, "300506032b6570"},
    SchemeFacts{SignatureScheme::ml_dsa_44, "ML-DSA-44", Family::ml_dsa, DigestAlgorithm::sha512,
                "300b0609608648016503040311"},
    SchemeFacts{SignatureScheme::ml_dsa_65, "ML-DSA-65", Family::ml_dsa, DigestAlgorithm::sha512,
                "300b0609608648016503040312"},
    SchemeFacts{SignatureScheme::ml_dsa_87, "ML-DSA-87", Family::ml_dsa, DigestAlgorithm::sha512,
                "300b0609608648016503040313"},
};

const SchemeFacts& of(SignatureScheme scheme) {
  for (const SchemeFacts& fact : facts)
    if (fact.scheme == scheme) return fact;
  return facts.front();
}

std::size_t place_of(SignatureScheme scheme) { return static_cast<std::size_t>(&of(scheme) - facts.data()); }

// In the order of `facts`.
const std::array<Bytes, facts.size()>& identifiers() {
  static const auto all = [] {
    std::array<Bytes, facts.size()> made;
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = from_hex(facts[i].algorithm_identifier).value();
    return made;
  }();
  return all;
}

const EVP_MD* evp(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha384:
      return EVP_sha384();
    case DigestAlgorithm::sha512:
      return EVP_sha512();
    case DigestAlgorithm::sha256:
      break;
  }
  return EVP_sha256();
}

Result<EvpPkeyPtr> key_for(ByteView public_key_info, SignatureScheme scheme) {
  ANTIN_TRY(EvpPkeyPtr key, read_public_key(public_key_info));
  ANTIN_TRY(const KeyAlgorithm algorithm, key_algorithm_of(public_key_info));
  if (!fits(scheme, algorithm))
    return fail(ErrorCode::invalid_argument,
                std::string(to_string(scheme)) + " does not fit a key of kind " + std::string(to_string(algorithm)));
  return key;
}

bool set_pss(EVP_PKEY_CTX* context, const SchemeFacts& fact) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, evp(fact.digest)) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

// A verification that OpenSSL cannot finish (a malformed signature value) is a signature that does not hold.
bool holds(int verified) {
  if (verified != 1) openssl_error();
  return verified == 1;
}

}  // namespace

std::string_view to_string(KeyAlgorithm algorithm) noexcept {
  switch (algorithm) {
    case KeyAlgorithm::rsa:
      return "rsa";
    case KeyAlgorithm::ec_p256:
      return "ec-p256";
    case KeyAlgorithm::ec_p384:
      return "ec-p384";
    case KeyAlgorithm::ed25519:
      return "ed25519";
    case KeyAlgorithm::ml_dsa_44:
      return "ml-dsa-44";
    case KeyAlgorithm::ml_dsa_65:
      return "ml-dsa-65";
    case KeyAlgorithm::ml_dsa_87:
      return "ml-dsa-87";
  }
  return "unknown";
}

bool is_ml_dsa(KeyAlgorithm algorithm) noexcept {
  return algorithm == KeyAlgorithm::ml_dsa_44 || algorithm == KeyAlgorithm::ml_dsa_65 ||
         algorithm == KeyAlgorithm::ml_dsa_87;
}

bool is_ml_dsa(SignatureScheme scheme) noexcept { return of(scheme).family == Family::ml_dsa; }

std::string_view to_string(SignatureScheme scheme) noexcept { return of(scheme).name; }

SignatureScheme default_scheme(KeyAlgorithm algorithm) noexcept {
  switch (algorithm) {
    case KeyAlgorithm::rsa:
      return SignatureScheme::rsa_pkcs1_sha256;
    case KeyAlgorithm::ec_p384:
      return SignatureScheme::ecdsa_sha384;
    case KeyAlgorithm::ed25519:
      return SignatureScheme::ed25519;
    case KeyAlgorithm::ml_dsa_44:
      return SignatureScheme::ml_dsa_44;
    case KeyAlgorithm::ml_dsa_65:
      return SignatureScheme::ml_dsa_65;
    case KeyAlgorithm::ml_dsa_87:
      return SignatureScheme::ml_dsa_87;
    case KeyAlgorithm::ec_p256:
      break;
  }
  return SignatureScheme::ecdsa_sha256;
}

bool fits(SignatureScheme scheme, KeyAlgorithm algorithm) noexcept {
  switch (of(scheme).family) {
    case Family::rsa_pkcs1:
    case Family::rsa_pss:
      return algorithm == KeyAlgorithm::rsa;
    case Family::ecdsa:
      return algorithm == KeyAlgorithm::ec_p256 || algorithm == KeyAlgorithm::ec_p384;
    case Family::ed25519:
      return algorithm == KeyAlgorithm::ed25519;
    case Family::ml_dsa:
      return is_ml_dsa(algorithm) && default_scheme(algorithm) == scheme;
  }
  return false;
}

DigestAlgorithm digest_of(SignatureScheme scheme) noexcept { return of(scheme).digest; }

Bytes algorithm_identifier(SignatureScheme scheme) { return identifiers()[place_of(scheme)]; }

std::optional<SignatureScheme> scheme_of(ByteView algorithm_identifier) noexcept {
  for (std::size_t i = 0; i < facts.size(); ++i)
    if (equal(identifiers()[i], algorithm_identifier)) return facts[i].scheme;
  return std::nullopt;
}

Result<bool> verify_signature(ByteView public_key_info, SignatureScheme scheme, ByteView message, ByteView signature) {
  if (scheme != SignatureScheme::ed25519) {
    ANTIN_TRY(SchemeHasher hasher, SchemeHasher::begin(scheme, public_key_info));
    return verify_digest(public_key_info, scheme, hasher.update(message).finish(), signature);
  }
  ANTIN_TRY(const EvpPkeyPtr key, key_for(public_key_info, scheme));
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
    return fail(ErrorCode::internal, "verify: " + openssl_error());
  return holds(EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()));
}

Result<bool> verify_digest(ByteView public_key_info, SignatureScheme scheme, ByteView digest, ByteView signature) {
  const SchemeFacts& fact = of(scheme);
  if (fact.family == Family::ed25519) return fail(ErrorCode::invalid_argument, "Ed25519 signs messages, not digests");
  if (digest.size() != SchemeHasher::size(scheme))
    return fail(ErrorCode::invalid_argument,
                "verify: the digest has not the size that " + std::string(to_string(scheme)) + " wants");
  ANTIN_TRY(const EvpPkeyPtr key, key_for(public_key_info, scheme));
  if (fact.family == Family::ml_dsa) return verify_representative(key.get(), digest, signature);
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key.get(), nullptr));
  const bool ready =
      EVP_PKEY_verify_init(context.get()) == 1 &&
      (fact.family != Family::rsa_pkcs1 || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1) &&
      (fact.family != Family::rsa_pss || set_pss(context.get(), fact)) &&
      EVP_PKEY_CTX_set_signature_md(context.get(), evp(fact.digest)) == 1;
  if (!ready) return fail(ErrorCode::internal, "verify: " + openssl_error());
  return holds(EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(), digest.size()));
}

}  // namespace antin::hsm
