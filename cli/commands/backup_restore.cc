// `antin backup restore`: a home from a full backup and the segments after it, whole or not at all.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "ca/authority/reconcile.h"
#include "ca/backup/archive.h"
#include "ca/backup/segments.h"
#include "ca/log/log.h"
#include "cli/commands/backup_steps.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

std::unexpected<Error> io_error(const Path& path, const char* what) {
  const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::resource_exhausted : ErrorCode::unavailable;
  return fail(code, path.string() + ": " + what + ": " + std::strerror(errno));
}

// Writes the files of an archive into a folder of its own.
class Unpack final : public backup::ArchiveReceiver {
 public:
  explicit Unpack(Path folder) : folder_(std::move(folder)) {}
  Unpack(const Unpack&) = delete;
  Unpack& operator=(const Unpack&) = delete;
  ~Unpack() override {
    if (file_ >= 0) ::close(file_);
  }

  Status begin(const backup::ArchivedFile& file) override {
    path_ = folder_ / file.path;
    // Token folders belong to one user alone, as `antin init` makes them.
    const Path part = path_.parent_path().lexically_relative(folder_);
    Path at = folder_;
    for (const Path& name : part) {
      at /= name;
      if (name != ".") ANTIN_CHECK(make_directories(at, is_public(*part.begin()) ? 0755 : 0700));
    }
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, file.mode);
    if (file_ < 0 || ::fchmod(file_, file.mode) != 0) return io_error(path_, "create");
    ++files_;
    return {};
  }
  Status piece(ByteView octets) override {
    while (!octets.empty()) {
      const ssize_t n = ::write(file_, octets.data(), octets.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io_error(path_, "write");
      octets = octets.subspan(static_cast<std::size_t>(n));
    }
    return {};
  }
  Status end() override {
    const int closed = ::close(std::exchange(file_, -1));
    return closed == 0 ? Status() : Status(io_error(path_, "write"));
  }
  std::uint64_t files() const { return files_; }

 private:
  static bool is_public(const Path& top) {
    return top == "out" || top == "store" || top == "block-lists" || top == "profiles";
  }
  Path folder_, path_;
  int file_ = -1;
  std::uint64_t files_ = 0;
};

