#include "base/file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;

TEST_CASE("a file is written whole, with its mode, and nothing stays beside it") {
  const TemporaryDirectory home;
  REQUIRE(write_file(home / "a", "one", 0600).has_value());
  REQUIRE(write_file(home / "a", "two", 0600).has_value());
  CHECK(text_of(read_file(home / "a").value()) == "two");
  struct stat info{};
  REQUIRE(::stat((home / "a").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(home.path()), {}) == 1);
}

TEST_CASE("reading says what is wrong") {
  const TemporaryDirectory home;
  CHECK(read_file(home / "none").error().code == ErrorCode::not_found);
  REQUIRE(write_file(home / "big", std::string(100, 'x')).has_value());
  CHECK(read_file(home / "big", 99).error().code == ErrorCode::resource_exhausted);
  CHECK(read_file(home / "big", 100).value().size() == 100);
  CHECK(read_file(home.path()).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a full disk leaves the old file alone") {
  CHECK(write_file("/dev/full/x", "x").error().code == ErrorCode::invalid_argument);
  const TemporaryDirectory home;
  REQUIRE(write_file(home / "a", "old").has_value());
  CHECK_FALSE(write_file(home / "none" / "a", "new").has_value());
  CHECK(text_of(read_file(home / "a").value()) == "old");
}
