// Archive: what a full backup holds inside its frames: files with their paths, modes and SHA-256, one after the other.
// docs/formats/backup.md. Never a whole file in memory.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "ca/backup/frames.h"

namespace antin::backup {

struct ArchivedFile {
  std::string path;  // relative, with `/`; no part is empty, `.` or `..`
  mode_t mode = 0600;
  std::uint64_t size = 0;
};
// Whether `path` stays inside the folder that it is put into.
bool is_inside(std::string_view path) noexcept;

class ArchiveWriter {
 public:
  explicit ArchiveWriter(FrameWriter& frames) : frames_(frames) {}
  Status add(const ArchivedFile& file, ByteView content);
  // The file at `from`, of the size that it has now; unavailable when it becomes shorter meanwhile.
  Status add_file(const std::string& path, mode_t mode, const Path& from);
  Status finish();  // ends the container also

 private:
  Status head(const ArchivedFile& file);
  FrameWriter& frames_;
};

// Who takes what read_archive() finds. end() is told once the content has its digest.
class ArchiveReceiver {
 public:
  virtual ~ArchiveReceiver() = default;
  virtual Status begin(const ArchivedFile& file) = 0;
  virtual Status piece(ByteView octets) = 0;
  virtual Status end() = 0;
};
// To the end mark. data_loss when anything is missing, changed, or was cut off.
Status read_archive(FrameReader& frames, ArchiveReceiver& receiver);

}  // namespace antin::backup
