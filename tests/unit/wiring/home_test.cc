#include "cli/wiring/home.h"

#include <cstdlib>

#include "tests/catch.h"

using namespace antin;
using namespace antin::wiring;

TEST_CASE("The home is the flag, else ANTIN_HOME, else ./demo") {
  ::unsetenv("ANTIN_HOME");
  CHECK(find_home(std::nullopt).root == std::filesystem::current_path() / "demo");
  ::setenv("ANTIN_HOME", "/srv/antin", 1);
  CHECK(find_home(std::nullopt).root == "/srv/antin");
  CHECK(find_home("/srv/other").root == "/srv/other");
  ::unsetenv("ANTIN_HOME");
}

TEST_CASE("Published files have the names of their issuer") {
  Home home{"/h"};
  CHECK(home.ca_certificate("party") == "/h/out/ca/party.pem");
  CHECK(home.crl("government") == "/h/out/crl/government.crl");
}
