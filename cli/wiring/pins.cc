// Where PINs come from, by the words of antin.toml. Each source is asked at most once a process: a PIN is not tried twice.
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "cli/wiring/tokens.h"

namespace antin::wiring {
namespace {

constexpr std::size_t longest_pin = 255;

std::unexpected<Error> no_pin(const std::string& label, const std::string& why) {
  return fail(ErrorCode::unauthenticated, "PIN of token " + label + ": " + why);
}

// The first line of what `file` holds, at most `longest_pin` octets.
Result<Secret> read_line(int file, const std::string& label) {
  std::array<char, longest_pin + 1> buffer{};
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t got = ::read(file, buffer.data() + size, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || buffer[size] == '\n') break;
    size += static_cast<std::size_t>(got);
  }
  std::string text(buffer.data(), size);
  wipe(buffer.data(), buffer.size());
  if (!text.empty() && text.back() == '\r') text.pop_back();
  if (text.empty() || text.size() > longest_pin) return no_pin(label, "it is empty or too long");
  return Secret(std::move(text));
}

class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Result<Secret> from_file(const Path& path, const std::string& label, bool others_may_read) {
  OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0) return no_pin(label, path.string() + ": " + std::strerror(errno));
  struct stat info {};
  if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return no_pin(label, path.string() + " is not a file");
  if (!others_may_read && (info.st_mode & 0077) != 0) {
    return fail(ErrorCode::permission_denied, "PIN of token " + label + ": " + path.string() + " can be read by others: chmod 600 it");
  }
  return read_line(file.get(), label);
}

Result<Secret> from_descriptor(std::string_view number, const std::string& label) {
  int descriptor = -1;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), descriptor);
  if (error != std::errc{} || end != number.data() + number.size() || descriptor < 0) return no_pin(label, "fd: not a number");
  return read_line(descriptor, label);
}

Result<Secret> from_environment(const std::string& name, const std::string& label) {
  char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return no_pin(label, "the environment has no " + name);
  std::string text(value);
  wipe(value, std::strlen(value));  // nothing that this process starts inherits it
  ::unsetenv(name.c_str());
  return Secret(std::move(text));
}

Result<Secret> from_credential(const std::string& name, const std::string& label) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr) return no_pin(label, "systemd gave no credentials: set LoadCredential=" + name + " in the unit");
  if (name.find('/') != std::string::npos) return no_pin(label, "a credential's name has no slash");
  return from_file(Path(folder) / name, label, true);
}

// Turns the echo of a terminal off for as long as it lives.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal), known_(::tcgetattr(terminal, &before_) == 0) {
    if (!known_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal_, TCSAFLUSH, &quiet);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (known_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }

 private:
  int terminal_;
  termios before_{};
  bool known_;
};

Result<Secret> from_prompt(const std::string& label) {
  OpenFile terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (terminal.get() < 0) return no_pin(label, "there is no terminal to ask on: name another source in antin.toml");
  const std::string question = "PIN (" + label + "): ";
  if (::write(terminal.get(), question.data(), question.size()) < 0) return no_pin(label, "the terminal cannot be written");
  Result<Secret> pin = [&] {
    QuietTerminal quiet(terminal.get());
    return read_line(terminal.get(), label);
  }();
  if (::write(terminal.get(), "\n", 1) < 0) return no_pin(label, "the terminal cannot be written");
  return pin;
}

class ConfiguredPins final : public hsm::PinSource {
 public:
  ConfiguredPins(Path root, bool production, std::map<std::string, std::string> sources)
      : root_(std::move(root)), production_(production), sources_(std::move(sources)) {}

  Result<Secret> pin(const std::string& label) override {
    const auto found = sources_.find(label);
    const std::string source = found == sources_.end() ? "prompt" : found->second;
    const std::size_t colon = std::min(source.find(':'), source.size());
    const std::string kind = source.substr(0, colon), name = colon < source.size() ? source.substr(colon + 1) : "";
    if (kind == "prompt") return from_prompt(label);
    if (kind == "env") return from_environment(name, label);
    if (kind == "fd") return from_descriptor(name, label);
    if (kind == "credential") return from_credential(name, label);
    if (production_) return fail(ErrorCode::permission_denied, "PIN of token " + label + ": a production configuration refuses PIN files");
    return from_file(root_ / name, label, false);
  }

 private:
  Path root_;
  bool production_;
  std::map<std::string, std::string> sources_;
};

}  // namespace

std::unique_ptr<hsm::PinSource> pin_sources(const Home& home, const Config& config, const TokenHome& tokens) {
  return std::make_unique<ConfiguredPins>(home.root, config.production, tokens.pins);
}

}  // namespace antin::wiring
