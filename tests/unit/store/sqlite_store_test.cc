// What is SQLite's own: files, modes, versions, damage.
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ca/store/migrations.h"
#include "ca/store/migrations.h"
#include "ca/store/sqlite_store.h"
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

// One line for each step of SQLite's plan.
std::vector<std::string> plan_of(const Path& file, std::string_view statement) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  std::vector<std::string> lines;
  const auto note = [](void* to, int columns, char** values, char**) {
    static_cast<std::vector<std::string>*>(to)->emplace_back(values[columns - 1]);
    return 0;
  };
  CHECK(sqlite3_exec(handle, ("EXPLAIN QUERY PLAN " + std::string(statement)).c_str(), note, &lines, nullptr) ==
        SQLITE_OK);
  sqlite3_close(handle);
  return lines;
}

std::vector<std::string> open_requests(const Path& file) {
  std::vector<std::string> requests;
  for (const store::Intent& intent : must(must(store::open_sqlite_store(file))->open_intents()))
    requests.push_back(intent.request_id);
  return requests;
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

TEST_CASE("open intents are found by themselves: no step of SQLite's goes through all intents or certificates") {
  TemporaryDirectory folder;
  must(store::open_sqlite_store(folder / "antin.sqlite"));
  const auto plan = plan_of(folder / "antin.sqlite", store::open_intents_statement);
  REQUIRE(plan.size() > 2);
  for (const std::string& step : plan) {
    INFO(step);
    CHECK((!step.starts_with("SCAN") || step == "SCAN o" || step == "SCAN TABLE open_intent AS o"));
    CHECK_FALSE(step.contains("TEMP B-TREE"));
  }
}

TEST_CASE("an intent is open as long as its certificate is not there, whoever wrote the rows, and in an older store") {
  using Requests = std::vector<std::string>;
  TemporaryDirectory folder;
  const Path file = folder / "antin.sqlite";
  {
    auto store = must(store::open_sqlite_store(file));
    issue(*store, "r/1", "0A");
    auto transaction = must(store->begin());
    ok(transaction->add_intents({intent("r/2", "0B"), intent("r/3", "0C")}));
    ok(transaction->commit());
  }
  CHECK(open_requests(file) == Requests{"r/2", "r/3"});
  SECTION("a certificate that is taken away can be made again") {
    execute(file, "DELETE FROM certificate");
    CHECK(open_requests(file) == Requests{"r/1", "r/2", "r/3"});
    execute(file, "DELETE FROM intent WHERE request_id = 'r/2'");
    CHECK(open_requests(file) == Requests{"r/1", "r/3"});
  }
  SECTION("of before there was such a table") {
    const std::string version = std::to_string(store::migrations().size() - 1);
    execute(file, ("DROP TRIGGER intent_begins; DROP TRIGGER intent_goes; DROP TRIGGER certificate_completes; "
                   "DROP TRIGGER certificate_goes; DROP TABLE open_intent; PRAGMA user_version = " +
                   version)
                      .c_str());
    CHECK(open_requests(file) == Requests{"r/2", "r/3"});
  }
}
