// The contract of tokens, on SoftHSM2.
#include <sys/stat.h>

#include <cstdlib>

#include "hsm/key_import.h"
#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "hsm/software/private_key_file.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/unit/hsm/forgive_leaks.h"

using namespace antin;
using namespace antin::hsm;

namespace {

Secret pin(const char* text) { return Secret(std::string(text)); }

struct Fixture {
  TemporaryDirectory home;
  pkcs11::ModuleConfig config = pkcs11::make_softhsm2_home(home / "ca").value();
  std::unique_ptr<pkcs11::Module> module = pkcs11::Module::load(config).value();
  Fixture() { REQUIRE(module->initialise("root", pin("so-pin-1"), pin("user-pin-1")).has_value()); }
  std::shared_ptr<Token> open() {
    KnownPin known(pin("user-pin-1"));
    return module->open("pkcs11:token=root", known).value();
  }
};

Bytes id(std::uint8_t n) { return Bytes{n, 2, 3}; }

}  // namespace

TEST_CASE("a token is chosen by its label, and the labels that are there are named") {
  Fixture f;
  KnownPin known(pin("user-pin-1"));
  const auto missing = f.module->open("pkcs11:token=other", known);
  CHECK(missing.error().code == ErrorCode::unavailable);
  CHECK_THAT(missing.error().message, Catch::Matchers::ContainsSubstring("there: root"));
  CHECK(f.module->open("pkcs11:token=root;pin-value=x", known).error().code == ErrorCode::invalid_argument);
  CHECK(f.module->initialise("root", pin("so-pin-1"), pin("user-pin-1")).error().code == ErrorCode::already_exists);
  const TokenInfo info = f.module->tokens().value().at(0);
  CHECK(f.module->open(info.uri, known).has_value());
}

TEST_CASE("a wrong PIN is named and no message holds it") {
  Fixture f;
  KnownPin wrong(pin("wrong-pin-9"));
  const auto refused = f.module->open("pkcs11:token=root", wrong);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::unauthenticated);
  CHECK_THAT(refused.error().message, Catch::Matchers::ContainsSubstring("CKR_PIN_INCORRECT"));
  CHECK(refused.error().message.find("wrong-pin-9") == std::string::npos);
}

TEST_CASE(
    "keys of every kind are made in the token, sensitive and not extractable, and a name that is taken is refused") {
  Fixture f;
  const auto token = f.open();
  std::uint8_t n = 0;
  for (const KeyAlgorithm algorithm :
       {KeyAlgorithm::rsa, KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::ed25519}) {
    std::optional<ForgiveLeaks> forgive;
    if (algorithm == KeyAlgorithm::ed25519) forgive.emplace();
    const auto key = token->generate_key({id(++n), "key"}, {algorithm, 2048});
    REQUIRE(key.has_value());
    CHECK((*key)->algorithm() == algorithm);
  }
  const std::vector<KeyInfo> keys = token->keys().value();
  CHECK(keys.size() == 4);
  for (const KeyInfo& info : keys) CHECK((info.sensitive && !info.extractable && info.has_private && info.has_public));
  CHECK(token->generate_key({id(1), "again"}, {}).error().code == ErrorCode::already_exists);
  CHECK(token->find_key({{}, "key"}).error().code == ErrorCode::failed_precondition);
  CHECK(token->find_key({id(9), ""}).error().code == ErrorCode::not_found);
}

TEST_CASE("a key is found again after the module was closed and opened, and a destroyed one is gone") {
  TemporaryDirectory home;
  Bytes spki;
  const auto config = pkcs11::make_softhsm2_home(home / "t").value();
  for (int round = 0; round < 2; ++round) {
    const auto module = pkcs11::Module::load(config).value();
    if (round == 0) REQUIRE(module->initialise("t", pin("so-pin-1"), pin("user-pin-1")).has_value());
    KnownPin known(pin("user-pin-1"));
    const auto token = module->open("pkcs11:token=t", known).value();
    const auto key = round == 0 ? token->generate_key({id(1), "k"}, {}).value() : token->find_key({id(1), ""}).value();
    if (round == 0) spki = to_bytes(key->public_key_info());
    CHECK(equal(spki, key->public_key_info()));
    if (round == 1) {
      REQUIRE(token->destroy_key({id(1), ""}).has_value());
      CHECK_FALSE(token->find_key({id(1), ""}).has_value());
      CHECK_FALSE(key->sign(SignatureScheme::ecdsa_sha256, bytes_of("x")).has_value());
    }
  }
}

