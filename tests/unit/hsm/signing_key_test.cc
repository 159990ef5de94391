// The contract of SigningKey, on every implementation: keys in software, in SoftHSM2, and (this program once more, with
// SOFTHSM2_MODULE) behind the module that plays faults.
#include <atomic>
#include <thread>

#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/unit/hsm/forgive_leaks.h"

using namespace antin;
using namespace antin::hsm;

namespace {

struct InSoftware {
  std::shared_ptr<const SigningKey> make(const KeySpec& spec) { return software::generate(spec).value(); }
};

struct InToken {
  TemporaryDirectory home;
  std::unique_ptr<pkcs11::Module> module = pkcs11::Module::load(pkcs11::make_softhsm2_home(home / "t").value()).value();
  std::shared_ptr<Token> token;
  InToken() {
    REQUIRE(module->initialise("t", Secret(std::string("so-pin-1")), Secret(std::string("user-pin-1"))).has_value());
    KnownPin pin(Secret(std::string("user-pin-1")));
    token = module->open("pkcs11:token=t", pin).value();
  }
  std::uint8_t made = 0;
  std::shared_ptr<const SigningKey> make(const KeySpec& spec) {
    return token->generate_key({Bytes{++made}, "key " + std::to_string(made)}, spec).value();
  }
};

constexpr std::array algorithms = {KeyAlgorithm::rsa, KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384,
                                   KeyAlgorithm::ed25519};

void check_signature(const SigningKey& key, SignatureScheme scheme, const Bytes& signature) {
  CHECK(verify_signature(key.public_key_info(), scheme, bytes_of("message"), signature).value());
  CHECK_FALSE(verify_signature(key.public_key_info(), scheme, bytes_of("another"), signature).value());
  Bytes broken = signature;
  broken[broken.size() / 2] ^= 1;
  CHECK_FALSE(verify_signature(key.public_key_info(), scheme, bytes_of("message"), broken).value());
  CHECK_FALSE(verify_signature(key.public_key_info(), scheme, bytes_of("message"), {}).value());
}

}  // namespace

TEMPLATE_TEST_CASE("every scheme that fits a key signs, verifies, and fails on another message", "", InSoftware,
                   InToken) {
  TestType keys;
  const ForgiveLeaks forgive;
  for (const KeyAlgorithm algorithm : algorithms) {
    const auto key = keys.make({algorithm, 2048});
    CHECK(key->algorithm() == algorithm);
    CHECK(key_algorithm_of(key->public_key_info()).value() == algorithm);
    CHECK(fits(default_scheme(algorithm), algorithm));
    for (int s = 0; s <= static_cast<int>(last_scheme); ++s) {
      const auto scheme = static_cast<SignatureScheme>(s);
      INFO(to_string(scheme));
      const auto signature = key->sign(scheme, bytes_of("message"));
      REQUIRE(signature.has_value() == fits(scheme, algorithm));
      if (signature) check_signature(*key, scheme, *signature);
      if (!signature) CHECK(signature.error().code == ErrorCode::invalid_argument);
    }
    CHECK(key->sign(default_scheme(algorithm), {}).has_value());
  }
}

TEMPLATE_TEST_CASE("a digest is signed as the message is; one of another size, or for ed25519, is refused", "",
                   InSoftware, InToken) {
  TestType keys;
  const ForgiveLeaks forgive;
  for (const KeyAlgorithm algorithm : algorithms) {
    const auto key = keys.make({algorithm, 2048});
    const SignatureScheme scheme = default_scheme(algorithm);
    const Bytes hash = digest(digest_of(scheme), bytes_of("message"));
    const auto signature = key->sign_digest(scheme, hash);
    REQUIRE(signature.has_value() == (algorithm != KeyAlgorithm::ed25519));
    if (signature) CHECK(verify_signature(key->public_key_info(), scheme, bytes_of("message"), *signature).value());
    if (signature) CHECK(verify_digest(key->public_key_info(), scheme, hash, *signature).value());
    CHECK(key->sign_digest(scheme, bytes_of("short")).error().code == ErrorCode::invalid_argument);
    CHECK(key->sign_digest(scheme, {}).error().code == ErrorCode::invalid_argument);
  }
}

TEMPLATE_TEST_CASE("a key has a name without a PIN, and no two keys are one", "", InSoftware, InToken) {
  TestType keys;
  const auto one = keys.make({}), other = keys.make({});
  CHECK_FALSE(one->uri().empty());
  CHECK(one->uri().find("pin") == std::string::npos);
  CHECK_FALSE(equal(one->public_key_info(), other->public_key_info()));
  const auto signature = one->sign(SignatureScheme::ecdsa_sha256, bytes_of("m")).value();
  CHECK_FALSE(
      verify_signature(other->public_key_info(), SignatureScheme::ecdsa_sha256, bytes_of("m"), signature).value());
}

TEMPLATE_TEST_CASE("several threads sign with one key", "", InSoftware, InToken) {
  TestType keys;
  const auto key = keys.make({});
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 24; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto signature = key->sign(SignatureScheme::ecdsa_sha256, bytes_of("m"));
        if (signature &&
            verify_signature(key->public_key_info(), SignatureScheme::ecdsa_sha256, bytes_of("m"), *signature).value())
          ++good;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(good == 24 * 20);
}

TEST_CASE("an encrypted software key opens with its passphrase alone") {
  const Secret right(std::string("a passphrase of a test")), wrong(std::string("another passphrase"));
  const std::string pem = software::generate_encrypted_pem({}, right).value();
  CHECK(pem.find("ENCRYPTED PRIVATE KEY") != std::string::npos);
  CHECK(software::from_encrypted_pem(pem, right).has_value());
  CHECK(software::from_encrypted_pem(pem, wrong).error().code == ErrorCode::unauthenticated);
}
