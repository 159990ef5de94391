// What is SQLite's own: files, modes, versions, damage.
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/unit/store/store_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

void execute(const Path& file, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  CHECK(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
}

}  // namespace

TEST_CASE("a store of a newer version and another program's database are refused as they are") {
  TemporaryDirectory folder;
  const Path file = folder / "antin.sqlite";
  must(store::open_sqlite_store(file));
  execute(file, "PRAGMA user_version = 999");
  CHECK(store::open_sqlite_store(file).error().code == ErrorCode::data_loss);
  CHECK(store::open_sqlite_store(file, true).error().code == ErrorCode::data_loss);
  execute(folder / "other.sqlite", "CREATE TABLE something (a)");
  CHECK(store::open_sqlite_store(folder / "other.sqlite").error().code == ErrorCode::data_loss);
  REQUIRE(write_file(folder / "text.sqlite", std::string(4096, 'x')).has_value());
  CHECK(store::open_sqlite_store(folder / "text.sqlite").error().code == ErrorCode::data_loss);
}

TEST_CASE("a reader finds the store when no writer is alive, and nothing where there is no file") {
  TemporaryDirectory folder;
  const Path file = folder / "antin.sqlite";
  CHECK(store::open_sqlite_store(file, true).error().code == ErrorCode::not_found);
  CHECK_FALSE(std::filesystem::exists(file));
  issue(*must(store::open_sqlite_store(file)), "r/1", "0A");
  CHECK(std::filesystem::exists(file.string() + "-wal"));
  CHECK(must(must(store::open_sqlite_store(file, true))->certificates({}, time_at(2023, 1, 1))).size() == 1);
}

TEST_CASE("the store's files are not for everybody") {
  TemporaryDirectory folder;
  issue(*must(store::open_sqlite_store(folder / "antin.sqlite")), "r/1", "0A");
  for (const char* name : {"antin.sqlite", "antin.sqlite-wal", "antin.sqlite-shm"}) {
    struct stat info{};
    REQUIRE(::stat((folder / name).c_str(), &info) == 0);
    CHECK((info.st_mode & 07) == 0);
  }
}

TEST_CASE("opening a store again changes nothing in it") {
  TemporaryDirectory folder;
  const Path file = folder / "antin.sqlite";
  issue(*must(store::open_sqlite_store(file)), "r/1", "0A");
  must(store::open_sqlite_store(file));
  CHECK(must(must(store::open_sqlite_store(file))->certificates({}, time_at(2023, 1, 1))).size() == 1);
}
