#include "hsm/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace antin::hsm {
namespace {

constexpr std::array watched = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

std::atomic<int> signal_pipe = -1;  // a handler has no other way to reach its owner

extern "C" void pass_on(int signal) {
  const int kept = errno;
  const auto octet = static_cast<unsigned char>(signal);
  [[maybe_unused]] const ssize_t ignored = ::write(signal_pipe.load(), &octet, 1);
  errno = kept;
}

// While it lives, signals that would end or stop the process come out of fd() instead; one that was ignored stays so.
class Signals {
 public:
  Signals() {
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
    signal_pipe = ends_[1];
    struct sigaction ours{};
    ours.sa_handler = pass_on;
    sigfillset(&ours.sa_mask);
    for (std::size_t i = 0; i < watched.size(); ++i) {
      ::sigaction(watched[i], nullptr, &before_[i]);
      if (before_[i].sa_handler != SIG_IGN) ::sigaction(watched[i], &ours, nullptr);
    }
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() {
    if (ends_[0] < 0) return;
    for (std::size_t i = 0; i < watched.size(); ++i) ::sigaction(watched[i], &before_[i], nullptr);
    signal_pipe = -1;
    for (const int end : ends_) ::close(end);
  }
  int fd() const { return ends_[0]; }
  int next() const {
    unsigned char octet = 0;
    return ends_[0] >= 0 && ::read(ends_[0], &octet, 1) == 1 ? octet : 0;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  std::array<struct sigaction, watched.size()> before_{};
};

class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal), works_(::tcgetattr(terminal, &before_) == 0) {
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
    if (works_) works_ = set(silent);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (works_) set(before_);
  }
  bool works() const { return works_; }

 private:
  bool set(const termios& how) const {
    int done = 0;
    while ((done = ::tcsetattr(terminal_, TCSAFLUSH, &how)) != 0 && errno == EINTR) {
    }
    return done == 0;
  }
  int terminal_;
  termios before_{};
  bool works_;
};

struct Answer {
  std::string line;
  int signal = 0;
  bool ended = false, silent = true;
};

// Reads to the end of the line, the end of input or a signal. What is longer than `most` is read and not kept.
void read_line(int terminal, const Signals& signals, std::size_t most, Answer& answer) {
  std::array<pollfd, 2> wait{pollfd{signals.fd(), POLLIN, 0}, pollfd{terminal, POLLIN, 0}};
  for (char c = 0; c != '\n';) {
    if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) answer.ended = true;
    answer.signal = signals.next();
    if (answer.signal != 0 || answer.ended) return;
    if (wait[1].revents == 0) continue;
    const ssize_t n = ::read(terminal, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    answer.ended = n != 1;
    if (answer.ended) return;
    if (c != '\n' && answer.line.size() <= most) answer.line += c;
  }
}

Answer ask_once(int terminal, const std::string& question, std::size_t most) {
  Answer answer;
  answer.line.reserve(most + 2);  // so that no copy is left behind while it grows
  const Signals signals;
  const Silence silence(terminal);
  answer.silent = silence.works();
  if (!answer.silent) return answer;
  [[maybe_unused]] ssize_t ignored = ::write(terminal, question.data(), question.size());
  read_line(terminal, signals, most, answer);
  ignored = ::write(terminal, "\n", 1);
  return answer;
}

}  // namespace

Result<Secret> ask_terminal(const std::string& question, const std::string& what, std::size_t most) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0)
    return fail(ErrorCode::unauthenticated, what + ": no source is configured and there is no terminal to ask on");
  Answer answer;
  do {
    answer = ask_once(terminal, question, most);
    if (answer.signal != 0) wipe(answer.line.data(), answer.line.size());
    if (answer.signal != 0) ::raise(answer.signal);  // as it would have come, now that the terminal is as it was
  } while (answer.signal == SIGTSTP);
  ::close(terminal);
  const Secret typed(std::move(answer.line));
  if (!answer.silent) return fail(ErrorCode::unauthenticated, what + ": the terminal's echo cannot be switched off");
  if (answer.signal != 0) return fail(ErrorCode::unauthenticated, what + ": the question was interrupted");
  if (answer.ended || typed.empty()) return fail(ErrorCode::unauthenticated, what + ": none was typed");
  if (typed.reveal().size() > most) return fail(ErrorCode::unauthenticated, what + ": what was typed is too long");
  return typed.clone();
}

void tell_terminal(const std::string& text) {
  const int terminal = ::open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return;
  [[maybe_unused]] const ssize_t ignored = ::write(terminal, text.data(), text.size());
  ::close(terminal);
}

}  // namespace antin::hsm
