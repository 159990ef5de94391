// Calendar: days to remember in the form of RFC 5545, which every calendar program imports.
//
// Lines end with CR LF and are folded at 75 octets, never inside a character. The same UID at a later import replaces
// the event that was there.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace antin::commands {

struct CalendarDay {
  std::string uid;  // of the event, for ever
  std::chrono::year_month_day date;
  std::string summary, description;  // UTF-8; lines of the description end with \n
  unsigned alarm_days_before = 0;
};

// `stamp` is when the calendar was made.
std::string icalendar(const std::vector<CalendarDay>& events, Time stamp);

// One content line of RFC 5545 §3.1, folded and ended. What is no UTF-8 is cut where it has to be.
std::string folded(std::string_view line);
// A value of type TEXT (§3.3.11): backslash, semicolon, comma and line ends escaped, other control characters left out.
std::string text_value(std::string_view text);

}  // namespace antin::commands
