#include "ca/x509/serial_number.h"

#include <set>

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
  std::set<Bytes> seen;
  std::array<int, 159> set_bits{};
  constexpr int count = 20000;
  for (int i = 0; i < count; ++i) {
    const SerialNumber serial = SerialNumber::random(source).value();
    const Bytes content = serial.der_content();
    REQUIRE(content.size() <= 20);
    REQUIRE(serial.magnitude().size() > 16);
    REQUIRE((content[0] & 0x80U) == 0);
    REQUIRE(seen.insert(content).second);
    const ByteView m = serial.magnitude();
    for (std::size_t bit = 0; bit < 159 && bit / 8 < m.size(); ++bit)
      if ((m[m.size() - 1 - bit / 8] >> (bit % 8) & 1U) != 0) ++set_bits[bit];
  }
  // Seven standard deviations on either side of a half: a wrong alarm once in 10⁹ runs.
  for (const int ones : set_bits) CHECK(std::abs(ones - count / 2) < 500);
}

TEST_CASE("a stuck random source gives an error, not a serial of zero") {
  Stuck zeros(0x00), ones(0xff);
  CHECK_FALSE(SerialNumber::random(zeros).has_value());
  CHECK(SerialNumber::random(ones).value().hex() == "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
}
