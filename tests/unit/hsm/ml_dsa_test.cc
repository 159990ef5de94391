// ML-DSA: message representatives that are hashed in pieces, and signatures by OpenSSL where it has them. Where it has
// none, the same tests ask for the refusal.
#include <openssl/evp.h>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "hsm/public_key.h"
#include "hsm/scheme_hasher.h"
#include "hsm/software/private_key_file.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::hsm;

namespace {

struct Kind {
  KeyAlgorithm algorithm;
  SignatureScheme scheme;
  const char* name;
  std::size_t key, signature;  // octets (FIPS 204 table 2)
  const char* head;            // of the SubjectPublicKeyInfo (RFC 9881 §4), hexadecimal
  std::uint8_t seed;
  // Of `message` under the key below, by the SHAKE of another implementation (Python's hashlib).
  const char* representative;
};
constexpr std::array kinds = {
    Kind{KeyAlgorithm::ml_dsa_44, SignatureScheme::ml_dsa_44, "ml-dsa-44", 1312, 2420,
         "30820532300b06096086480165030403110382052100", 44,
         "dc48722b299269c7b0ad6d41ab4f1b1f765551d7d1eb7898678e73a47e11cc90d1ad948547bc3f5e9bcf119893b71b3af038e040d9280"
         "5ec3946e76cfcc84b03"},
    Kind{KeyAlgorithm::ml_dsa_65, SignatureScheme::ml_dsa_65, "ml-dsa-65", 1952, 3309,
         "308207b2300b0609608648016503040312038207a100", 65,
         "8e9e88061996f73e8236065f291afcb8004cf1cf069f7e376c99e729b5948dc64bd33ce32912130501a20ab91e2eede63c6761e11fa91"
         "842fda572edbda68bf4"},
    Kind{KeyAlgorithm::ml_dsa_87, SignatureScheme::ml_dsa_87, "ml-dsa-87", 2592, 4627,
         "30820a32300b060960864801650304031303820a2100", 87,
         "39cf3287443a679fdaf58485b930347d279f4f11cd600f5b4748e06f4b0dc279df591bbccd2ecd7cad882385ec8f032544b676ecb8a87"
         "e7146068c964f2a059c"},
};

// A key that nobody has: its octets count up by seven.
Bytes made_up_key(const Kind& kind) {
  Bytes info = from_hex(kind.head).value();
  for (std::size_t i = 0; i < kind.key; ++i) info.push_back(static_cast<std::uint8_t>(i * 7 + kind.seed));
  return info;
}

Bytes representative_of(const Kind& kind, ByteView key, std::initializer_list<std::string_view> pieces) {
  SchemeHasher hasher = SchemeHasher::begin(kind.scheme, key).value();
  for (const std::string_view piece : pieces) hasher.update(bytes_of(piece));
  return hasher.finish();
}

bool there() { return require_ml_dsa().has_value(); }

// What asks OpenSSL for ML-DSA where it has none ends so, and nothing else.
void check_refused(const Error& error) {
  INFO(error.message);
  CHECK(error.code == ErrorCode::unimplemented);
  CHECK(error.message.find("has no ML-DSA: version 3.5 has, as in Debian 13") != std::string::npos);
}

// OpenSSL's own signature over a message, without us between.
bool openssl_verifies(ByteView key, ByteView message, ByteView signature) {
  const EvpPkeyPtr read = read_public_key(key).value();
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, read.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

}  // namespace

TEST_CASE("an ML-DSA key is known by its SubjectPublicKeyInfo and fits its own scheme alone, whatever OpenSSL has") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const Bytes info = made_up_key(kind);
    CHECK(key_algorithm_of(info).value() == kind.algorithm);
    CHECK(to_string(kind.algorithm) == kind.name);
    CHECK(is_ml_dsa(kind.algorithm));
    CHECK(is_ml_dsa(kind.scheme));
    CHECK(default_scheme(kind.algorithm) == kind.scheme);
    CHECK(scheme_of(algorithm_identifier(kind.scheme)) == kind.scheme);
    for (int s = 0; s <= static_cast<int>(last_scheme); ++s)
      CHECK(fits(static_cast<SignatureScheme>(s), kind.algorithm) == (static_cast<SignatureScheme>(s) == kind.scheme));
    CHECK_FALSE(fits(kind.scheme, KeyAlgorithm::ec_p256));
    Bytes longer = info, shorter = info, other_oid = info;
    longer.push_back(0);
    shorter.pop_back();
    other_oid[15] ^= 0x40;  // another algorithm's identifier
    for (const Bytes& other : {longer, shorter, other_oid}) CHECK_FALSE(key_algorithm_of(other).has_value());
  }
  CHECK_FALSE(is_ml_dsa(KeyAlgorithm::ed25519));
  CHECK_FALSE(is_ml_dsa(SignatureScheme::ed25519));
}

