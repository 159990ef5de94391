#include "ca/backup/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/digest.h"

namespace antin::backup {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_head = 8192;

Bytes length_of(std::size_t size) {
  return {static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16),
          static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
}

std::unexpected<Error> damaged(const std::string& what) { return fail(ErrorCode::data_loss, "backup: " + what); }

class OpenFile {
 public:
  explicit OpenFile(const Path& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }

 private:
  int file_;
};

// The octets of the frames as one stream.
class Stream {
 public:
  explicit Stream(FrameReader& frames) : frames_(frames) {}

  Result<ByteView> some(std::size_t most) {
    while (at_ == frame_.octets.size()) {
      if (frame_.mark == Mark::end_of_file) return damaged("it ends too early");
      ANTIN_TRY(auto next, frames_.next());
      if (!next) return damaged("it was cut off: the end is missing");
      frame_ = *std::move(next);
      at_ = 0;
    }
    const std::size_t size = std::min(most, frame_.octets.size() - at_);
    const ByteView out = ByteView(frame_.octets).subspan(at_, size);
    at_ += size;
    return out;
  }
  Result<Bytes> exactly(std::size_t size) {
    Bytes out;
    while (out.size() < size) {
      ANTIN_TRY(const ByteView more, some(size - out.size()));
      append(out, more);
    }
    return out;
  }
  // Nothing is left, and the container ends here.
  Status at_end() {
    if (at_ != frame_.octets.size()) return damaged("there is something after its last file");
    while (frame_.mark != Mark::end_of_file) {
      ANTIN_TRY(auto next, frames_.next());
      if (!next) return damaged("it was cut off: the end is missing");
      if (!next->octets.empty()) return damaged("there is something after its last file");
      frame_ = *std::move(next);
    }
    ANTIN_TRY(const auto beyond, frames_.next());
    return beyond || frames_.cut_short() ? Status(damaged("there is something after its end")) : Status();
  }

 private:
  FrameReader& frames_;
  FrameReader::Frame frame_;
  std::size_t at_ = 0;
};

Result<ArchivedFile> parse_head(ByteView octets) {
  const Json json = Json::parse(text_of(octets), nullptr, false);
  const bool fits = json.is_object() && json.contains("path") && json["path"].is_string() && json.contains("mode") &&
                    json["mode"].is_number_unsigned() && json.contains("size") && json["size"].is_number_unsigned();
  if (!fits) return damaged("a file has no path, mode or size");
  ArchivedFile file{json["path"].get<std::string>(), static_cast<mode_t>(json["mode"].get<std::uint32_t>() & 0777),
                    json["size"].get<std::uint64_t>()};
  if (!is_inside(file.path)) return damaged("a file's path leads out of the home");
  return file;
}

Status receive(Stream& stream, const ArchivedFile& file, ArchiveReceiver& receiver) {
  ANTIN_CHECK(receiver.begin(file));
  Hasher hasher;
  for (std::uint64_t left = file.size; left > 0;) {
    ANTIN_TRY(const ByteView piece, stream.some(static_cast<std::size_t>(std::min<std::uint64_t>(left, 65536))));
    hasher.update(piece);
    ANTIN_CHECK(receiver.piece(piece));
    left -= piece.size();
  }
  ANTIN_TRY(const Bytes digest, stream.exactly(32));
  if (!equal(digest, hasher.finish())) return damaged("the file " + file.path + " has another digest");
  return receiver.end();
}

}  // namespace

bool is_inside(std::string_view path) noexcept {
  if (path.empty() || path.size() > 4096 || path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

Status ArchiveWriter::head(const ArchivedFile& file) {
  const std::string json =
      Json{{"path", file.path}, {"mode", static_cast<unsigned>(file.mode)}, {"size", file.size}}.dump(
          -1, ' ', false, Json::error_handler_t::replace);
  if (!is_inside(file.path) || json.size() > longest_head)
    return fail(ErrorCode::invalid_argument, "backup: " + file.path + ": this path cannot be kept");
  ANTIN_CHECK(frames_.write(length_of(json.size())));
  return frames_.write(bytes_of(json));
}

Status ArchiveWriter::add(const ArchivedFile& file, ByteView content) {
  ANTIN_CHECK(head(file));
  ANTIN_CHECK(frames_.write(content));
  return frames_.write(sha256(content));
}

Status ArchiveWriter::add_file(const std::string& path, mode_t mode, const Path& from) {
  const OpenFile file(from);
  struct stat info{};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))
    return fail(ErrorCode::unavailable, from.string() + ": read: " + std::strerror(errno));
  const auto size = static_cast<std::uint64_t>(info.st_size);
  ANTIN_CHECK(head({path, mode, size}));
  Hasher hasher;
  Bytes piece(65536);
  for (std::uint64_t left = size; left > 0;) {
    const ssize_t n = ::read(file.get(), piece.data(), std::min<std::uint64_t>(left, piece.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(ErrorCode::unavailable, from.string() + ": it became shorter while it was read");
    const ByteView got(piece.data(), static_cast<std::size_t>(n));
    hasher.update(got);
    ANTIN_CHECK(frames_.write(got));
    left -= got.size();
  }
  return frames_.write(hasher.finish());
}

Status ArchiveWriter::finish() {
  ANTIN_CHECK(frames_.write(length_of(0)));
  return frames_.finish();
}

Status read_archive(FrameReader& frames, ArchiveReceiver& receiver) {
  Stream stream(frames);
  while (true) {
    ANTIN_TRY(const Bytes length, stream.exactly(4));
    std::size_t size = 0;
    for (const std::uint8_t octet : length) size = size << 8 | octet;
    if (size == 0) return stream.at_end();
    if (size > longest_head) return damaged("a file's path is too long");
    ANTIN_TRY(const Bytes head, stream.exactly(size));
    ANTIN_TRY(const ArchivedFile file, parse_head(head));
    ANTIN_CHECK(in(file.path, receive(stream, file, receiver)));
  }
}

}  // namespace antin::backup
