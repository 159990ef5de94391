// `antin backup create`: a full backup of a home while it is at work.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/turn.h"
#include "ca/backup/archive.h"
#include "ca/backup/recipients.h"
#include "ca/log/log.h"
#include "ca/store/shipping.h"
#include "cli/commands/backup_steps.h"
#include "cli/commands/home_session.h"
#include "hsm/software/software_token.h"

namespace antin::commands {
namespace {

using backup::ArchiveWriter;

// A folder for copies that goes away with it.
class Staging {
 public:
  explicit Staging(Path folder) : folder_(std::move(folder)) {}
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  // What an earlier one left that was killed is removed.
  Status make() const {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
    return make_directories(folder_, 0700);
  }
  const Path& folder() const { return folder_; }

 private:
  Path folder_;
};

// The file until it is whole.
class Unfinished {
 public:
  explicit Unfinished(const Path& to) : to_(to), file_(to.string() + ".partial") {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() { ::unlink(file_.c_str()); }
  const Path& file() const { return file_; }
  // Never over a file that is there.
  Status put_in_place() const {
    if (::link(file_.c_str(), to_.c_str()) != 0)
      return fail(errno == EEXIST ? ErrorCode::already_exists : ErrorCode::unavailable,
                  to_.string() + ": a file of that name is there or cannot be made: name another one");
    const Path folder = to_.has_parent_path() ? to_.parent_path() : Path(".");
    const int open = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool flushed = open >= 0 && ::fsync(open) == 0;
    if (open >= 0) ::close(open);
    if (flushed) return {};
    ::unlink(to_.c_str());
    return fail(ErrorCode::unavailable, folder.string() + ": the folder cannot be flushed to disk");
  }

 private:
  Path to_, file_;
};

Result<std::vector<Path>> files_under(const Path& folder) {
  std::vector<Path> files;
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return files;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error) && !at->is_symlink(error)) files.push_back(at->path());
  if (error) return fail(ErrorCode::unavailable, folder.string() + ": read: " + error.message());
  std::ranges::sort(files);
  return files;
}

mode_t mode_of(const Path& file) {
  std::error_code error;
  return static_cast<mode_t>(std::filesystem::status(file, error).permissions()) & 0777;
}

// Twice the same: not in the middle of being written.
Result<Bytes> read_settled(const Path& file) {
  ANTIN_TRY(Bytes before, read_file(file, 16u << 20));
  for (int attempt = 0; attempt < 100; ++attempt) {
    ANTIN_TRY(Bytes now, read_file(file, 16u << 20));
    if (equal(before, now)) return now;
    before = std::move(now);
  }
  return fail(ErrorCode::unavailable, file.string() + ": it is written all the time: try again");
}

Status add_folder(ArchiveWriter& archive, const wiring::Home& home, const Path& folder) {
  ANTIN_TRY(const std::vector<Path> files, files_under(folder));
  for (const Path& file : files) {
    if (file.extension() == ".lock" && folder.parent_path() == home.out()) continue;
    Result<Bytes> content = read_settled(file);
    if (!content && content.error().code == ErrorCode::not_found) continue;  // it was removed since
    if (!content) return fail(std::move(content).error());
    const std::string path = file.lexically_relative(home.root).generic_string();
    ANTIN_CHECK(archive.add({path, mode_of(file), content->size()}, *content));
    wipe(content->data(), content->size());
  }
  return {};
}

// The token folder of one group, in its turn: nobody logs in, so that no token's file is half written. PIN files stay.
Status add_tokens(ArchiveWriter& archive, const wiring::Home& home, const wiring::TokenHome& tokens) {
  if (tokens.softhsm2.empty()) return {};
  if (!backup::is_inside(tokens.softhsm2))
    return fail(ErrorCode::failed_precondition,
                "backup: the token folder " + tokens.softhsm2 + " is not inside the home: move it there");
  const Path folder = home.root / tokens.softhsm2;
  ANTIN_TRY(const Turn turn, Turn::take(folder / "login.lock"));
  ANTIN_TRY(const Bytes configuration, read_file(folder / "softhsm2.conf", 65536));
  ANTIN_CHECK(archive.add({tokens.softhsm2 + "/softhsm2.conf", 0600, configuration.size()}, configuration));
  ANTIN_CHECK(add_folder(archive, home, folder / "tokens"));
  return add_folder(archive, home, folder / "kept");
}

// PIN files stay here too.
Status add_software(ArchiveWriter& archive, const wiring::Home& home, const wiring::TokenHome& tokens) {
  if (tokens.software.empty()) return {};
  if (!backup::is_inside(tokens.software))
    return fail(ErrorCode::failed_precondition,
                "backup: the token folder " + tokens.software + " is not inside the home: move it there");
  const Path folder = home.root / tokens.software;
  for (const hsm::TokenInfo& token : hsm::software::tokens_in(folder))
    ANTIN_CHECK(add_folder(archive, home, folder / token.label));
  return {};
}

Status add_database(ArchiveWriter& archive, const Staging& staging, const wiring::Home& home, const Path& database) {
  std::error_code error;
  if (!std::filesystem::exists(database, error)) return {};
  const Path copy = staging.folder() / database.filename();
  ANTIN_CHECK(store::copy_database(database, copy));
  ANTIN_CHECK(archive.add_file(database.lexically_relative(home.root).generic_string(), mode_of(database), copy));
  std::filesystem::remove(copy, error);
  return {};
}

// Lists before the store that knows of them, the store before the tokens that have its keys: what comes later has all
// that the earlier names.
Status add_all(ArchiveWriter& archive, Session& session, const OpenHome& open, const Staging& staging) {
  const wiring::Home& home = session.home;
  const std::string about =
      Json{{"format", "antin-backup-1"}, {"made_at", to_rfc3339(session.now())}, {"version", wiring::version()}}.dump();
  ANTIN_CHECK(archive.add({"backup.json", 0644, about.size()}, bytes_of(about)));
  ANTIN_TRY(const Bytes configuration, read_file(home.config(), 1u << 20));
  ANTIN_CHECK(archive.add({"antin.toml", mode_of(home.config()), configuration.size()}, configuration));
  for (const Path& folder : {home.out_ca(), home.out_crl(), home.block_lists(), home.profiles()})
    ANTIN_CHECK(add_folder(archive, home, folder));
  ANTIN_CHECK(add_database(archive, staging, home, home.store()));
  ANTIN_CHECK(add_database(archive, staging, home, home.service_store()));
  ANTIN_CHECK(add_tokens(archive, home, open.config.ca));
  ANTIN_CHECK(add_software(archive, home, open.config.ca));
  return add_tokens(archive, home, open.config.service);
}

Status write_backup(Session& session, const OpenHome& home, const Path& file,
                    const std::vector<backup::Recipient>& recipients) {
  const Staging staging(session.home.store().parent_path() / "backup.staging");
  ANTIN_CHECK(staging.make());
  ANTIN_TRY(const backup::Sealed sealed,
            backup::seal(backup::Kind::full, home.config.backup.threshold, recipients, session.random()));
  ANTIN_TRY(backup::FrameWriter frames, backup::FrameWriter::create(file, sealed));
  ArchiveWriter archive(frames);
  ANTIN_CHECK(add_all(archive, session, home, staging));
  return archive.finish();
}

// Acts that were shipped nowhere leave a gap; from here on there is none.
Status close_gap(Session& session, const OpenHome& home) {
  if (home.config.backup.ship.empty()) return {};
  std::error_code error;
  const Path folder = ship_folder(home.config);
  if (!std::filesystem::is_directory(folder, error))
    return fail(ErrorCode::unavailable, "backup: the folder " + folder.string() +
                                            " that acts are shipped to is not there: mount or make it first");
  ANTIN_TRY(const auto position, store::chain_position(*home.store));
  if (position) return {};
  ANTIN_TRY(const auto unshipped, store::open_sqlite_store(session.home.store()));
  return store::begin_chain(*unshipped, session.random());
}

Status record(Session& session, const OpenHome& home, const Bytes& digest,
              const std::vector<backup::Recipient>& recipients) {
  std::string certificates;
  for (const backup::Recipient& recipient : recipients)
    certificates += (certificates.empty() ? "" : " ") + to_hex(recipient.certificate);
  ANTIN_TRY(auto transaction, home.store->begin());
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction->append_log(log::entry(session.now(), "backup",
                                               {{"sha256", to_hex(digest)},
                                                {"threshold", std::to_string(home.config.backup.threshold)},
                                                {"recipients", certificates}})));
  ANTIN_CHECK(transaction->set_fact(std::string(last_backup_fact), to_rfc3339(session.now())));
  if (!home.config.backup.ship.empty()) ANTIN_CHECK(transaction->set_fact(std::string(store::pending_fact), "no"));
  return transaction->commit();
}

