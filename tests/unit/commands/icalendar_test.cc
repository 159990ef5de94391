#include "cli/commands/icalendar.h"

#include <random>
#include <string>

#include "base/encoding.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::commands;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

std::string unfolded(const std::string& text) {
  std::string out;
  for (const std::string& line : lines_of(text)) {
    if (!out.empty()) REQUIRE(line.starts_with(" "));
    out += out.empty() ? line : line.substr(1);
  }
  return out;
}

}  // namespace

TEST_CASE("a line of any letters is folded at 75 octets between characters and unfolds to itself") {
  std::mt19937 dice(5545);
  const std::vector<std::string> letters{"a", " ", "đ", "Ạ", "ế", "𠀀", "e\xCC\x81"};
  for (int round = 0; round < 3000; ++round) {
    std::string line = "X";
    for (std::size_t n = dice() % 200; n > 0; --n) line += letters[dice() % letters.size()];
    const std::string text = folded(line);
    CHECK(unfolded(text) == line);
    for (const std::string& one : lines_of(text)) {
      CHECK(one.size() <= 75);
      CHECK(is_utf8(one));
    }
  }
  CHECK(folded(std::string(75, 'a')) == std::string(75, 'a') + "\r\n");
  CHECK(folded(std::string(76, 'a')) == std::string(75, 'a') + "\r\n a\r\n");
}

TEST_CASE("octets that are no UTF-8 are folded all the same") {
  const std::string line(400, '\x80');
  const std::string text = folded(line);
  CHECK(unfolded(text) == line);
  for (const std::string& one : lines_of(text)) CHECK(one.size() <= 75);
}

TEST_CASE("a text value escapes what has a meaning and drops control characters") {
  CHECK(text_value("CN=A,O=B;C\\D") == "CN=A\\,O=B\\;C\\\\D");
  CHECK(text_value("a\nb\r\nc\rd") == "a\\nb\\nc\\nd");
  CHECK(text_value(std::string("a\0b\x1b\x7f\tc", 7)) == "ab\tc");
  CHECK(text_value("Đạ K' Nàng") == "Đạ K' Nàng");
}

TEST_CASE("an event is a whole day with an alarm before it") {
  using std::chrono::year;
  const std::string text = icalendar({{.uid = "government-0A@antin",
                                       .date = year{2027} / 12 / 31,
                                       .summary = "Hết hạn: CN=A,O=B",
                                       .description = "dòng 1\ndòng 2",
                                       .alarm_days_before = 60}},
                                     time_at(2022, 12, 28, 2, 30, 15));
  CHECK(text ==
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//antin//antin//VI\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
        "BEGIN:VEVENT\r\nUID:government-0A@antin\r\nDTSTAMP:20221228T023015Z\r\nDTSTART;VALUE=DATE:20271231\r\n"
        "DTEND;VALUE=DATE:20280101\r\nSUMMARY:Hết hạn: CN=A\\,O=B\r\nDESCRIPTION:dòng 1\\ndòng 2\r\n"
        "TRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Hết hạn: CN=A\\,O=B\r\n"
        "TRIGGER:-P60D\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  CHECK(icalendar({}, time_at(2022, 1, 1)).find("VEVENT") == std::string::npos);
}
