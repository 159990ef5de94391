// What commands on an initialised home begin with: its configuration and its store.
#pragma once

#include <memory>
#include <string>

#include "ca/authority/authority.h"
#include "ca/store/store.h"
#include "cli/commands/session.h"
#include "cli/wiring/config.h"

namespace antin::commands {

struct OpenHome {
  wiring::Config config;
  std::unique_ptr<store::Store> store;
  issuance::BlockList block_list;  // of HOME/block-lists
  authority::Context context(Session& session) const {
    return {*store, session.clock(), session.random(), &block_list, wiring::settings(config)};
  }
};
enum class Access { read, write };
// The store of a home, to be written: its acts are shipped when the configuration says so.
Result<std::unique_ptr<store::Store>> open_writable_store(Session& session, const wiring::Home& home,
                                                          const wiring::Config& config);
// Where acts are shipped; empty when they are not.
Path ship_folder(const wiring::Config& config);
// unavailable when the home was not initialised or its store is not there. A store of an earlier version is migrated,
// also for reading, by whoever may write it.
Result<OpenHome> open_home(Session& session, Access access);

// unavailable when this user has no right to a file or folder of the home: that is told as such, not as a store that is
// busy.
Status require_access(const Path& path);

// A roster by its hash (or the first eight digits or more), its name when that is unique, or its file as it was
// submitted. failed_precondition when the file was changed since.
Result<store::RosterRecord> find_roster(Session& session, OpenHome& home, const std::string& which);
// Remembers which file a roster was submitted from.
Status remember_roster_file(OpenHome& home, const Sha256& file_hash, ByteView roster_hash);

}  // namespace antin::commands
