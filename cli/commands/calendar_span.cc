#include "cli/commands/calendar_span.h"

#include <algorithm>

namespace antin::commands {
namespace {

Time months_after(Time from, unsigned count) {
  const auto local = from + vietnam_offset;
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date{day};
  auto moved = date + std::chrono::months{static_cast<int>(count)};
  if (!moved.ok()) moved = moved.year() / moved.month() / std::chrono::last;
  return std::chrono::sys_days{moved} + (local - day) - vietnam_offset;
}

}  // namespace

Result<CalendarSpan> read_calendar_span(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::string_view digits = text.substr(0, text.empty() ? 0 : text.size() - 1);
  unsigned number = 0;
  if (!digits.empty() && digits.size() <= 4 && std::ranges::all_of(digits, is_digit))
    for (const char c : digits) number = number * 10 + static_cast<unsigned>(c - '0');
  if (number == 0 || !std::string_view("dwmy").contains(text.back()))
    return fail(ErrorCode::invalid_argument,
                "\"" + std::string(text.substr(0, 40)) +
                    "\" is no length of time: want a number from 1 to 9999 and d, w, m or y, as 90d, 12w, 6m, 1y");
  return CalendarSpan{number, text.back()};
}

Time after(Time from, CalendarSpan span) {
  switch (span.unit) {
    case 'w':
      return from + days{7 * static_cast<int>(span.number)};
    case 'm':
      return months_after(from, span.number);
    case 'y':
      return months_after(from, 12 * span.number);
    default:
      return from + days{static_cast<int>(span.number)};
  }
}

}  // namespace antin::commands