TEST_CASE("a key whose module was closed fails and does not crash") {
  auto f = std::make_unique<Fixture>();
  const auto token = f->open();
  const auto key = token->generate_key({id(1), "k"}, {}).value();
  f->module.reset();
  CHECK(key->sign(SignatureScheme::ecdsa_sha256, bytes_of("x")).error().code == ErrorCode::unavailable);
}

TEST_CASE("PIN sources: a file that others can read is refused, the others are read") {
  const TemporaryDirectory home;
  REQUIRE(write_file(home / "pin", "1234-synthetic\n", 0600).has_value());
  CHECK(read_pin("file:pin", home.path(), "t").value().reveal() == "1234-synthetic");
  REQUIRE(::chmod((home / "pin").c_str(), 0640) == 0);
  CHECK(read_pin("file:pin", home.path(), "t").error().code == ErrorCode::permission_denied);
  REQUIRE(::setenv("ANTIN_TEST_PIN", "abc", 1) == 0);
  CHECK(read_pin("env:ANTIN_TEST_PIN", home.path(), "t").value().reveal() == "abc");
  CHECK(read_pin("env:ANTIN_TEST_NONE", home.path(), "t").error().code == ErrorCode::unauthenticated);
  CHECK(read_pin("argument:1234", home.path(), "t").error().code == ErrorCode::invalid_argument);
  CHECK(read_pin("fd:x", home.path(), "t").error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a key that was made elsewhere goes into a token, signs there and does not come out") {
  Fixture f;
  const auto token = f.open();
  auto& importing = dynamic_cast<KeyImport&>(*token);
  std::uint8_t n = 0;
  for (const KeyAlgorithm algorithm :
       {KeyAlgorithm::rsa, KeyAlgorithm::ec_p256, KeyAlgorithm::ec_p384, KeyAlgorithm::ed25519}) {
    std::optional<ForgiveLeaks> forgive;
    if (algorithm == KeyAlgorithm::ed25519) forgive.emplace();
    const std::string pem = software::generate_encrypted_pem({algorithm, 2048}, pin("old pass")).value();
    const auto old = software::from_encrypted_pem(pem, pin("old pass")).value();
    const Secret key = software::read_private_key(bytes_of(pem), [] { return Result<Secret>(pin("old pass")); }).value();
    const KeyRef ref{id(++n), "moved"};
    const auto moved = importing.import_key(ref, key);
    INFO((moved ? "" : moved.error().message));
    REQUIRE(moved.has_value());
    CHECK(equal((*moved)->public_key_info(), old->public_key_info()));
    const SignatureScheme scheme = default_scheme(algorithm);
    const Bytes signature = (*moved)->sign(scheme, bytes_of("danh sách")).value();
    CHECK(verify_signature(old->public_key_info(), scheme, bytes_of("danh sách"), signature).value());
    CHECK(importing.import_key(ref, key).has_value());
    CHECK(importing.import_key({id(1), "moved"}, key).has_value() == (n == 1));
  }
  const std::vector<KeyInfo> keys = token->keys().value();
  CHECK(keys.size() == 4);
  for (const KeyInfo& info : keys) CHECK((info.sensitive && !info.extractable && info.has_private && info.has_public));
  CHECK(importing.import_key({id(9), "odd"}, pin("no key")).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a private key file is opened by its passphrase alone, and no message holds it") {
  const std::string pem = software::generate_encrypted_pem({}, pin("old pass")).value();
  const auto wrong = software::read_private_key(bytes_of(pem), [] { return Result<Secret>(pin("wrong-pass-9")); });
  CHECK(wrong.error().code == ErrorCode::unauthenticated);
  CHECK(wrong.error().message.find("wrong-pass-9") == std::string::npos);
  const auto none = software::read_private_key(
      bytes_of(pem), []() -> Result<Secret> { return fail(ErrorCode::unavailable, "nobody there"); });
  CHECK(none.error().code == ErrorCode::unavailable);
  CHECK(software::read_private_key(bytes_of("no key"), [] { return Result<Secret>(pin("")); }).error().code ==
        ErrorCode::not_found);
}