TEST_CASE("the message representative is the one that FIPS 204 says, in however many pieces the message comes") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const Bytes key = made_up_key(kind);
    const Bytes whole = representative_of(kind, key, {"message"});
    CHECK(to_hex(whole) == kind.representative);
    CHECK(whole.size() == SchemeHasher::size(kind.scheme));
    CHECK(representative_of(kind, key, {"mes", "", "sage"}) == whole);
    CHECK(representative_of(kind, key, {"messagf"}) != whole);
    Bytes other = key;
    other.back() ^= 1;
    CHECK(representative_of(kind, other, {"message"}) != whole);
  }
  CHECK(SchemeHasher::begin(SignatureScheme::ml_dsa_44, made_up_key(kinds[1])).error().code ==
        ErrorCode::invalid_argument);
  CHECK(SchemeHasher::begin(SignatureScheme::ed25519, {}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("for the other schemes what is hashed in pieces is their digest") {
  for (const auto scheme :
       {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::ecdsa_sha384, SignatureScheme::rsa_pss_sha512}) {
    SchemeHasher hasher = SchemeHasher::begin(scheme, {}).value();
    const Bytes made = hasher.update(bytes_of("mes")).update(bytes_of("sage")).finish();
    CHECK(made == digest(digest_of(scheme), bytes_of("message")));
    CHECK(made.size() == SchemeHasher::size(scheme));
  }
}

TEST_CASE("what is signed by its representative is the message's signature, for OpenSSL as for us") {
  for (const Kind& kind : kinds) {
    INFO(kind.name);
    const auto made = software::generate({kind.algorithm});
    if (!there()) {
      check_refused(made.error());
      const Bytes key = made_up_key(kind);
      check_refused(verify_signature(key, kind.scheme, bytes_of("message"), Bytes(kind.signature)).error());
      check_refused(verify_digest(key, kind.scheme, Bytes(64), Bytes(kind.signature)).error());
      check_refused(read_public_key(key).error());
      check_refused(software::generate_encrypted_pem({kind.algorithm}, Secret(std::string("12345678"))).error());
      continue;
    }
    const auto& key = **made;
    CHECK(key.public_key_info().size() == 22 + kind.key);
    CHECK(key.algorithm() == kind.algorithm);
    const Bytes mu = representative_of(kind, key.public_key_info(), {"message"});
    Bytes signature = key.sign_digest(kind.scheme, mu).value();
    CHECK(signature.size() == kind.signature);
    CHECK(openssl_verifies(key.public_key_info(), bytes_of("message"), signature));
    CHECK_FALSE(openssl_verifies(key.public_key_info(), bytes_of("messagf"), signature));
    CHECK(verify_signature(key.public_key_info(), kind.scheme, bytes_of("message"), signature).value());
    const Bytes whole = key.sign(kind.scheme, bytes_of("message")).value();
    CHECK(whole != signature);  // hedged
    CHECK(verify_digest(key.public_key_info(), kind.scheme, mu, whole).value());
    CHECK_FALSE(openssl_verifies(key.public_key_info(), mu, whole));  // the representative is no message
    for (const std::size_t at : {std::size_t{0}, signature.size() / 2, signature.size() - 1}) {
      Bytes broken = signature;
      broken[at] ^= 1;
      CHECK_FALSE(verify_digest(key.public_key_info(), kind.scheme, mu, broken).value());
    }
    CHECK_FALSE(verify_digest(key.public_key_info(), kind.scheme, mu, {}).value());
    signature.push_back(0);
    CHECK_FALSE(verify_digest(key.public_key_info(), kind.scheme, mu, signature).value());
    CHECK(key.sign_digest(kind.scheme, Bytes(32)).error().code == ErrorCode::invalid_argument);
    CHECK(key.sign(SignatureScheme::ecdsa_sha256, bytes_of("message")).error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("an ML-DSA key in an encrypted file is the same key, and one that is shown is proved") {
  const Secret right(std::string("12345678")), wrong(std::string("12345679"));
  const auto pem = software::generate_encrypted_pem({KeyAlgorithm::ml_dsa_65}, right);
  if (!there()) return check_refused(pem.error());
  const auto first = software::from_encrypted_pem(*pem, right).value();
  const auto again = software::from_encrypted_pem(*pem, right).value();
  CHECK(equal(first->public_key_info(), again->public_key_info()));
  const Bytes signature = again->sign(SignatureScheme::ml_dsa_65, bytes_of("m")).value();
  CHECK(verify_signature(first->public_key_info(), SignatureScheme::ml_dsa_65, bytes_of("m"), signature).value());
  CHECK(software::from_encrypted_pem(*pem, wrong).error().code == ErrorCode::unauthenticated);
  const Secret shown =
      software::read_private_key(bytes_of(*pem), [&] { return Result<Secret>(right.clone()); }).value();
  const Bytes proved = software::prove_private_key(bytes_of(shown.reveal())).value();
  CHECK(equal(proved, first->public_key_info()));
}
