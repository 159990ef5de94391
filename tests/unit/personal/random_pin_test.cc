#include "ca/personal/random_pin.h"

#include <algorithm>
#include <array>
#include <set>

#include "tests/catch.h"

using namespace antin;

namespace {

struct Constant final : RandomSource {
  explicit Constant(std::uint8_t octet) : octet_(octet) {}
  Status fill(std::span<std::uint8_t> out) override {
    std::ranges::fill(out, octet_);
    return {};
  }
  std::uint8_t octet_;
};

struct Broken final : RandomSource {
  Status fill(std::span<std::uint8_t>) override { return fail(ErrorCode::unavailable, "no random octets"); }
};

// Every octet once, in turn.
struct Counting final : RandomSource {
  Status fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = next_++;
    return {};
  }
  std::uint8_t next_ = 0;
};

}  // namespace

TEST_CASE("a PIN has as many digits as were asked for, and no two are the same") {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto pin = personal::random_pin(random, personal::so_pin_digits);
    REQUIRE(pin.has_value());
    CHECK(pin->reveal().size() == 16);
    CHECK(pin->reveal().find_first_not_of("0123456789") == std::string_view::npos);
    seen.emplace(pin->reveal());
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("of all octets each digit comes as often as the others") {
  Counting random;
  const auto pin = personal::random_pin(random, 250);
  REQUIRE(pin.has_value());
  for (char digit = '0'; digit <= '9'; ++digit) CHECK(std::ranges::count(pin->reveal(), digit) == 25);
}

TEST_CASE("a random source that fails, or gives nothing that can be used, gives no PIN") {
  Broken broken;
  CHECK(personal::random_pin(broken, 8).error().code == ErrorCode::unavailable);
  Constant stuck(255);
  CHECK(personal::random_pin(stuck, 8).error().code == ErrorCode::internal);
}
