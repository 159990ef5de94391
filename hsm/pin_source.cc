#include "hsm/pin_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "hsm/terminal.h"

namespace antin::hsm {
namespace {

constexpr std::size_t max_pin = 255;

Secret without_line_end(std::string&& text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return Secret(std::move(text));
}

Result<Secret> read_descriptor(int fd, const std::string& name) {
  std::string text;
  text.reserve(2 * max_pin + 2);  // so that no copy is left behind while it grows
  char buffer[256];
  ssize_t n = 0;
  while ((n = ::read(fd, buffer, sizeof buffer)) > 0 && text.size() <= max_pin)
    text.append(buffer, static_cast<std::size_t>(n));
  wipe(buffer, sizeof buffer);
  Secret pin = without_line_end(std::move(text));
  if (n < 0) return fail(ErrorCode::unauthenticated, "PIN: " + name + " cannot be read");
  if (pin.empty() || pin.reveal().size() > max_pin)
    return fail(ErrorCode::unauthenticated, "PIN: " + name + " is empty or too long");
  return pin;
}

Result<Secret> read_pin_file(const Path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return fail(ErrorCode::unauthenticated, "PIN: " + path.string() + " cannot be opened");
  struct stat info{};
  Result<Secret> pin =
      fail(ErrorCode::permission_denied, "PIN: " + path.string() + " can be read by others; make it mode 0600");
  if (::fstat(fd, &info) == 0 && (info.st_mode & 077) == 0) pin = read_descriptor(fd, path.string());
  ::close(fd);
  return pin;
}

Result<Secret> prompt(const std::string& token_label) {
  return ask_terminal("PIN (" + token_label + "): ", "PIN of token " + token_label, max_pin);
}

}  // namespace

Result<Secret> read_pin(const std::string& source, const Path& folder, const std::string& token_label) {
  const auto rest = [&](std::string_view kind) { return source.substr(kind.size()); };
  if (source == "prompt") return prompt(token_label);
  if (source.starts_with("file:")) return read_pin_file(folder / rest("file:"));
  if (source.starts_with("env:")) {
    const char* value = std::getenv(rest("env:").c_str());
    if (value == nullptr || *value == 0)
      return fail(ErrorCode::unauthenticated, "PIN: the environment has no " + rest("env:"));
    return Secret(std::string(value));
  }
  if (source.starts_with("credential:")) {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    const std::string name = rest("credential:");
    if (directory == nullptr || name.find('/') != std::string::npos)
      return fail(ErrorCode::unauthenticated,
                  "PIN: no systemd credential " + name + " (CREDENTIALS_DIRECTORY is not set)");
    const Path path = Path(directory) / name;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(ErrorCode::unauthenticated, "PIN: no systemd credential " + name);
    Result<Secret> pin = read_descriptor(fd, source);
    ::close(fd);
    return pin;
  }
  if (source.starts_with("fd:")) {
    const std::string number = rest("fd:");
    int fd = -1;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), fd);
    if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || fd < 0)
      return fail(ErrorCode::invalid_argument, "PIN source " + source + ": not a file descriptor");
    return read_descriptor(fd, source);
  }
  return fail(ErrorCode::invalid_argument,
              "PIN source of token " + token_label + " is not file:, env:, fd:, credential: or prompt");
}

}  // namespace antin::hsm
