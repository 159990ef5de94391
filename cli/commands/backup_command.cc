// `antin backup officers|create|verify|restore`. docs/formats/backup.md.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/backup/archive.h"
#include "cli/commands/backup_steps.h"
#include "cli/commands/command.h"

namespace antin::commands {
namespace {

// Counts what passes and keeps nothing.
class Counter final : public backup::ArchiveReceiver {
 public:
  Status begin(const backup::ArchivedFile& file) override {
    ++files;
    octets += file.size;
    return {};
  }
  Status piece(ByteView) override { return {}; }
  Status end() override { return {}; }
  std::uint64_t files = 0, octets = 0;
};

// Without a key: that every frame is there, to the end mark.
Status walk(backup::FrameReader& frames, const std::string& file) {
  bool ended = false;
  while (true) {
    ANTIN_TRY(const auto frame, frames.next());
    if (!frame) break;
    ended = frame->mark == backup::Mark::end_of_file;
  }
  if (ended && !frames.cut_short()) return {};
  return fail(ErrorCode::data_loss, file + ": it was cut off: the end is missing");
}

void declare_openers(Command command, OpenersOptions& options) {
  command.option("--officer", options.officers, "backup.officer").value_name("LABEL");
  const Option folder = command.option("--officers", options.folder, "backup.officers_folder").value_name("DIR");
  command.option("--officers-module", options.module, "backup.officers_module").value_name("FILE").excludes(folder);
  command.option("--pin", options.pins, "backup.pin").value_name("LABEL=SOURCE");
}

}  // namespace

Result<Bytes> file_digest(const Path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(ErrorCode::unavailable, path.string() + ": read: " + std::strerror(errno));
  Hasher hasher;
  Bytes piece(65536);
  ssize_t n = 0;
  while ((n = ::read(file, piece.data(), piece.size())) > 0)
    hasher.update(ByteView(piece).first(static_cast<std::size_t>(n)));
  ::close(file);
  if (n < 0) return fail(ErrorCode::unavailable, path.string() + ": read: " + std::strerror(errno));
  return hasher.finish();
}

Result<ExitCode> verify_backup(Session& session, const VerifyBackupOptions& options) {
  ANTIN_TRY(backup::FrameReader frames, backup::FrameReader::open(options.file));
  const backup::Header& header = frames.header();
  if (header.kind != backup::Kind::full)
    return fail(ErrorCode::invalid_argument,
                options.file + ": this is a segment: `antin backup restore --segments` reads it");
  Json recipients = Json::array();
  for (const backup::SealedShare& share : header.shares) recipients.push_back(to_hex(share.certificate));
  Json value = {{"file", options.file}, {"threshold", header.threshold}, {"recipients", recipients}};
  const std::string threshold = std::to_string(header.threshold), officers = std::to_string(header.shares.size());
  if (options.openers.officers.empty()) {
    ANTIN_CHECK(walk(frames, options.file));
    session.say("backup.structure_good", {options.file, threshold, officers});
    value["opened"] = false;
  } else {
    ANTIN_TRY(const Openers openers, Openers::open(options.openers));
    ANTIN_TRY(Secret key, openers.unlock(header));
    frames.unlock(std::move(key));
    Counter counter;
    ANTIN_CHECK(in(options.file, backup::read_archive(frames, counter)));
    session.say("backup.good", {options.file, std::to_string(counter.files), threshold, officers});
    value["opened"] = true;
    value["files"] = counter.files;
    value["octets"] = counter.octets;
  }
  if (session.json) session.print(value);
  return exit_done;
}

void add_backup(Command antin) {
  Command group = antin.group("backup");
  add_command<OfficersOptions>(
      group, "officers", "backup.officers",
      [](Command command, OfficersOptions& options) {
        command.option("--officer", options.officers, "backup.officers.officer").value_name("LABEL");
      },
      make_encryption_keys);
  add_command<CreateOptions>(
      group, "create", "backup.create",
      [](Command command, CreateOptions& options) {
        command.option("--to", options.to, "backup.to").required().value_name("FILE");
      },
      create_backup);
  add_command<VerifyBackupOptions>(
      group, "verify", "backup.verify",
      [](Command command, VerifyBackupOptions& options) {
        command.operand("FILE", options.file, "backup.file").required();
        declare_openers(command, options.openers);
      },
      verify_backup);
  add_command<RestoreOptions>(
      group, "restore", "backup.restore",
      [](Command command, RestoreOptions& options) {
        command.operand("FILE", options.file, "backup.file").required();
        declare_openers(command, options.openers);
        const Option segments = command.option("--segments", options.segments, "backup.segments").value_name("DIR");
        command.flag("--without-segments", options.without_segments, "backup.without_segments").excludes(segments);
      },
      restore_backup);
}

}  // namespace antin::commands
