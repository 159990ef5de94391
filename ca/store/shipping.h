// Shipping: every transaction of a store as the exact changes that it makes, handed on before it is committed, and put
// onto a copy of the store again.
//
// Changes are numbered without gaps, and each names the one before; where the store stands is kept in its facts
// `backup.position` (number, id and size of the log after it) and `backup.pending`. A commit that fails, or a process
// that dies between the two, leaves changes that were handed on and never made: the next ones have the same number, and
// the later ones count.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/file.h"
#include "base/random.h"
#include "base/result.h"
#include "ca/store/store.h"

namespace antin::store {

inline constexpr std::string_view position_fact = "backup.position";
// `yes` from the moment a chain of changes begins anew until a full backup with that beginning exists.
inline constexpr std::string_view pending_fact = "backup.pending";

struct Position {
  std::uint64_t number = 0;
  std::string id;              // of the changes with that number, 32 hexadecimal digits
  std::uint64_t log_size = 0;  // after them
};
std::string to_text(const Position& position);
Result<Position> position_of(std::string_view text);  // data_loss

struct Changes {
  std::uint64_t number = 0;
  std::string id, previous;   // ids of these changes and of those before
  std::uint64_t version = 0;  // of the store's schema
  Bytes octets;               // an SQLite changeset
};

class ChangeSink {
 public:
  virtual ~ChangeSink() = default;
  // Called with the store's write lock held. When it fails, the transaction fails and nothing is written.
  virtual Status ship(const Changes& changes) = 0;
};

// open_sqlite_store(file) whose transactions go to `sink` before they are committed. A commit is refused
// (failed_precondition) while no full backup exists that its changes could follow.
Result<std::unique_ptr<Store>> open_shipping_store(const Path& file, std::shared_ptr<ChangeSink> sink,
                                                   RandomSource& random);

// Where the chain of changes stands; none when none was begun, or when acts were done since that went nowhere.
Result<std::optional<Position>> chain_position(Store& store);
// Begins a chain: pending until a full backup is made.
Status begin_chain(Store& store, RandomSource& random);

// A copy of an SQLite database while others write to it: one state of it, in one file, mode 0600.
Status copy_database(const Path& from, const Path& to);

// Puts changes onto a store that nobody else has open, each in a transaction of its own.
class Replay {
 public:
  static Result<Replay> open(const Path& file);
  Replay(Replay&&) noexcept;
  ~Replay();
  // data_loss when they do not follow what is there.
  Status apply(const Changes& changes);

 private:
  struct State;
  explicit Replay(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace antin::store
