// Files whole, for the edges of the program: read with a limit, write so that a reader sees the old file or the new
// one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace antin {

using Path = std::filesystem::path;

// resource_exhausted when the file is larger than `limit` octets; not_found when it is not there.
Result<Bytes> read_file(const Path& path, std::uintmax_t limit = 256u << 20);
// Writes beside the target, flushes file and directory to disk (when `durable`), then renames. On failure nothing is
// left behind.
Status write_file(const Path& path, ByteView content, mode_t mode = 0644, bool durable = true);
inline Status write_file(const Path& path, std::string_view content, mode_t mode = 0644, bool durable = true) {
  return write_file(path, bytes_of(content), mode, durable);
}
Status make_directories(const Path& path, mode_t mode = 0755);

}  // namespace antin
