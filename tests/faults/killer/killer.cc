// A library for LD_PRELOAD that kills its program before the N-th change to the files of a folder, so that a test can
// visit every state in which `kill -9` may leave them, whoever made the change: our code, SQLite or SoftHSM2.
//   ANTIN_KILL_IN    the folder; nothing outside of it counts
//   ANTIN_KILL_AT    N, counted from 1; without it nobody is killed
//   ANTIN_KILL_LOG   a file that gets a line `NUMBER CALL PATH` for each change, or only for the one that killed
// What the process keeps in its own memory is no change: a buffered fwrite counts when it is flushed. Nor is fsync: a
// process that dies leaves the same files before and after it; what a power cut leaves is not played here.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

struct Settings {
  std::string folder = from_environment("ANTIN_KILL_IN"), log = from_environment("ANTIN_KILL_LOG");
  long at = std::atol(from_environment("ANTIN_KILL_AT").c_str());
};
const Settings& settings() {
  static const Settings once;
  return once;
}

void note(long number, const char* call, const std::string& path) {
  const std::string line = std::to_string(number) + " " + call + " " + path + "\n";
  const long fd =
      ::syscall(SYS_openat, AT_FDCWD, settings().log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  ::syscall(SYS_write, fd, line.data(), line.size());
  ::syscall(SYS_close, fd);
}

// To be called before each change.
void change(const char* call, const std::string& path) {
  static std::atomic<long> count = 0;
  if (settings().folder.empty() || !path.starts_with(settings().folder + "/")) return;
  const long number = ++count;
  const bool dies = number == settings().at;
  if (!settings().log.empty() && (dies || settings().at == 0))
    note(number, call, path.substr(settings().folder.size() + 1));
  if (dies) ::kill(::getpid(), SIGKILL);
}

void change(const char* call, int fd) {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path.data(), path.size());
  if (size > 0) change(call, std::string(path.data(), static_cast<std::size_t>(size)));
}

void change(const char* call, FILE* file) {
  if (file != nullptr && ::__fpending(file) > 0) change(call, ::fileno(file));
}

std::string absolute(int folder, const char* path) {
  if (*path == '/') return path;
  std::array<char, 4096> base{};
  const std::string link = folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(folder);
  const ssize_t size = ::readlink(link.c_str(), base.data(), base.size());
  return std::string(base.data(), size > 0 ? static_cast<std::size_t>(size) : 0) + "/" + path;
}

// Opening changes something when it makes the file or empties it.
void opening(int folder, const char* path, int flags) {
  struct stat info{};
  const bool there = ::fstatat(folder, path, &info, 0) == 0;
  if (((flags & O_CREAT) != 0 && !there) || ((flags & O_TRUNC) != 0 && info.st_size > 0))
    change("open", absolute(folder, path));
}

mode_t mode_of(int flags, va_list list) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, mode_t) : 0;
}

// The function of that name that ours stands before.
template <class F>
F* real(F* ours, const char* name) {
  (void)ours;
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#define REAL(name) (real(&::name, #name))

extern "C" {

int open(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  opening(AT_FDCWD, path, flags);
  return REAL(open)(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  opening(AT_FDCWD, path, flags);
  return REAL(open64)(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  opening(folder, path, flags);
  return REAL(openat)(folder, path, flags, mode);
}

int mkostemp(char* pattern, int flags) {
  change("open", absolute(AT_FDCWD, pattern));
  return REAL(mkostemp)(pattern, flags);
}

FILE* fopen(const char* path, const char* mode) {
  if (*mode == 'w') opening(AT_FDCWD, path, O_CREAT | O_TRUNC);
  return REAL(fopen)(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  if (*mode == 'w') opening(AT_FDCWD, path, O_CREAT | O_TRUNC);
  return REAL(fopen64)(path, mode);
}

ssize_t write(int fd, const void* data, size_t size) {
  change("write", fd);
  return REAL(write)(fd, data, size);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  change("write", fd);
  return REAL(writev)(fd, parts, count);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  change("write", fd);
  return REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  change("write", fd);
  return REAL(pwrite64)(fd, data, size, at);
}

int fflush(FILE* file) {
  change("flush", file);
  return REAL(fflush)(file);
}

int fclose(FILE* file) {
  change("flush", file);
  return REAL(fclose)(file);
}

int ftruncate(int fd, off_t size) noexcept {
  change("truncate", fd);
  return REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size) noexcept {
  change("truncate", fd);
  return REAL(ftruncate64)(fd, size);
}

int rename(const char* from, const char* to) noexcept {
  change("rename", absolute(AT_FDCWD, to));
  return REAL(rename)(from, to);
}

int unlink(const char* path) noexcept {
  change("remove", absolute(AT_FDCWD, path));
  return REAL(unlink)(path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  change("remove", absolute(folder, path));
  return REAL(unlinkat)(folder, path, flags);
}

int remove(const char* path) noexcept {
  change("remove", absolute(AT_FDCWD, path));
  return REAL(remove)(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  change("mkdir", absolute(AT_FDCWD, path));
  return REAL(mkdir)(path, mode);
}

int rmdir(const char* path) noexcept {
  change("remove", absolute(AT_FDCWD, path));
  return REAL(rmdir)(path);
}

}  // extern "C"
