#include "cli/commands/home_session.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "base/encoding.h"
#include "ca/backup/recipients.h"
#include "ca/backup/segments.h"

namespace antin::commands {
namespace {

// not_found when the file was never submitted; its name then decides whether that is a change.
Result<store::RosterRecord> find_by_file(OpenHome& home, const Path& file) {
  ANTIN_TRY(Bytes content, read_file(file));
  ANTIN_TRY(std::optional<std::string> hash, home.store->fact(authority::roster_file_fact(sha256(content))));
  if (hash) {
    ANTIN_TRY(Bytes octets, from_hex(*hash));
    return home.store->roster(octets);
  }
  ANTIN_TRY(authority::Roster roster, authority::read_roster(content));
  ANTIN_TRY(std::vector<store::RosterRecord> known, home.store->rosters());
  for (const store::RosterRecord& record : known) {
    if (record.name != roster.name) continue;
    return fail(ErrorCode::failed_precondition,
                "roster " + roster.name + ": " + file.string() + " is not what was submitted as " +
                    to_hex(record.hash).substr(0, 16) + ": it was changed since: submit and approve it anew");
  }
  return fail(ErrorCode::not_found, "roster: " + file.string() + " was not submitted: run `antin roster submit`");
}

// Every list is read anew by each run: 100,000 lines take a few milliseconds.
Result<issuance::BlockList> read_block_lists(const Path& folder) {
  issuance::BlockList list;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    ANTIN_TRY(const Bytes text, read_file(at->path()));
    ANTIN_CHECK(list.add(text_of(text), at->path().string()));
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(ErrorCode::unavailable, "block lists: " + folder.string() + ": " + error.message());
  return list;
}

Result<std::unique_ptr<store::Store>> open_to_read(const Path& file) {
  auto opened = store::open_sqlite_store(file, true);
  if (opened || opened.error().code != ErrorCode::failed_precondition) return opened;
  ANTIN_TRY([[maybe_unused]] const auto migrated, store::open_sqlite_store(file));
  return store::open_sqlite_store(file, true);
}

}  // namespace

Status require_access(const Path& path) {
  if (::access(path.c_str(), R_OK) == 0) return {};
  return fail(ErrorCode::unavailable,
              "store: " + path.string() + ": this user may not read it: run as the owner of the home");
}

Path ship_folder(const wiring::Config& config) {
  return config.backup.ship.empty() ? Path() : Path(config.backup.ship);
}

Result<std::unique_ptr<store::Store>> open_writable_store(Session& session, const wiring::Home& home,
                                                          const wiring::Config& config) {
  const Path folder = ship_folder(config);
  if (folder.empty()) return store::open_sqlite_store(home.store());
  // Read when a segment begins, by a connection of its own: the other one is in the middle of a transaction.
  auto recipients = [&session, file = home.store()]() -> Result<std::vector<backup::Recipient>> {
    ANTIN_TRY(const auto reading, store::open_sqlite_store(file, true));
    return backup::recipients_of(*reading, session.now());
  };
  auto sink =
      std::make_shared<backup::SegmentFolder>(folder, config.backup.threshold, std::move(recipients), session.random());
  return store::open_shipping_store(home.store(), std::move(sink), session.random());
}

Result<OpenHome> open_home(Session& session, Access access) {
  OpenHome home;
  ANTIN_TRY(home.config, wiring::read_config(session.home));
  std::error_code error;
  if (!std::filesystem::exists(session.home.store(), error)) {
    return fail(ErrorCode::unavailable,
                "store: " + session.home.store().string() + " is not there: run `antin init` again");
  }
  ANTIN_CHECK(require_access(session.home.store()));
  ANTIN_TRY(home.store, access == Access::read ? open_to_read(session.home.store())
                                               : open_writable_store(session, session.home, home.config));
  ANTIN_TRY(home.block_list, read_block_lists(session.home.block_lists()));
  return home;
}

Result<store::RosterRecord> find_roster(Session&, OpenHome& home, const std::string& which) {
  std::error_code error;
  if (std::filesystem::is_regular_file(which, error)) return find_by_file(home, which);
  ANTIN_TRY(std::vector<store::RosterRecord> known, home.store->rosters());
  std::vector<const store::RosterRecord*> fitting;
  for (const store::RosterRecord& record : known) {
    const std::string hash = to_hex(record.hash);
    if (record.name == which || (which.size() >= 8 && hash.starts_with(which))) fitting.push_back(&record);
  }
  if (fitting.size() == 1) return *fitting.front();
  if (fitting.empty())
    return fail(ErrorCode::not_found, "roster: no roster is named " + which + ": see `antin roster list`");
  return fail(ErrorCode::failed_precondition,
              "roster: " + which + " fits several: give the hash from `antin roster list`");
}

Status remember_roster_file(OpenHome& home, const Sha256& file_hash, ByteView roster_hash) {
  ANTIN_TRY(auto transaction, home.store->begin());
  ANTIN_CHECK(transaction->set_fact(authority::roster_file_fact(file_hash), to_hex(roster_hash)));
  return transaction->commit();
}

}  // namespace antin::commands
