#include "ca/backup/frames.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ca/backup/cipher.h"

namespace antin::backup {
namespace {

constexpr std::size_t frame_size = 65536;

std::unexpected<Error> io_error(const Path& path, const char* what) {
  const ErrorCode code = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ErrorCode::resource_exhausted
                         : errno == EEXIST                                    ? ErrorCode::already_exists
                         : errno == ENOENT                                    ? ErrorCode::not_found
                                                                              : ErrorCode::unavailable;
  return fail(code, path.string() + ": " + what + ": " + std::strerror(errno));
}

Status write_all(int file, ByteView octets, const Path& path) {
  while (!octets.empty()) {
    const ssize_t n = ::write(file, octets.data(), octets.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error(path, "write");
    octets = octets.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Status flush_folder(const Path& file) {
  const Path folder = file.has_parent_path() ? file.parent_path() : Path(".");
  const int open = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (open < 0) return io_error(folder, "open");
  const bool done = ::fsync(open) == 0;
  ::close(open);
  return done ? Status() : Status(io_error(folder, "flush"));
}

// Mark and size, as they stand before the frame.
std::array<std::uint8_t, 5> head_of(Mark mark, std::size_t size) {
  return {static_cast<std::uint8_t>(mark), static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16),
          static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
}

Nonce nonce_of(Mark mark, std::uint64_t counter) {
  Nonce nonce{};
  nonce[3] = static_cast<std::uint8_t>(mark);
  for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
  return nonce;
}

}  // namespace

Result<FrameWriter> FrameWriter::create(const Path& path, const Sealed& sealed) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return io_error(path, "create");
  FrameWriter writer(file, path, sealed.key.clone());
  ANTIN_CHECK(write_all(file, sealed.header.octets, path));
  ANTIN_CHECK(flush_folder(path));
  return writer;
}

FrameWriter::FrameWriter(FrameWriter&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      key_(std::move(other.key_)),
      waiting_(std::move(other.waiting_)),
      counter_(other.counter_) {}

FrameWriter::~FrameWriter() {
  if (!waiting_.empty()) wipe(waiting_.data(), waiting_.size());
  if (file_ >= 0) ::close(file_);
}

Status FrameWriter::put(Mark mark) {
  const auto head = head_of(mark, waiting_.size() + tag_size);
  ANTIN_TRY(const Bytes sealed, encrypt(key_, nonce_of(mark, counter_++), head, waiting_));
  waiting_.clear();
  Bytes out(head.begin(), head.end());
  append(out, sealed);
  return write_all(file_, out, path_);
}

Status FrameWriter::write(ByteView octets) {
  while (!octets.empty()) {
    if (waiting_.size() == frame_size) ANTIN_CHECK(put(Mark::more));
    const std::size_t part = std::min(octets.size(), frame_size - waiting_.size());
    append(waiting_, octets.first(part));
    octets = octets.subspan(part);
  }
  return {};
}

Status FrameWriter::flush() { return ::fdatasync(file_) == 0 ? Status() : Status(io_error(path_, "flush")); }

Status FrameWriter::end_record() {
  ANTIN_CHECK(put(Mark::end_of_record));
  return flush();
}

Status FrameWriter::finish() {
  ANTIN_CHECK(put(Mark::end_of_file));
  return flush();
}

bool FrameWriter::is_there() const {
  struct stat ours{}, there{};
  return ::fstat(file_, &ours) == 0 && ::lstat(path_.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
         ours.st_dev == there.st_dev;
}

Result<FrameReader> FrameReader::open(const Path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return io_error(path, "open");
  FrameReader reader(file, path);
  Bytes octets(header_start);
  ANTIN_TRY(std::size_t n, reader.read(octets));
  octets.resize(n);
  ANTIN_TRY(const std::size_t size, in(path.string(), header_size(octets)));
  octets.resize(size);
  ANTIN_TRY(n, reader.read(std::span(octets).subspan(header_start)));
  octets.resize(header_start + n);
  ANTIN_TRY(reader.header_, in(path.string(), parse_header(octets)));
  return reader;
}

FrameReader::FrameReader(FrameReader&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      header_(std::move(other.header_)),
      key_(std::move(other.key_)),
      counter_(other.counter_),
      cut_short_(other.cut_short_),
      ended_(other.ended_) {}

FrameReader::~FrameReader() {
  if (file_ >= 0) ::close(file_);
}

// As much as there is.
Result<std::size_t> FrameReader::read(std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t n = ::read(file_, into.data() + done, into.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error(path_, "read");
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<std::optional<FrameReader::Frame>> FrameReader::next() {
  std::array<std::uint8_t, 5> head{};
  ANTIN_TRY(std::size_t n, read(head));
  if (n == 0) return std::nullopt;
  if (ended_) return fail(ErrorCode::data_loss, path_.string() + ": there is something after its end");
  std::size_t size = 0;
  for (std::size_t i = 1; i < head.size(); ++i) size = size << 8 | head[i];
  cut_short_ = n < head.size();
  if (cut_short_) return std::nullopt;
  if (head[0] > 2 || size < tag_size || size > frame_size + tag_size)
    return fail(ErrorCode::data_loss,
                path_.string() + ": frame " + std::to_string(counter_) + ": it was changed or damaged");
  Bytes sealed(size);
  ANTIN_TRY(n, read(sealed));
  cut_short_ = n < size;
  if (cut_short_) return std::nullopt;
  Frame frame{static_cast<Mark>(head[0]), {}};
  if (key_) {
    ANTIN_TRY(frame.octets, in(path_.string() + ": frame " + std::to_string(counter_),
                               decrypt(*key_, nonce_of(frame.mark, counter_), head, sealed)));
  }
  ++counter_;
  ended_ = frame.mark == Mark::end_of_file;
  return frame;
}

}  // namespace antin::backup
