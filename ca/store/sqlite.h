// Database and Statement: the little of SQLite's C interface that the store uses, with Results for return codes.
//
// Private to this folder. A Statement is borrowed from its Database's cache and goes back there when it is destroyed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace antin::store {

class Database;

class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Parameters in the order of the question marks. Views must live until the last step.
  Statement& text(std::string_view value);
  Statement& blob(ByteView value);
  Statement& integer(std::int64_t value);
  Statement& count(std::uint64_t value) { return integer(static_cast<std::int64_t>(value)); }
  Statement& time(Time value) { return integer(value.time_since_epoch().count()); }
  Statement& time(std::optional<Time> value);
  Statement& null();

  Result<bool> step();  // true: there is a row
  Status run();         // to the end, rows ignored
  void again();         // resets and clears, to bind the next set of values

  std::string text_at(int column) const;
  ByteView blob_at(int column) const;  // until the next step
  std::int64_t integer_at(int column) const;
  std::uint64_t count_at(int column) const { return static_cast<std::uint64_t>(integer_at(column)); }
  Time time_at(int column) const { return Time{seconds{integer_at(column)}}; }
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(Database* database, std::string_view sql, sqlite3_stmt* handle)
      : database_(database), sql_(sql), handle_(handle) {}
  Database* database_;
  std::string_view sql_;
  sqlite3_stmt* handle_;
  int next_ = 1, bound_ = 0;
};

class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const Path& file, bool read_only);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // `sql` must be a literal: the cache keeps the view.
  Result<Statement> prepare(std::string_view sql);
  Status execute(const std::string& sql);
  // The first column of the first row.
  Result<std::int64_t> number(std::string_view sql);
  // How SQLite's code becomes an Error; the message names the file.
  std::unexpected<Error> error(int code) const;
  bool read_only() const noexcept { return read_only_; }
  sqlite3* handle() const noexcept { return handle_; }

 private:
  friend class Statement;
  Database(sqlite3* handle, Path file, bool read_only)
      : handle_(handle), file_(std::move(file)), read_only_(read_only) {}
  void give_back(std::string_view sql, sqlite3_stmt* handle);
  sqlite3* handle_;
  Path file_;
  bool read_only_;
  std::map<std::string_view, std::vector<sqlite3_stmt*>> idle_;
};

}  // namespace antin::store
