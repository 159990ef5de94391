#include "cli/commands/authority_server.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace antin::commands {
namespace {

constexpr std::size_t longest_request = 1u << 20;
constexpr int request_patience_ms = 10'000;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

std::unexpected<Error> system_failure(const std::string& what) {
  return fail(ErrorCode::unavailable, what + ": " + std::strerror(errno));
}

Result<sockaddr_un> address_of(const Path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = socket.string();
  if (text.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::invalid_argument,
                "authority: " + text + ": the path is too long for a Unix socket: use a home nearer to the root");
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

Result<Descriptor> listen_on(const Path& socket) {
  ANTIN_TRY(sockaddr_un address, address_of(socket));
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (listener.get() < 0) return system_failure("authority: socket");
  // The exclusive lock is held: a socket that is there was left by a dead process.
  ::unlink(socket.c_str());
  const mode_t before = ::umask(0177);
  const int bound = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::umask(before);
  if (bound != 0) return system_failure("authority: bind " + socket.string());
  if (::listen(listener.get(), 16) != 0) return system_failure("authority: listen");
  return listener;
}

bool peer_allowed(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

// The next line, without its newline; none at the end of the stream, after the patience or when it is too long.
std::optional<std::string> read_line(int connection, int patience_ms) {
  std::string line;
  std::array<char, 4096> block{};
  while (line.size() <= longest_request) {
    pollfd waiting{connection, POLLIN, 0};
    if (::poll(&waiting, 1, patience_ms) <= 0) return std::nullopt;
    const ssize_t size = ::recv(connection, block.data(), block.size(), 0);
    if (size <= 0) return std::nullopt;
    line.append(block.data(), static_cast<std::size_t>(size));
    if (line.back() != '\n') continue;
    line.pop_back();
    return line;
  }
  return std::nullopt;
}

bool write_line(int connection, std::string line) {
  line += '\n';
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t size = ::send(connection, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return false;
    sent += static_cast<std::size_t>(size);
  }
  return true;
}

void serve_one(const AuthorityServer& server, int listener) {
  Descriptor connection(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (connection.get() < 0 || !peer_allowed(connection.get())) return;
  if (std::optional<std::string> request = read_line(connection.get(), request_patience_ms)) {
    write_line(connection.get(), server.answer(*request));
  }
}

Result<Descriptor> stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) return system_failure("authority: signals");
  Descriptor descriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
  if (descriptor.get() < 0) return system_failure("authority: signalfd");
  return descriptor;
}

}  // namespace

Status serve(const AuthorityServer& server) {
  ANTIN_TRY(Descriptor stop, stop_signals());
  ANTIN_TRY(Descriptor listener, listen_on(server.socket));
  for (;;) {
    std::array<pollfd, 2> waiting{pollfd{stop.get(), POLLIN, 0}, pollfd{listener.get(), POLLIN, 0}};
    if (::poll(waiting.data(), waiting.size(), 1000) < 0 && errno != EINTR) return system_failure("authority: poll");
    if (waiting[0].revents != 0) break;
    if (waiting[1].revents != 0) serve_one(server, listener.get());
    server.tick();
  }
  ::unlink(server.socket.c_str());
  return {};
}

Result<std::string> ask(const Path& socket, const std::string& line) {
  ANTIN_TRY(sockaddr_un address, address_of(socket));
  Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connection.get() < 0) return system_failure("authority: socket");
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail(ErrorCode::unavailable,
                "authority: " + socket.string() + ": nobody answers: start `antin authority run`");
  }
  if (!write_line(connection.get(), line))
    return fail(ErrorCode::unavailable, "authority: the request could not be sent");
  std::optional<std::string> answer = read_line(connection.get(), -1);
  if (!answer)
    return fail(ErrorCode::unavailable,
                "authority: it ended without an answer: look at its output, then ask again: nothing is done twice");
  return *answer;
}

}  // namespace antin::commands
