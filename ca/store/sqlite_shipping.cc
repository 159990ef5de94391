// SQLite's session extension, which Debian's library has (ENABLE_SESSION, ENABLE_PREUPDATE_HOOK).
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <sstream>

#include "base/encoding.h"
#include "ca/store/migrations.h"
#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

Result<std::uint64_t> log_size_of(Database& database) {
  ANTIN_TRY(const auto size, database.number("SELECT coalesce(max(idx), -1) + 1 FROM log"));
  return static_cast<std::uint64_t>(size);
}

Result<std::string> fact_of(Database& database, std::string_view name) {
  ANTIN_TRY(auto statement, database.prepare("SELECT value FROM fact WHERE name = ?"));
  statement.text(name);
  ANTIN_TRY(const bool known, statement.step());
  return known ? statement.text_at(0) : std::string();
}

std::unexpected<Error> no_backup_to_follow() {
  return fail(ErrorCode::failed_precondition,
              "backup: there is no full backup that this act could follow: run `antin backup create` first");
}

Result<std::string> random_id(RandomSource& random) {
  std::array<std::uint8_t, 16> octets{};
  ANTIN_CHECK(random.fill(octets));
  return to_hex(octets);
}

// Changes that SQLite cannot make exactly as they were: nothing of them is made.
int refuse_conflict(void*, int, sqlite3_changeset_iter*) { return SQLITE_CHANGESET_ABORT; }

struct CloseHandle {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
};

std::unexpected<Error> copy_error(const Path& path, sqlite3* handle, int code) {
  const ErrorCode ours = (code & 0xff) == SQLITE_FULL ? ErrorCode::resource_exhausted : ErrorCode::unavailable;
  return fail(ours, "store: " + path.string() + ": copy: " + sqlite3_errmsg(handle));
}

}  // namespace

std::string to_text(const Position& position) {
  return std::to_string(position.number) + " " + position.id + " " + std::to_string(position.log_size);
}

Result<Position> position_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  Position position;
  if (in >> position.number >> position.id >> position.log_size && position.id.size() == 32) return position;
  return fail(ErrorCode::data_loss, "store: where its backups stand is not readable");
}

// The changes of one transaction, as SQLite notes them.
struct ChangeRecorder::State {
  sqlite3_session* session = nullptr;
  std::uint64_t log_size = 0;  // when the transaction began
  ~State() {
    if (session != nullptr) sqlite3session_delete(session);
  }
};

namespace {

// What follows from other tables is made again by the triggers of the copy.
int is_shipped(void*, const char* table) { return std::string_view(table) != "open_intent" ? 1 : 0; }

}  // namespace

ChangeRecorder::ChangeRecorder(Database& database, ChangeSink& sink, RandomSource& random)
    : database_(database), sink_(sink), random_(random), state_(std::make_unique<State>()) {}
ChangeRecorder::~ChangeRecorder() = default;

Status ChangeRecorder::begin() {
  ANTIN_TRY(state_->log_size, log_size_of(database_));
  int code = sqlite3session_create(database_.handle(), "main", &state_->session);
  if (code == SQLITE_OK) sqlite3session_table_filter(state_->session, is_shipped, nullptr);
  if (code == SQLITE_OK) code = sqlite3session_attach(state_->session, nullptr);
  return code == SQLITE_OK ? Status() : Status(database_.error(code));
}

Result<Bytes> ChangeRecorder::changeset() {
  int size = 0;
  void* octets = nullptr;
  const int code = sqlite3session_changeset(state_->session, &size, &octets);
  const auto* first = static_cast<const std::uint8_t*>(octets);
  Bytes out(first, first + (code == SQLITE_OK ? size : 0));
  sqlite3_free(octets);
  if (code != SQLITE_OK) return database_.error(code);
  return out;
}

Status ChangeRecorder::ship() {
  if (sqlite3session_isempty(state_->session) != 0) return {};
  ANTIN_TRY(const std::string before, fact_of(database_, position_fact));
  ANTIN_TRY(const std::string pending, fact_of(database_, pending_fact));
  if (before.empty() || pending == "yes") return no_backup_to_follow();
  ANTIN_TRY(const Position position, position_of(before));
  if (position.log_size != state_->log_size) return no_backup_to_follow();
  Changes changes{.number = position.number + 1,
                  .id = {},
                  .previous = position.id,
                  .version = static_cast<std::uint64_t>(migrations().size()),
                  .octets = {}};
  ANTIN_TRY(changes.id, random_id(random_));
  ANTIN_TRY(const std::uint64_t log_size, log_size_of(database_));
  ANTIN_TRY(auto statement, database_.prepare("UPDATE fact SET value = ? WHERE name = ?"));
  const std::string now = to_text(Position{changes.number, changes.id, log_size});
  ANTIN_CHECK(statement.text(now).text(position_fact).run());
  ANTIN_TRY(changes.octets, changeset());
  return in("shipping", sink_.ship(changes));
}

