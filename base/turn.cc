#include "base/turn.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace antin {

Result<Turn> Turn::take(const Path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return fail(ErrorCode::unavailable, file.string() + ": " + std::strerror(errno));
  Turn turn(descriptor);
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return fail(ErrorCode::unavailable, file.string() + ": " + std::strerror(errno));
  }
  return turn;
}

Turn::Turn(Turn&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Turn& Turn::operator=(Turn&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Turn::~Turn() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace antin
