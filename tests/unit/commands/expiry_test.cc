#include "cli/commands/calendar_span.h"
#include "cli/commands/cert_expiry.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::commands;

namespace {

const Time now = time_at(2022, 12, 28, 2, 30, 15);

Time until(std::string_view span, Time from = now) {
  const auto read = read_calendar_span(span);
  REQUIRE(read.has_value());
  return after(from, *read);
}

CertificateRow row(const std::string& id, Time not_before, Time not_after,
                   store::CertificateStatus status = store::CertificateStatus::valid) {
  CertificateRow one;
  one.id = id;
  one.status = status;
  one.not_before = not_before;
  one.not_after = not_after;
  return one;
}

}  // namespace

TEST_CASE("a span is counted in days, weeks, and months of Vietnam's calendar") {
  CHECK(until("90d") == now + days{90});
  CHECK(until("12w") == now + days{84});
  CHECK(until("6m") == time_at(2023, 6, 28, 2, 30, 15));
  CHECK(until("1y") == time_at(2023, 12, 28, 2, 30, 15));
  CHECK(until("9999d") == now + days{9999});
  CHECK(until("0007d") == now + days{7});
  // 2023-01-31 06:00 of +07:00, which is the 30th in UTC.
  const Time end_of_january = time_at(2023, 1, 30, 23);
  CHECK(until("1m", end_of_january) == time_at(2023, 2, 27, 23));
  CHECK(until("13m", end_of_january) == time_at(2024, 2, 28, 23));
  CHECK(until("1y", time_at(2024, 2, 29)) == time_at(2025, 2, 28));
}

TEST_CASE("what is no span is refused") {
  for (const char* text :
       {"", "d", "90", "0d", "-1d", "+1d", "1.5y", "90 d", "90D", "90days", "10000d", "1h", "9d ", "d9", "٣d"}) {
    INFO(text);
    const auto read = read_calendar_span(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::invalid_argument);
    CHECK(read.error().message.find("90d, 12w, 6m, 1y") != std::string::npos);
  }
}

TEST_CASE("what ends soon is valid now, ends within the time, and comes in the order of its end") {
  using enum store::CertificateStatus;
  const Time end = now + days{90}, begin = time_at(2020, 1, 1);
  const auto kept =
      expiring({row("late", begin, end), row("soon-b", begin, now + days{1}), row("soon-a", begin, now + days{1}),
                row("now", begin, now), row("past", begin, now - seconds{1}, expired),
                row("after", begin, end + seconds{1}), row("not yet", now + seconds{1}, now + days{2}),
                row("revoked", begin, now + days{3}, revoked), row("suspended", begin, now + days{3}, suspended)},
               now, end);
  std::vector<std::string> ids;
  for (const CertificateRow& one : kept) ids.push_back(one.id);
  CHECK(ids == std::vector<std::string>{"now", "soon-a", "soon-b", "late"});
}
