#include "base/clock.h"

#include <array>
#include <cstdio>

namespace antin {
namespace {

using std::chrono::floor;
using std::chrono::year_month_day;

std::string format(Time local, const char* suffix) {
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss clock{local - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d%s", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), suffix);
  return text.data();
}

// Reads exactly `width` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::unexpected<Error> bad_time(std::string_view text) {
  return fail(ErrorCode::invalid_argument,
              "not an RFC 3339 time: \"" + std::string(text.substr(0, 40)) + "\" (want 2022-12-28T09:30:15+07:00)");
}

}  // namespace

Time SystemClock::now() const { return floor<seconds>(std::chrono::system_clock::now()); }

std::string to_rfc3339(Time time) { return format(time, "Z"); }

std::string to_rfc3339(Time time, minutes offset) {
  const auto count = offset.count();
  const auto size = count < 0 ? -count : count;
  std::array<char, 32> suffix{};
  std::snprintf(suffix.data(), suffix.size(), "%c%02d:%02d", count < 0 ? '-' : '+', static_cast<int>(size / 60),
                static_cast<int>(size % 60));
  return format(time + offset, suffix.data());
}

Result<Time> parse_rfc3339(std::string_view text) {
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return bad_time(text);
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return bad_time(text);
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return bad_time(text);
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    const std::size_t start = ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == start || at - start > 9) return bad_time(text);
  }
  minutes offset{0};
  if (at + 1 == text.size() && text[at] == 'Z') {
    ++at;
  } else if (at + 6 == text.size() && (text[at] == '+' || text[at] == '-') && text[at + 3] == ':') {
    const int oh = digits(text, at + 1, 2), om = digits(text, at + 4, 2);
    if (oh < 0 || oh > 23 || om < 0 || om > 59) return bad_time(text);
    offset = minutes{(oh * 60 + om) * (text[at] == '-' ? -1 : 1)};
    at += 6;
  } else {
    return bad_time(text);
  }
  return Time{std::chrono::sys_days{date}} + hours{hour} + minutes{minute} + seconds{second} - offset;
}

Time time_at(int year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second) {
  const year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  return Time{std::chrono::sys_days{date}} + hours{hour} + minutes{minute} + seconds{second};
}

}  // namespace antin