Result<std::unique_ptr<Store>> open_shipping_store(const Path& file, std::shared_ptr<ChangeSink> sink,
                                                   RandomSource& random) {
  ANTIN_TRY(auto database, open_for_writing(file));
  return std::make_unique<SqliteStore>(std::move(database), std::move(sink), &random);
}

Result<std::optional<Position>> chain_position(Store& store) {
  ANTIN_TRY(const auto text, store.fact(std::string(position_fact)));
  if (!text) return std::nullopt;
  ANTIN_TRY(const Position position, position_of(*text));
  ANTIN_TRY(const std::uint64_t size, store.log_size());
  if (size != position.log_size) return std::nullopt;
  return position;
}

Status begin_chain(Store& store, RandomSource& random) {
  ANTIN_TRY(auto transaction, store.begin());
  Position position;
  ANTIN_TRY(const auto before, store.fact(std::string(position_fact)));
  if (before) {
    ANTIN_TRY(position, position_of(*before));
  }
  ++position.number;  // numbers grow over the chains of one store
  ANTIN_TRY(position.id, random_id(random));
  ANTIN_TRY(position.log_size, store.log_size());
  ANTIN_CHECK(transaction->set_fact(std::string(position_fact), to_text(position)));
  ANTIN_CHECK(transaction->set_fact(std::string(pending_fact), "yes"));
  return transaction->commit();
}

Status copy_database(const Path& from, const Path& to) {
  const int made = ::open(to.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (made < 0) return fail(ErrorCode::unavailable, "store: " + to.string() + ": the copy cannot be made");
  ::close(made);
  ANTIN_TRY(const auto source, Database::open(from, true));
  sqlite3* opened = nullptr;
  int code = sqlite3_open_v2(to.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, CloseHandle> target(opened);
  if (code != SQLITE_OK) return copy_error(to, opened, code);
  sqlite3_backup* backup = sqlite3_backup_init(opened, "main", source->handle(), "main");
  if (backup == nullptr) return copy_error(to, opened, sqlite3_errcode(opened));
  // All pages in one step: one state, though others write meanwhile (WAL).
  const int stepped = sqlite3_backup_step(backup, -1);
  code = sqlite3_backup_finish(backup);
  if (stepped != SQLITE_DONE) return copy_error(from, opened, stepped);
  return code == SQLITE_OK ? Status() : Status(copy_error(to, opened, code));
}

struct Replay::State {
  std::unique_ptr<Database> database;
};

Replay::Replay(std::unique_ptr<State> state) : state_(std::move(state)) {}
Replay::Replay(Replay&&) noexcept = default;
Replay::~Replay() = default;

Result<Replay> Replay::open(const Path& file) {
  auto state = std::make_unique<State>();
  ANTIN_TRY(state->database, open_for_writing(file));
  // Several thousand transactions: the whole is flushed once, by the checkpoint at the end of the restore.
  ANTIN_CHECK(state->database->execute("PRAGMA synchronous = NORMAL"));
  return Replay(std::move(state));
}

Status Replay::apply(const Changes& changes) {
  Database& database = *state_->database;
  if (changes.version > migrations().size())
    return fail(ErrorCode::data_loss,
                "store: the changes " + std::to_string(changes.number) + " were made by a newer program: use that one");
  ANTIN_TRY(const std::string text, fact_of(database, position_fact));
  ANTIN_TRY(const Position position, position_of(text));
  if (changes.number != position.number + 1 || changes.previous != position.id)
    return fail(ErrorCode::data_loss,
                "store: the changes " + std::to_string(changes.number) + " do not follow what is there");
  const int code =
      sqlite3changeset_apply(database.handle(), static_cast<int>(changes.octets.size()),
                             const_cast<std::uint8_t*>(changes.octets.data()), nullptr, refuse_conflict, nullptr);
  if (code == SQLITE_ABORT || code == SQLITE_CORRUPT)
    return fail(ErrorCode::data_loss,
                "store: the changes " + std::to_string(changes.number) + " do not fit what is there");
  return code == SQLITE_OK ? Status() : Status(database.error(code));
}

}  // namespace antin::store
