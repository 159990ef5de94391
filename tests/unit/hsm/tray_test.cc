// The tray: tokens made, named, unblocked and erased by their security officer, on SoftHSM2.
#include "hsm/pkcs11/tray.h"

#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "hsm/pin_source.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/unit/hsm/forgive_leaks.h"

using namespace antin;
using namespace antin::hsm;
using pkcs11::Tray;

namespace {

Secret pin(const char* digits) { return Secret(std::string(digits)); }

struct Desk {
  TemporaryDirectory home;
  std::unique_ptr<pkcs11::Module> module = pkcs11::Module::load(pkcs11::make_softhsm2_home(home / "t").value()).value();
  Tray tray{*module};

  TokenInfo make(const std::string& label, const char* so_pin = "1111111111111111") {
    REQUIRE(tray.initialise(tray.blanks().value().at(0), label, pin(so_pin), pin("22222222")).has_value());
    return tray.find(label, "").value();
  }
  Result<std::shared_ptr<Token>> open(const TokenInfo& info, const char* user_pin = "22222222") {
    KnownPin known(pin(user_pin));
    return module->open(info.uri, known);
  }
};

}  // namespace

TEST_CASE("blank tokens become tokens one after the other, each found by its label") {
  Desk desk;
  const TokenInfo one = desk.make("CB-1"), two = desk.make("CB-2");
  CHECK(one.serial != two.serial);
  CHECK(desk.tray.blanks().value().size() == 1);
  CHECK(desk.tray.find("CB-1", one.serial).value().serial == one.serial);
  CHECK(desk.tray.find("CB-1", two.serial).error().code == ErrorCode::unavailable);
  CHECK(desk.tray.find("CB-3", "").error().code == ErrorCode::unavailable);
  CHECK(desk.tray.initialise(desk.tray.blanks().value().at(0), "CB-1", pin("1111"), pin("2222")).error().code ==
        ErrorCode::already_exists);
  // The slot holds a token by now.
  auto blank = desk.tray.blanks().value().at(0);
  desk.make("CB-3");
  CHECK(desk.tray.initialise(blank, "CB-4", pin("1111"), pin("2222")).error().code == ErrorCode::unavailable);
}

TEST_CASE("a key is named by its public key, and naming it again, or half of it, comes to the same") {
  Desk desk;
  const TokenInfo info = desk.make("CB-1");
  const auto algorithm = GENERATE(KeyAlgorithm::ec_p256, KeyAlgorithm::rsa, KeyAlgorithm::ed25519);
  std::optional<ForgiveLeaks> forgive;
  if (algorithm == KeyAlgorithm::ed25519) forgive.emplace();
  const auto token = desk.open(info).value();
  CHECK(desk.tray.name_key(info).error().code == ErrorCode::failed_precondition);  // none
  REQUIRE(token->generate_key({Bytes(20, 7), "CB-1"}, {.algorithm = algorithm}).has_value());
  const KeyRef name = desk.tray.name_key(info).value();
  CHECK(name.label == "CB-1");
  CHECK(name.id.size() == 20);
  CHECK(name.id != Bytes(20, 7));
  CHECK(desk.tray.name_key(info).value().id == name.id);
  const auto key = token->find_key({name.id, ""}).value();
  CHECK(key->sign(default_scheme(algorithm), bytes_of("x")).has_value());
  REQUIRE(token->generate_key({Bytes(20, 8), "another"}, {}).has_value());
  CHECK(desk.tray.name_key(info).error().code == ErrorCode::failed_precondition);  // two
  REQUIRE(desk.tray.discard_keys(info).has_value());
  CHECK(desk.open(info).value()->keys().value().empty());
}

TEST_CASE("the officer sets another PIN: the one before is refused, keys stay; the wrong officer's PIN sets none") {
  Desk desk;
  const TokenInfo info = desk.make("CB-1");
  REQUIRE(desk.open(info).value()->generate_key({Bytes(20, 7), "CB-1"}, {}).has_value());
  CHECK(desk.tray.set_user_pin(info, pin("3333333333333333"), pin("44444444")).error().code ==
        ErrorCode::unauthenticated);
  REQUIRE(desk.tray.set_user_pin(info, pin("1111111111111111"), pin("55555555")).has_value());
  CHECK(desk.open(info, "22222222").error().code == ErrorCode::unauthenticated);
  CHECK(desk.open(info, "55555555").value()->find_key({Bytes(20, 7), ""}).has_value());
}

TEST_CASE("an erased token has another label and no key, and the same serial and officer") {
  Desk desk;
  const TokenInfo info = desk.make("CB-1");
  REQUIRE(desk.open(info).value()->generate_key({Bytes(20, 7), "CB-1"}, {}).has_value());
  CHECK(desk.tray.erase(info, "CB-2", pin("3333333333333333"), pin("44444444")).error().code ==
        ErrorCode::unauthenticated);
  REQUIRE(desk.open(info).value()->find_key({Bytes(20, 7), ""}).has_value());
  REQUIRE(desk.tray.erase(info, "CB-2", pin("1111111111111111"), pin("44444444")).has_value());
  CHECK(desk.tray.find("CB-1", "").error().code == ErrorCode::unavailable);
  const TokenInfo erased = desk.tray.find("CB-2", info.serial).value();
  CHECK(desk.open(erased, "44444444").value()->keys().value().empty());
}
