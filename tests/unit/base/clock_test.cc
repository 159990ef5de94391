#include "base/clock.h"

#include "tests/catch.h"

using namespace antin;

TEST_CASE("RFC 3339 text: UTC and +07:00 name the same instant") {
  const Time t = time_at(2022, 12, 28, 2, 30, 15);
  CHECK(to_rfc3339(t) == "2022-12-28T02:30:15Z");
  CHECK(to_rfc3339(t, vietnam_offset) == "2022-12-28T09:30:15+07:00");
  CHECK(parse_rfc3339("2022-12-28T09:30:15+07:00").value() == t);
  CHECK(parse_rfc3339("2022-12-28T02:30:15.123456789Z").value() == t);
}

TEST_CASE("RFC 3339 text: what is not a time is refused") {
  for (const char* text :
       {"", "2022-12-28", "2022-02-30T00:00:00Z", "2022-12-28T24:00:00Z", "2022-12-28T02:30:15", "2022-12-28 02:30:15Z",
        "2022-12-28T02:30:15+0700", "2022-12-28T02:30:15Zx", "2022-12-28T02:30:15.Z"})
    CHECK_FALSE(parse_rfc3339(text).has_value());
}
