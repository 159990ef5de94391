#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/wiring/key_uri.h"
#include "cli/wiring/tokens.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::wiring;

namespace {

Result<std::string> ask(const Path& root, const std::string& source, bool production = false) {
  Config config;
  config.production = production;
  config.ca.pins["party"] = source;
  auto pin = pin_sources(Home{root}, config, config.ca)->pin("party");
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

TEST_CASE("A production configuration refuses a PIN file of whatever mode") {
  TemporaryDirectory folder;
  REQUIRE(write_file(folder / "party.pin", "4711", 0600));
  CHECK(ask(folder.path(), "file:party.pin", true).error().code == ErrorCode::permission_denied);
}

TEST_CASE("A PIN from the environment is taken out of it") {
  TemporaryDirectory folder;
  ::setenv("ANTIN_TEST_PIN", "4711", 1);
  CHECK(ask(folder.path(), "env:ANTIN_TEST_PIN").value() == "4711");
  CHECK(std::getenv("ANTIN_TEST_PIN") == nullptr);
  CHECK(ask(folder.path(), "env:ANTIN_TEST_PIN").error().code == ErrorCode::unauthenticated);
}

TEST_CASE("A PIN from a descriptor is its first line") {
  TemporaryDirectory folder;
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "4711\nrest", 9) == 9);
  CHECK(ask(folder.path(), "fd:" + std::to_string(ends[0])).value() == "4711");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("A PIN from a systemd credential is the file of that name in the credentials folder") {
  TemporaryDirectory folder;
  REQUIRE(write_file(folder / "party-pin", "4711", 0440));
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  CHECK(ask("/nowhere", "credential:party-pin", true).value() == "4711");
  CHECK(ask("/nowhere", "credential:../party-pin").error().code == ErrorCode::unauthenticated);
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("A source that has no PIN is unauthenticated") {
  TemporaryDirectory folder;
  for (const char* source : {"file:missing.pin", "env:ANTIN_NOT_SET", "fd:x", "credential:a"}) {
    INFO(source);
    CHECK(ask(folder.path(), source).error().code == ErrorCode::unauthenticated);
  }
}

TEST_CASE("A key URI gives token, id and label") {
  auto uri = parse_key_uri("pkcs11:model=SoftHSM%20v2;token=seals;id=%01%ab;object=S%E1%BB%9F;type=private");
  REQUIRE(uri.has_value());
  CHECK(uri->token == "seals");
  CHECK(uri->key.id == Bytes{0x01, 0xab});
  CHECK(uri->key.label == "Sở");
}

TEST_CASE("A key URI that is broken, names no key or holds a PIN is refused") {
  for (const char* uri : {"", "token=a;id=%01", "pkcs11:token=a", "pkcs11:id=%01", "pkcs11:token=a;id=%0", "pkcs11:token=a;id=%", "pkcs11:token=a;id=%zz", "pkcs11:token=a;token=b;id=%01",
                          "pkcs11:token=a;id=%01?pin-value=1234", "pkcs11:token=a;object"}) {
    INFO(uri);
    CHECK(parse_key_uri(uri).error().code == ErrorCode::invalid_argument);
  }
}
