#include "ca/store/sqlite.h"

#include <errno.h>
#include <sqlite3.h>

#include <limits>

namespace antin::store {
namespace {

bool no_room(int system) { return system == ENOSPC || system == EFBIG || system == EDQUOT; }

// The file system's own limits come as errors of input and output; each file keeps the errno of its last one.
bool disk_is_full(sqlite3* handle) {
  if (handle == nullptr) return false;
  int main_file = 0, log_file = 0;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &main_file);
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log != nullptr && log->pMethods != nullptr) log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &log_file);
  return no_room(sqlite3_system_errno(handle)) || no_room(main_file) || no_room(log_file);
}

ErrorCode code_of(sqlite3* handle, int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::unavailable;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return ErrorCode::resource_exhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::data_loss;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorCode::permission_denied;
    case SQLITE_CANTOPEN:
      return ErrorCode::unavailable;
    case SQLITE_CONSTRAINT:
      return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ? ErrorCode::already_exists
                                                                                      : ErrorCode::invalid_argument;
    case SQLITE_IOERR:
      return disk_is_full(handle) ? ErrorCode::resource_exhausted : ErrorCode::unavailable;
    default:
      return ErrorCode::internal;
  }
}

std::string_view advice(ErrorCode code) {
  switch (code) {
    case ErrorCode::resource_exhausted:
      return ": make room on the disk and try again; nothing was written";
    case ErrorCode::unavailable:
      return ": another process holds it or it cannot be read; try again";
    case ErrorCode::data_loss:
      return ": restore the file from a backup";
    default:
      return "";
  }
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      sql_(other.sql_),
      handle_(std::exchange(other.handle_, nullptr)),
      next_(other.next_),
      bound_(other.bound_) {}

Statement::~Statement() {
  if (handle_ != nullptr) database_->give_back(sql_, handle_);
}

Statement& Statement::text(std::string_view value) {
  if (value.data() == nullptr) value = "";
  bound_ |= sqlite3_bind_text64(handle_, next_++, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::blob(ByteView value) {
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  bound_ |= sqlite3_bind_blob64(handle_, next_++, data, value.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::integer(std::int64_t value) {
  bound_ |= sqlite3_bind_int64(handle_, next_++, value);
  return *this;
}

Statement& Statement::time(std::optional<Time> value) { return value ? time(*value) : null(); }

Statement& Statement::null() {
  bound_ |= sqlite3_bind_null(handle_, next_++);
  return *this;
}

Result<bool> Statement::step() {
  if (bound_ != SQLITE_OK) return database_->error(bound_);
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->error(code);
}

Status Statement::run() {
  for (;;) {
    ANTIN_TRY(const bool row, step());
    if (!row) return {};
  }
}

void Statement::again() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  next_ = 1;
  bound_ = SQLITE_OK;
}

std::string Statement::text_at(int column) const { return std::string(text_of(blob_at(column))); }

ByteView Statement::blob_at(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
  return {data, data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::int64_t Statement::integer_at(int column) const { return sqlite3_column_int64(handle_, column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

Result<std::unique_ptr<Database>> Database::open(const Path& file, bool read_only) {
  sqlite3* handle = nullptr;
  const int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Database> database(new Database(handle, file, read_only));
  if (code != SQLITE_OK) return database->error(code);
  sqlite3_busy_timeout(handle, 10'000);
  // A reader without a right to write needs the -wal and -shm files also when no writer is alive.
  int keep = 1;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return database;
}

Database::~Database() {
  for (auto& [sql, handles] : idle_)
    for (auto* handle : handles) sqlite3_finalize(handle);
  sqlite3_close_v2(handle_);
}

Result<Statement> Database::prepare(std::string_view sql) {
  auto& idle = idle_[sql];
  if (!idle.empty()) {
    auto* handle = idle.back();
    idle.pop_back();
    return Statement(this, sql, handle);
  }
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &handle, nullptr);
  if (code != SQLITE_OK) return error(code);
  return Statement(this, sql, handle);
}

void Database::give_back(std::string_view sql, sqlite3_stmt* handle) {
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);
  idle_[sql].push_back(handle);
}

Status Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<std::int64_t> Database::number(std::string_view sql) {
  ANTIN_TRY(auto statement, prepare(sql));
  ANTIN_TRY(const bool row, statement.step());
  return row ? statement.integer_at(0) : 0;
}

std::unexpected<Error> Database::error(int code) const {
  const ErrorCode ours = code_of(handle_, code);
  std::string text = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  return fail(ours, "store: " + file_.string() + ": " + text + std::string(advice(ours)));
}

}  // namespace antin::store
