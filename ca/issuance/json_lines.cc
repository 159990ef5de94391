#include "ca/issuance/json_lines.h"

#include <optional>
#include <vector>

namespace antin::issuance {
namespace {

// One object or array that is open: its pointer, and the key or index of what comes next in it.
struct Level {
  std::string pointer;
  std::optional<std::string> key;  // objects: read, and its value not yet
  std::size_t index = 0;           // arrays
  bool is_array = false;
};

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

class Scanner {
 public:
  explicit Scanner(std::string_view json) : json_(json) {}

  std::map<std::string, unsigned> run() {
    for (; at_ < json_.size(); ++at_) {
      const char c = json_[at_];
      if (c == '\n') ++line_;
      if (c == '"')
        text();
      else if (c == '{' || c == '[')
        open(c == '[');
      else if (c == '}' || c == ']')
        levels_.pop_back();
      else if (c == ',' && levels_.back().is_array)
        ++levels_.back().index;
      else if (std::string_view(" \t\r\n:,").find(c) == std::string_view::npos)
        scalar();
    }
    return std::move(lines_);
  }

 private:
  std::string here() const {
    const Level& level = levels_.back();
    return level.pointer + "/" + (level.is_array ? std::to_string(level.index) : escaped(level.key.value_or("")));
  }
  // A value begins here.
  std::string value() {
    if (levels_.empty()) return "";
    const std::string pointer = here();
    lines_.emplace(pointer, line_);
    levels_.back().key.reset();
    return pointer;
  }
  void open(bool is_array) {
    std::string pointer = value();
    levels_.push_back({std::move(pointer), std::nullopt, 0, is_array});
  }
  void text() {
    const std::size_t begin = ++at_;
    while (json_[at_] != '"') at_ += json_[at_] == '\\' ? 2U : 1U;
    Level& level = levels_.back();
    if (!level.is_array && !level.key) {
      level.key = std::string(json_.substr(begin, at_ - begin));
      lines_.emplace(here(), line_);
    } else {
      value();
    }
  }
  void scalar() {
    value();
    while (at_ + 1 < json_.size() && std::string_view(",]} \t\r\n").find(json_[at_ + 1]) == std::string_view::npos)
      ++at_;
  }

  std::string_view json_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::vector<Level> levels_;
  std::map<std::string, unsigned> lines_;
};

}  // namespace

std::map<std::string, unsigned> lines_of(std::string_view json) { return Scanner(json).run(); }

}  // namespace antin::issuance
