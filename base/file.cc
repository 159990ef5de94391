#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace antin {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> io_error(const Path& path, const char* what, int number) {
  ErrorCode code = ErrorCode::unavailable;
  if (number == ENOENT) code = ErrorCode::not_found;
  if (number == EACCES || number == EPERM || number == EROFS) code = ErrorCode::permission_denied;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) code = ErrorCode::resource_exhausted;
  if (number == EISDIR || number == ENOTDIR) code = ErrorCode::invalid_argument;
  return fail(code, path.string() + ": " + what + ": " + std::strerror(number));
}

Status write_all(int fd, ByteView content, const Path& path) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error(path, "write", errno);
    content = content.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Status flush_directory(const Path& directory) {
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return io_error(directory, "open", errno);
  if (::fsync(fd.get()) != 0) return io_error(directory, "flush", errno);
  return {};
}

Status fill_file(int fd, const Path& path, ByteView content, mode_t mode, bool durable) {
  if (::fchmod(fd, mode) != 0) return io_error(path, "set mode", errno);
  ANTIN_CHECK(write_all(fd, content, path));
  if (durable && ::fsync(fd) != 0) return io_error(path, "flush", errno);
  return {};
}

}  // namespace

Result<Bytes> read_file(const Path& path, std::uintmax_t limit) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return io_error(path, "open", errno);
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return io_error(path, "stat", errno);
  if (S_ISDIR(info.st_mode)) return io_error(path, "read", EISDIR);
  if (S_ISREG(info.st_mode) && static_cast<std::uintmax_t>(info.st_size) > limit)
    return fail(ErrorCode::resource_exhausted, path.string() + ": larger than " + std::to_string(limit) + " octets");
  Bytes content;
  content.reserve(static_cast<std::size_t>(info.st_size) + 1);
  std::size_t used = 0;
  for (;;) {
    if (used == content.size()) content.resize(std::max<std::size_t>(content.capacity(), used + 65536));
    const ssize_t n = ::read(fd.get(), content.data() + used, content.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error(path, "read", errno);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used > limit)
      return fail(ErrorCode::resource_exhausted, path.string() + ": larger than " + std::to_string(limit) + " octets");
  }
  content.resize(used);
  return content;
}

Status write_file(const Path& path, ByteView content, mode_t mode, bool durable) {
  const Path directory = path.has_parent_path() ? path.parent_path() : Path(".");
  std::string temporary = (directory / ("." + path.filename().string() + ".XXXXXX")).string();
  const Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return io_error(path, "create", errno);
  Status done = fill_file(fd.get(), path, content, mode, durable);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0) done = io_error(path, "rename", errno);
  if (!done) {
    ::unlink(temporary.c_str());
    return done;
  }
  return durable ? flush_directory(directory) : Status{};
}

Status make_directories(const Path& path, mode_t mode) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  if (path.has_parent_path() && path.parent_path() != path) ANTIN_CHECK(make_directories(path.parent_path(), 0755));
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return io_error(path, "make directory", errno);
  return {};
}

}  // namespace antin
