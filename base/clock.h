// Clock: the only source of the present time. Time is UTC with a resolution of one second, as in X.509.
//
// An operation reads the clock once and carries the value. Text is RFC 3339; Vietnam's +07:00 is a fixed offset.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace antin {

using Time = std::chrono::sys_seconds;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// A clock for tests and for `--at`: stands still until it is set.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time time) : time_(time) {}
  Time now() const override { return time_; }
  void set(Time time) { time_ = time; }

 private:
  Time time_;
};

inline constexpr minutes vietnam_offset{7 * 60};

// `2022-12-28T02:30:15Z`.
std::string to_rfc3339(Time time);
// `2022-12-28T09:30:15+07:00`.
std::string to_rfc3339(Time time, minutes offset);
// Accepts `Z` and numeric offsets, upper case T and Z, no fractions longer than nine digits (they are cut off).
Result<Time> parse_rfc3339(std::string_view text);
Time time_at(int year, unsigned month, unsigned day, unsigned hour = 0, unsigned minute = 0, unsigned second = 0);

}  // namespace antin
