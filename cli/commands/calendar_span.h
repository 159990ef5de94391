// CalendarSpan: a length of time as people write it, `90d`, `12w`, `6m`, `1y`, counted on Vietnam's calendar.
//
// Days and weeks are of 24 hours and seven days. Months and years keep the day of the month and the time of day of
// +07:00; where the month has no such day, its last day counts: 31 January and `1m` give 28 or 29 February.
#pragma once

#include <string_view>

#include "base/clock.h"

namespace antin::commands {

struct CalendarSpan {
  unsigned number = 0;  // 1 to 9999
  char unit = 'd';      // d, w, m or y
};

// invalid_argument for anything else, with the forms that are wanted.
Result<CalendarSpan> read_calendar_span(std::string_view text);
Time after(Time from, CalendarSpan span);

}  // namespace antin::commands
