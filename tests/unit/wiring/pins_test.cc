#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/wiring/tokens.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::wiring;

namespace {

Result<std::string> ask(const Path& root, const std::string& source) {
  Config config;
  config.ca.pins["party"] = source;
  auto pin = pin_sources(Home{root}, config.ca)->pin({.label = "party"});
  if (!pin) return fail(pin.error());
  return std::string(pin->reveal());
}

}  // namespace

TEST_CASE("A PIN comes from a file that its owner alone can read") {
  TemporaryDirectory folder;
  REQUIRE(write_file(folder / "party.pin", "4711 0815\n", 0600));
  CHECK(ask(folder.path(), "file:party.pin").value() == "4711 0815");
  REQUIRE(::chmod((folder / "party.pin").c_str(), 0640) == 0);
  auto refused = ask(folder.path(), "file:party.pin");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::permission_denied);
  CHECK(refused.error().message.find("4711") == std::string::npos);
}

TEST_CASE("A PIN from the environment is its value") {
  TemporaryDirectory folder;
  ::setenv("ANTIN_TEST_PIN", "4711", 1);
  CHECK(ask(folder.path(), "env:ANTIN_TEST_PIN").value() == "4711");
}

TEST_CASE("A PIN from a descriptor is all that comes") {
  TemporaryDirectory folder;
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "4711\n", 5) == 5);
  ::close(ends[1]);
  CHECK(ask(folder.path(), "fd:" + std::to_string(ends[0])).value() == "4711");
  ::close(ends[0]);
}

TEST_CASE("A PIN from a systemd credential is the file of that name in the credentials folder") {
  TemporaryDirectory folder;
  REQUIRE(write_file(folder / "party-pin", "4711", 0440));
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  CHECK(ask("/nowhere", "credential:party-pin").value() == "4711");
  CHECK(ask("/nowhere", "credential:../party-pin").error().code == ErrorCode::unauthenticated);
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("A source that has no PIN is unauthenticated") {
  TemporaryDirectory folder;
  for (const char* source : {"file:missing.pin", "env:ANTIN_NOT_SET", "credential:a"}) {
    INFO(source);
    CHECK(ask(folder.path(), source).error().code == ErrorCode::unauthenticated);
  }
}

TEST_CASE("A PIN source that a URI names goes before one that a label names, and counts for that token alone") {
  const Path nowhere = "/nowhere";
  TokenHome tokens{.softhsm2 = "ca"};
  tokens.pins = {{"party", "env:ANTIN_TEST_PIN"}, {"pkcs11:token=party;serial=2", "env:ANTIN_TEST_PIN_2"}};
  ::setenv("ANTIN_TEST_PIN", "1111", 1);
  ::setenv("ANTIN_TEST_PIN_2", "2222", 1);
  const auto pins = pin_sources(Home{nowhere}, tokens);
  CHECK(pins->pin({.label = "party", .serial = "1"}).value().reveal() == "1111");
  CHECK(pins->pin({.label = "party", .serial = "2"}).value().reveal() == "2222");
}

TEST_CASE("A token that a stopped process left half-made is removed, and the others stay") {
  TemporaryDirectory folder;
  REQUIRE(make_directories(folder / "tokens" / "kept"));
  REQUIRE(hsm::pkcs11::begin_softhsm2_token(folder.path()));
  REQUIRE(make_directories(folder / "tokens" / "half"));
  REQUIRE(hsm::pkcs11::discard_half_made_softhsm2_token(folder.path()));
  CHECK(std::filesystem::exists(folder / "tokens" / "kept"));
  CHECK_FALSE(std::filesystem::exists(folder / "tokens" / "half"));
  REQUIRE(make_directories(folder / "tokens" / "whole"));
  REQUIRE(hsm::pkcs11::discard_half_made_softhsm2_token(folder.path()));  // nobody was stopped
  CHECK(std::filesystem::exists(folder / "tokens" / "whole"));
}
