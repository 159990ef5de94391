#include "ca/x509/serial_number.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::x509;

namespace {
// Gives the same octet for ever.
class Stuck final : public RandomSource {
 public:
  explicit Stuck(std::uint8_t octet) : octet_(octet) {}
  Status fill(std::span<std::uint8_t> out) override {
    for (auto& o : out) o = octet_;
    return {};
  }

 private:
  std::uint8_t octet_;
};
}  // namespace

TEST_CASE("edge serials keep their octets on every way") {
  struct Row {
    const char *hex, *magnitude, *content;
  };
  const Row rows[] = {
      {"80", "80", "0080"},
      {"FF", "ff", "00ff"},
      {"00FF", "ff", "00ff"},
      {"7F", "7f", "7f"},
      {"1", "01", "01"},
      {"8000000000000000", "8000000000000000", "008000000000000000"},
      {"7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "7fffffffffffffffffffffffffffffffffffffff",
       "7fffffffffffffffffffffffffffffffffffffff"},
  };
  for (const Row& row : rows) {
    INFO(row.hex);
    const SerialNumber serial = SerialNumber::from_hex(row.hex).value();
    CHECK(to_hex(serial.magnitude()) == row.magnitude);
    CHECK(to_hex(serial.der_content()) == row.content);
    CHECK(SerialNumber::from_unsigned(from_hex(row.magnitude).value()).value() == serial);
    CHECK(SerialNumber::from_der_content(serial.der_content()).value() == serial);
    CHECK(SerialNumber::from_hex(serial.hex()).value() == serial);
  }
  CHECK(SerialNumber::from_hex("0a").value().hex() == "A");
}

TEST_CASE("serials that RFC 5280 forbids are refused") {
  for (const char* bad : {"", "0", "00", "8000000000000000000000000000000000000000",
                          "010000000000000000000000000000000000000000", "xyz", "-1"}) {
    INFO(bad);
    CHECK_FALSE(SerialNumber::from_hex(bad).has_value());
  }
}

TEST_CASE("foreign serials may be zero or negative and are never confused with positive ones") {
  const auto content = [](std::string_view text) {
    return SerialNumber::from_der_content(from_hex(text).value()).value();
  };
  CHECK(content("ff").hex() == "-1");
  CHECK(content("ff") != content("01"));
  CHECK(content("ff") != content("00ff"));
  CHECK(content("80").hex() == "-80");
  CHECK(content("00").hex() == "0");
  for (const char* text : {"ff", "80", "00", "ff7f", "8000", "00ff"})
    CHECK(to_hex(content(text).der_content()) == text);
}

TEST_CASE("random serials are positive, at most 20 octets, never repeat and use every free bit") {
  SystemRandom source;
  std::vector<std::array<std::uint8_t, 20>> seen;
  std::array<int, 159> set_bits{};
  constexpr int count = 1'000'000;
  seen.reserve(count);
  for (int i = 0; i < count; ++i) {
    const SerialNumber serial = SerialNumber::random(source).value();
    const Bytes content = serial.der_content();
    const ByteView m = serial.magnitude();
    const bool fits = content.size() <= 20 && m.size() > 16 && m[0] != 0 && (content[0] & 0x80U) == 0;
    if (!fits) FAIL("serial " << to_hex(content));
    std::ranges::copy(content, seen.emplace_back().begin() + static_cast<std::ptrdiff_t>(20 - content.size()));
    for (std::size_t bit = 0; bit < 159 && bit / 8 < m.size(); ++bit)
      if ((m[m.size() - 1 - bit / 8] >> (bit % 8) & 1U) != 0) ++set_bits[bit];
  }
  std::ranges::sort(seen);
  CHECK(std::ranges::adjacent_find(seen) == seen.end());
  // Seven standard deviations on either side of a half: a wrong alarm once in 10⁹ runs.
  for (const int ones : set_bits) CHECK(std::abs(ones - count / 2) < 3500);
}

TEST_CASE("a process and its copy, made while the source was in use, draw different serials") {
  SystemRandom source;
  const auto draw = [&source] {
    std::vector<std::string> drawn;
    for (int i = 0; i < 500; ++i) drawn.push_back(SerialNumber::random(source).value().hex());
    return drawn;
  };
  std::vector<std::string> all = draw();  // whatever state it might keep is there before the copy is made
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t copy = ::fork();
  if (copy == 0) {
    std::string text;
    for (const std::string& serial : draw()) text += serial + "\n";
    ::_exit(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  for (const std::string& serial : draw()) all.push_back(serial);
  std::string told;
  char part[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], part, sizeof part)) > 0;)
    told.append(part, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(copy, &status, 0) == copy);
  REQUIRE(status == 0);
  std::istringstream lines(told);
  for (std::string serial; std::getline(lines, serial);) all.push_back(serial);
  CHECK(all.size() == 1500);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
}

TEST_CASE("a stuck random source gives an error, not a serial of zero") {
  Stuck zeros(0x00), ones(0xff);
  CHECK_FALSE(SerialNumber::random(zeros).has_value());
  CHECK(SerialNumber::random(ones).value().hex() == "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
}
