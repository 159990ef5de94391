#include "cli/wiring/exclusive.h"

#include <unistd.h>

#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::wiring;

TEST_CASE("A second exclusive job on the same home is refused with the pid of the first") {
  TemporaryDirectory folder;
  Home home{folder.path()};
  auto first = Exclusive::acquire(home, Job::init);
  REQUIRE(first.has_value());
  auto second = Exclusive::acquire(home, Job::init);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == ErrorCode::unavailable);
  CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("An exclusive job may be done again after the first has ended") {
  TemporaryDirectory folder;
  Home home{folder.path()};
  {
    REQUIRE(Exclusive::acquire(home, Job::init).has_value());
  }
  CHECK(Exclusive::acquire(home, Job::init).has_value());
}

TEST_CASE("Different exclusive jobs run side by side") {
  TemporaryDirectory folder;
  Home home{folder.path()};
  REQUIRE(make_directories(home.ca()).has_value());
  auto init = Exclusive::acquire(home, Job::init);
  auto authority = Exclusive::acquire(home, Job::authority);
  CHECK(init.has_value());
  CHECK(authority.has_value());
}
