#include <fcntl.h>
#include <unistd.h>

#include "ca/store/migrations.h"
#include "ca/store/sqlite_store.h"
#include "ca/store/store_version.h"

namespace antin::store {
namespace {

constexpr std::int64_t application_id = 0x416E5469;  // "AnTi"

// Made here so that the modes of -wal and -shm, which SQLite copies, are the group's to read and nobody else's.
void make_file(const Path& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0640);
  if (descriptor >= 0) ::close(descriptor);
}

Status require_ours(Database& database, const Path& file) {
  ANTIN_TRY(const auto id, database.number("PRAGMA application_id"));
  ANTIN_TRY(const auto version, database.number("PRAGMA user_version"));
  ANTIN_TRY(const auto tables, database.number("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0 && version == 0) return {};
  if (id != application_id)
    return fail(ErrorCode::data_loss, "store: " + file.string() + ": this is another program's database");
  if (version > static_cast<std::int64_t>(migrations().size()))
    return fail(ErrorCode::data_loss, "store: " + file.string() + ": version " + std::to_string(version) +
                                          " is newer than this program, which knows " +
                                          std::to_string(migrations().size()) + ": use the newer program");
  return {};
}

// Forward only, all missing versions in one transaction: a reader sees the old store or the new one.
Status migrate(Database& database) {
  const auto wanted = static_cast<std::int64_t>(migrations().size());
  ANTIN_TRY(auto version, database.number("PRAGMA user_version"));
  if (version == wanted) return {};
  ANTIN_CHECK(database.execute("BEGIN IMMEDIATE"));
  const auto apply = [&]() -> Status {
    ANTIN_TRY(version, database.number("PRAGMA user_version"));  // another process may have been first
    for (auto next = version; next < wanted; ++next)
      ANTIN_CHECK(database.execute(std::string(migrations()[static_cast<std::size_t>(next)])));
    ANTIN_CHECK(database.execute("PRAGMA user_version = " + std::to_string(wanted)));
    ANTIN_CHECK(database.execute("PRAGMA application_id = " + std::to_string(application_id)));
    return database.execute("COMMIT");
  };
  Status done = apply();
  if (!done) static_cast<void>(database.execute("ROLLBACK"));
  return in("migration", std::move(done));
}

// The inner pages of a million certificates take some 12 MB; with SQLite's 2 MB they are read again for every row of a
// page of certificates. An upper bound: what is never asked for takes no memory.
constexpr const char* page_cache = "PRAGMA cache_size = -32768";  // KiB

Status prepare_for_reading(Database& database, const Path& file) {
  ANTIN_CHECK(require_ours(database, file));
  ANTIN_CHECK(database.execute(page_cache));
  ANTIN_TRY(const auto version, database.number("PRAGMA user_version"));
  if (version != static_cast<std::int64_t>(migrations().size()))
    return fail(ErrorCode::failed_precondition, "store: " + file.string() + ": version " + std::to_string(version) +
                                                    " is old: open it once with a right to write");
  return {};
}

Status prepare_for_writing(Database& database, const Path& file) {
  ANTIN_CHECK(require_ours(database, file));
  ANTIN_CHECK(database.execute("PRAGMA journal_mode = WAL"));
  ANTIN_CHECK(database.execute("PRAGMA synchronous = FULL"));
  ANTIN_CHECK(database.execute("PRAGMA foreign_keys = ON"));
  ANTIN_CHECK(database.execute(page_cache));
  return migrate(database);
}

}  // namespace

Result<std::unique_ptr<Database>> open_for_writing(const Path& file) {
  make_file(file);
  ANTIN_TRY(auto database, Database::open(file, false));
  ANTIN_CHECK(prepare_for_writing(*database, file));
  return database;
}

Result<StoreVersions> store_versions(const Path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return fail(ErrorCode::not_found, "store: " + file.string() + ": there is no such file");
  ANTIN_TRY(auto database, Database::open(file, true));
  ANTIN_CHECK(require_ours(*database, file));
  ANTIN_TRY(const auto version, database->number("PRAGMA user_version"));
  return StoreVersions{static_cast<std::uint64_t>(version), migrations().size()};
}

Result<std::unique_ptr<Store>> open_sqlite_store(const Path& file, bool read_only) {
  std::error_code ignored;
  if (read_only && !std::filesystem::exists(file, ignored))
    return fail(ErrorCode::not_found, "store: " + file.string() + ": there is no such file");
  if (!read_only) {
    ANTIN_TRY(auto database, open_for_writing(file));
    return std::make_unique<SqliteStore>(std::move(database));
  }
  ANTIN_TRY(auto database, Database::open(file, true));
  ANTIN_CHECK(prepare_for_reading(*database, file));
  return std::make_unique<SqliteStore>(std::move(database));
}

Result<std::unique_ptr<Transaction>> SqliteStore::begin() {
  if (database_->read_only()) return fail(ErrorCode::permission_denied, "store: it was opened for reading alone");
  ANTIN_TRY(auto statement, database_->prepare("BEGIN IMMEDIATE"));
  ANTIN_CHECK(statement.run());
  if (!sink_) return std::make_unique<SqliteTransaction>(*database_);
  auto recorder = std::make_unique<ChangeRecorder>(*database_, *sink_, *random_);
  ChangeRecorder& record = *recorder;
  auto transaction = std::make_unique<SqliteTransaction>(*database_, std::move(recorder));
  ANTIN_CHECK(record.begin());
  return transaction;
}

SqliteTransaction::~SqliteTransaction() {
  if (open_) static_cast<void>(database_.execute("ROLLBACK"));
}

Status SqliteTransaction::commit() {
  if (recorder_) ANTIN_CHECK(recorder_->ship());
  ANTIN_TRY(auto statement, database_.prepare("COMMIT"));
  ANTIN_CHECK(statement.run());
  open_ = false;
  return {};
}

}  // namespace antin::store
