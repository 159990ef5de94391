#include "hsm/software/software_key.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::hsm;

TEST_CASE("every scheme that fits a key signs, verifies, and fails on another message") {
  for (const KeyAlgorithm algorithm :
       {KeyAlgorithm::rsa, KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::ed25519}) {
    const auto key = software::generate({algorithm, 2048}).value();
    CHECK(key_algorithm_of(key->public_key_info()).value() == algorithm);
    unsigned fitting = 0;
    for (int s = 0; s <= static_cast<int>(SignatureScheme::ed25519); ++s) {
      const auto scheme = static_cast<SignatureScheme>(s);
      const auto signature = key->sign(scheme, bytes_of("message"));
      CHECK(signature.has_value() == fits(scheme, algorithm));
      if (!signature) continue;
      ++fitting;
      CHECK(verify_signature(key->public_key_info(), scheme, bytes_of("message"), *signature).value());
      CHECK_FALSE(verify_signature(key->public_key_info(), scheme, bytes_of("another"), *signature).value());
      Bytes broken = *signature;
      broken[broken.size() / 2] ^= 1;
      CHECK_FALSE(verify_signature(key->public_key_info(), scheme, bytes_of("message"), broken).value());
      CHECK_FALSE(verify_signature(key->public_key_info(), scheme, bytes_of("message"), {}).value());
    }
    CHECK(fitting > 0);
    CHECK(fits(default_scheme(algorithm), algorithm));
  }
}

TEST_CASE("a digest of the wrong size is refused before the key is used") {
  const auto key = software::generate({}).value();
  CHECK(key->sign_digest(SignatureScheme::ecdsa_sha256, bytes_of("short")).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("an encrypted software key opens with its passphrase alone") {
  const Secret right(std::string("a passphrase of a test")), wrong(std::string("another passphrase"));
  const std::string pem = software::generate_encrypted_pem({}, right).value();
  CHECK(pem.find("ENCRYPTED PRIVATE KEY") != std::string::npos);
  CHECK(software::from_encrypted_pem(pem, right).has_value());
  CHECK(software::from_encrypted_pem(pem, wrong).error().code == ErrorCode::unauthenticated);
}