void say_what_is_missing(Session& session, const wiring::Config& config) {
  for (const auto& [name, tokens] : {std::pair{"ca", &config.ca}, {"service", &config.service}})
    if (!tokens->module.empty()) session.say("backup.module_left_out", {name, tokens->module});
}

}  // namespace

Result<ExitCode> create_backup(Session& session, const CreateOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(options.to, error))
    return fail(ErrorCode::already_exists, options.to + ": a file of that name is there: name another one");
  ANTIN_TRY(const OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const auto recipients, backup::recipients_of(*home.store, session.now()));
  const std::string threshold = std::to_string(home.config.backup.threshold),
                    officers = std::to_string(recipients.size());
  if (session.dry_run) {
    session.say("backup.would_create", {options.to, threshold, officers});
    if (session.json) session.print({{"dry_run", true}, {"file", options.to}, {"recipients", recipients.size()}});
    return exit_done;
  }
  ANTIN_TRY(const Turn turn, Turn::take(session.home.root / "backup.lock"));
  ANTIN_CHECK(close_gap(session, home));
  const Unfinished unfinished(options.to);
  ::unlink(unfinished.file().c_str());  // of one that was killed
  ANTIN_CHECK(write_backup(session, home, unfinished.file(), recipients));
  ANTIN_TRY(const Bytes digest, file_digest(unfinished.file()));
  ANTIN_CHECK(unfinished.put_in_place());
  if (Status recorded = record(session, home, digest, recipients); !recorded) {
    ::unlink(options.to.c_str());  // a backup that the log does not know is none
    return fail(std::move(recorded).error());
  }
  session.say("backup.created", {options.to, threshold, officers});
  say_what_is_missing(session, home.config);
  if (session.json)
    session.print({{"file", options.to},
                   {"sha256", to_hex(digest)},
                   {"threshold", home.config.backup.threshold},
                   {"recipients", recipients.size()}});
  return exit_done;
}

}  // namespace antin::commands
