// Progress: how far a long step is: a bar on a terminal, a plain line each tenth elsewhere. Always on stderr.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "cli/commands/session.h"

namespace antin::commands {

// Safe to call from several threads. The line is ended by finish() or the destructor.
class Progress {
 public:
  Progress(Session& session, std::string what) : session_(session), what_(std::move(what)) {}
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done, std::uint64_t total);
  void finish();
  // For functions that report progress; valid as long as this object.
  std::function<void(std::uint64_t, std::uint64_t)> callback() {
    return [this](std::uint64_t done, std::uint64_t total) { update(done, total); };
  }

 private:
  void bar(std::uint64_t done, std::uint64_t total);

  std::mutex mutex_;
  Session& session_;
  std::string what_;
  int last_tenth_ = -1;
  bool open_ = false;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace antin::commands
