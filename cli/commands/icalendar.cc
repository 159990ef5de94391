#include "cli/commands/icalendar.h"

#include <array>
#include <cstdio>

namespace antin::commands {
namespace {

constexpr std::size_t longest_line = 75;  // octets, without the line's end

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

// How many octets of `text` fit into `room` without cutting a character.
std::size_t fitting(std::string_view text, std::size_t room) {
  if (text.size() <= room) return text.size();
  std::size_t size = room;
  while (size > room - 3 && continues_character(text[size])) --size;
  return continues_character(text[size]) ? room : size;
}

std::string date_value(std::chrono::year_month_day date) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

// `20221228T023015Z`.
std::string utc_value(Time time) {
  std::string text;
  for (const char c : to_rfc3339(time))
    if (c != '-' && c != ':') text += c;
  return text;
}

std::string event(const CalendarDay& day, Time stamp) {
  const std::chrono::year_month_day next{std::chrono::sys_days{day.date} + days{1}};
  return folded("BEGIN:VEVENT") + folded("UID:" + text_value(day.uid)) + folded("DTSTAMP:" + utc_value(stamp)) +
         folded("DTSTART;VALUE=DATE:" + date_value(day.date)) + folded("DTEND;VALUE=DATE:" + date_value(next)) +
         folded("SUMMARY:" + text_value(day.summary)) + folded("DESCRIPTION:" + text_value(day.description)) +
         folded("TRANSP:TRANSPARENT") + folded("BEGIN:VALARM") + folded("ACTION:DISPLAY") +
         folded("DESCRIPTION:" + text_value(day.summary)) +
         folded("TRIGGER:-P" + std::to_string(day.alarm_days_before) + "D") + folded("END:VALARM") +
         folded("END:VEVENT");
}

}  // namespace

std::string folded(std::string_view line) {
  std::size_t size = fitting(line, longest_line);
  std::string text(line.substr(0, size));
  for (line.remove_prefix(size); !line.empty(); line.remove_prefix(size)) {
    size = fitting(line, longest_line - 1);
    text += "\r\n ";
    text += line.substr(0, size);
  }
  return text + "\r\n";
}

std::string text_value(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto octet = static_cast<unsigned char>(c);
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (c == '\n' || c == '\r') {
      out += "\\n";
    } else if (octet == 0x7F || (octet < 0x20 && c != '\t')) {
      continue;
    } else {
      if (std::string_view("\\;,").contains(c)) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string icalendar(const std::vector<CalendarDay>& events, Time stamp) {
  std::string text = folded("BEGIN:VCALENDAR") + folded("VERSION:2.0") + folded("PRODID:-//antin//antin//VI") +
                     folded("CALSCALE:GREGORIAN") + folded("METHOD:PUBLISH");
  for (const CalendarDay& day : events) text += event(day, stamp);
  return text + folded("END:VCALENDAR");
}

}  // namespace antin::commands
