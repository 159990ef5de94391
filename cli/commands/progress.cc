#include "cli/commands/progress.h"

#include <ostream>

namespace antin::commands {

void Progress::update(std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  if (session_.terminal) return bar(done, total);
  const int tenth = total == 0 ? 10 : static_cast<int>(done * 10 / total);
  if (tenth == last_tenth_) return;
  last_tenth_ = tenth;
  session_.err() << what_ << ": " << done << "/" << total << '\n';
}

void Progress::bar(std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (done != total && now - drawn_ < std::chrono::milliseconds{50}) return;
  drawn_ = now;
  open_ = true;
  constexpr std::uint64_t width = 30;
  const std::uint64_t filled = total == 0 ? width : done * width / total;
  std::string text;
  for (std::uint64_t i = 0; i < width; ++i) text += i < filled ? "█" : "░";
  session_.err() << '\r' << text << ' ' << done << '/' << total << "  " << what_ << std::flush;
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (open_) session_.err() << '\n';
  open_ = false;
}

}  // namespace antin::commands
