// `antin store check`: what this version of the program will make of the home's store, tried on a copy.
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/approval_audit.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "ca/store/shipping.h"
#include "ca/store/store_version.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

struct CheckOptions {
  std::string in;
};

// A folder of this run alone that goes away with it.
class Scratch {
 public:
  static Result<Scratch> make(const Path& parent) {
    std::string name = (parent / "antin-check-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      return fail(ErrorCode::unavailable, "store: " + parent.string() + ": no folder could be made there");
    return Scratch(name);
  }
  Scratch(Scratch&& other) noexcept : folder_(std::move(other.folder_)) { other.folder_.clear(); }
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  const Path& folder() const { return folder_; }

 private:
  explicit Scratch(Path folder) : folder_(std::move(folder)) {}
  Path folder_;
};

Result<ExitCode> check(Session& session, const CheckOptions& options) {
  ANTIN_TRY(const wiring::Config config, wiring::read_config(session.home));
  ANTIN_CHECK(require_access(session.home.store()));
  ANTIN_TRY(const store::StoreVersions versions, store::store_versions(session.home.store()));
  std::error_code error;
  const Path parent = options.in.empty() ? std::filesystem::temp_directory_path(error) : Path(options.in);
  ANTIN_TRY(const Scratch scratch, Scratch::make(parent));
  const Path copy = scratch.folder() / "antin.sqlite";
  ANTIN_CHECK(store::copy_database(session.home.store(), copy));
  ANTIN_TRY(const auto migrated, store::open_sqlite_store(copy));
  ANTIN_TRY(const log::Verification log, log::verify(*migrated));
  ANTIN_CHECK(authority::reconcile(*migrated, session.now()));
  ANTIN_TRY(const authority::ApprovalAudit audit, authority::audit_approvals(*migrated, config.required_approvals));
  const std::string from = std::to_string(versions.file), to = std::to_string(versions.newest);
  session.say(versions.file == versions.newest ? "store.current" : "store.migrates",
              {from, to, std::to_string(log.size), std::to_string(audit.approved)});
  if (session.json)
    session.print({{"version", versions.file},
                   {"newest", versions.newest},
                   {"migrates", versions.file != versions.newest},
                   {"size", log.size},
                   {"root", to_hex(log.root)},
                   {"approved", audit.approved}});
  return exit_done;
}

}  // namespace

void add_store(Command antin) {
  Command group = antin.group("store");
  add_command<CheckOptions>(
      group, "check", "store.check",
      [](Command command, CheckOptions& options) { command.option("--in", options.in, "store.in").value_name("DIR"); },
      check);
}

}  // namespace antin::commands