// The home until it is whole: beside its place, gone unless it was put there.
class Unfinished {
 public:
  static Result<Unfinished> make(const Path& to) {
    ANTIN_CHECK(make_directories(to.parent_path()));
    std::string name = (to.parent_path() / ("." + to.filename().string() + ".restoring-XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) return io_error(name, "make directory");
    return Unfinished(Path(name));
  }
  Unfinished(Unfinished&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  Unfinished& operator=(Unfinished&&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  const Path& folder() const { return folder_; }

  Status put_in_place(const Path& to) {
    ANTIN_CHECK(flush());
    if (::chmod(folder_.c_str(), 0755) != 0) return io_error(folder_, "set mode");
    if (::rename(folder_.c_str(), to.c_str()) != 0) return io_error(to, "rename");
    folder_.clear();
    const int parent = ::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool flushed = parent >= 0 && ::fsync(parent) == 0;
    if (parent >= 0) ::close(parent);
    return flushed ? Status() : Status(io_error(to.parent_path(), "flush"));
  }

 private:
  explicit Unfinished(Path folder) : folder_(std::move(folder)) {}
  // All files at once: ten thousand of a token's would take a minute one by one.
  Status flush() const {
    const int open = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool flushed = open >= 0 && ::syncfs(open) == 0;
    if (open >= 0) ::close(open);
    return flushed ? Status() : Status(io_error(folder_, "flush"));
  }
  Path folder_;
};

Status require_room(const Path& to) {
  std::error_code error;
  if (!std::filesystem::exists(to, error)) return {};
  if (std::filesystem::is_directory(to, error) && std::filesystem::is_empty(to, error)) return {};
  return fail(ErrorCode::already_exists,
              to.string() + ": something is there: restore into an empty folder or one that does not exist");
}

Result<std::vector<backup::SegmentFile>> segments_of(const RestoreOptions& options) {
  std::vector<backup::SegmentFile> all;
  for (const std::string& folder : options.segments) {
    ANTIN_TRY(const auto there, backup::segments_in(folder));
    if (there.empty()) return fail(ErrorCode::not_found, folder + ": there are no segments");
    all.insert(all.end(), there.begin(), there.end());
  }
  return all;
}

// What was acknowledged after the backup must come from somewhere, or be given up aloud.
Status require_segments(const wiring::Config& config, const RestoreOptions& options) {
  if (config.backup.ship.empty() || options.without_segments) return {};
  if (options.segments.empty())
    return fail(ErrorCode::failed_precondition,
                "backup: its acts were shipped to " + config.backup.ship +
                    ": give --segments DIR, or --without-segments to give up what was done after the backup");
  std::error_code error;
  const Path folder = ship_folder(config);
  if (std::filesystem::is_directory(folder, error)) return {};
  return fail(ErrorCode::unavailable, "backup: the folder " + folder.string() +
                                          " that acts are shipped to is not there: mount or make it first");
}

Result<std::uint64_t> replay(const wiring::Home& home, const RestoreOptions& options, const Openers& openers) {
  ANTIN_TRY(const auto segments, segments_of(options));
  if (segments.empty()) return 0;
  std::optional<store::Position> base;
  {
    ANTIN_TRY(const auto opened, store::open_sqlite_store(home.store()));
    ANTIN_TRY(const auto text, opened->fact(std::string(store::position_fact)));
    if (!text)
      return fail(ErrorCode::failed_precondition,
                  "backup: it was made before acts were shipped: no segments follow it");
    ANTIN_TRY(base, store::position_of(*text));
  }
  ANTIN_TRY(store::Replay onto, store::Replay::open(home.store()));
  std::uint64_t count = 0;
  ANTIN_CHECK(backup::read_segments(
      segments, *base, [&](const backup::Header& header) { return openers.unlock(header); },
      [&](const store::Changes& changes) {
        ++count;
        return onto.apply(changes);
      }));
  return count;
}

// The restored home's first act says what it is.
Result<std::uint64_t> record(Session& session, const wiring::Home& home, const wiring::Config& config,
                             const RestoreOptions& options, const Openers& openers, std::uint64_t changes) {
  ANTIN_TRY(const Bytes digest, file_digest(options.file));
  const bool ships = !config.backup.ship.empty();
  if (ships && options.without_segments) {
    ANTIN_TRY(const auto unshipped, store::open_sqlite_store(home.store()));
    ANTIN_CHECK(store::begin_chain(*unshipped, session.random()));
  }
  const bool goes_on = ships && !options.without_segments;
  ANTIN_TRY(const auto store,
            goes_on ? open_writable_store(session, home, config) : store::open_sqlite_store(home.store()));
  ANTIN_TRY(auto transaction, store->begin());
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction->append_log(log::entry(
                session.now(), "restore",
                {{"backup", to_hex(digest)}, {"changes", std::to_string(changes)}, {"officers", openers.names()}})));
  if (goes_on) ANTIN_CHECK(transaction->set_fact(std::string(store::pending_fact), "no"));
  ANTIN_CHECK(transaction->commit());
  return store->log_size();
}

Status check_store(Session& session, const wiring::Home& home) {
  ANTIN_TRY(const auto store, store::open_sqlite_store(home.store(), true));
  ANTIN_TRY([[maybe_unused]] const auto verified, log::verify(*store));
  return authority::reconcile(*store, session.now());
}

// What the backup leaves out has its places: officers' tokens, PIN files.
Status make_places(const wiring::Home& home) {
  for (const Path& folder : {home.ca(), home.officers(), home.service()}) {
    ANTIN_CHECK(make_directories(folder, 0700));
    ANTIN_CHECK(make_directories(folder / "pins", 0700));
  }
  for (const Path& folder :
       {home.out_ca(), home.out_crl(), home.out_certs(), home.out() / "signed", home.out() / "dossiers"})
    ANTIN_CHECK(make_directories(folder));
  return {};
}

void say_what_is_missing(Session& session, const wiring::Home& home, const wiring::Config& config) {
  for (const wiring::TokenHome* tokens : {&config.ca, &config.service})
    for (const auto& [label, source] : tokens->pins)
      if (source.starts_with("file:"))
        session.say("backup.pin_left_out", {label, (home.root / source.substr(5)).string()});
  if (!config.officers.softhsm2.empty())
    session.say("backup.officers_left_out", {(home.root / config.officers.softhsm2).string()});
}

}  // namespace

Result<ExitCode> restore_backup(Session& session, const RestoreOptions& options) {
  Path to = session.home.root.lexically_normal();
  if (!to.has_filename()) to = to.parent_path();
  ANTIN_CHECK(require_room(to));
  if (options.openers.officers.empty())
    return fail(ErrorCode::invalid_argument, "backup: name the officers who open it with --officer");
  if (session.dry_run) return verify_backup(session, {options.file, options.openers});
  ANTIN_TRY(backup::FrameReader frames, backup::FrameReader::open(options.file));
  if (frames.header().kind != backup::Kind::full)
    return fail(ErrorCode::invalid_argument, options.file + ": this is a segment, no full backup");
  ANTIN_TRY(const Openers openers, Openers::open(options.openers));
  ANTIN_TRY(Secret key, openers.unlock(frames.header()));
  frames.unlock(std::move(key));

  ANTIN_TRY(Unfinished unfinished, Unfinished::make(to));
  const wiring::Home home{unfinished.folder()};
  Unpack unpack(unfinished.folder());
  ANTIN_CHECK(in(options.file, backup::read_archive(frames, unpack)));
  ANTIN_TRY(const wiring::Config config, wiring::read_config(home));
  ANTIN_CHECK(require_segments(config, options));
  ANTIN_CHECK(make_places(home));
  ANTIN_TRY(const std::uint64_t changes, replay(home, options, openers));
  ANTIN_CHECK(check_store(session, home));
  ANTIN_TRY(const std::uint64_t entries, record(session, home, config, options, openers, changes));
  ANTIN_CHECK(unfinished.put_in_place(to));
  session.say("backup.restored",
              {to.string(), std::to_string(unpack.files()), std::to_string(changes), std::to_string(entries)});
  say_what_is_missing(session, wiring::Home{to}, config);
  if (options.without_segments && !config.backup.ship.empty()) session.say("backup.make_another");
  if (session.json)
    session.print({{"home", to.string()},
                   {"files", unpack.files()},
                   {"changes", changes},
                   {"log_size", entries},
                   {"officers", openers.names()}});
  return exit_done;
}

}  // namespace antin::commands
