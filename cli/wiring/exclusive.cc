#include "cli/wiring/exclusive.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace antin::wiring {
namespace {

std::string pid_in(int file) {
  std::array<char, 32> text{};
  ssize_t size = ::pread(file, text.data(), text.size() - 1, 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

std::string_view to_string(Job job) noexcept {
  switch (job) {
    case Job::init:
      return "init";
    case Job::authority:
      return "authority";
    case Job::daemon:
      return "antind";
  }
  return "";
}

Path lock_file(const Home& home, Job job) {
  switch (job) {
    case Job::init:
      return home.root / "init.lock";
    case Job::authority:
      return home.ca() / "authority.lock";
    case Job::daemon:
      return home.service() / "antind.lock";
  }
  return {};
}

Result<Exclusive> Exclusive::acquire(const Home& home, Job job) {
  const Path path = lock_file(home, job);
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return fail(ErrorCode::unavailable, "lock: " + path.string() + ": " + std::strerror(errno));
  Exclusive held(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail(ErrorCode::unavailable, "lock: " + path.string() + ": " + std::strerror(errno));
    return fail(ErrorCode::unavailable, std::string(to_string(job)) + ": " + home.root.string() +
                                            ": already being done by process " + pid_in(file) +
                                            ": wait for it or stop it");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return fail(ErrorCode::resource_exhausted, "lock: " + path.string() + ": " + std::strerror(errno));
  }
  return held;
}

Exclusive::Exclusive(Exclusive&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Exclusive& Exclusive::operator=(Exclusive&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Exclusive::~Exclusive() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace antin::wiring
