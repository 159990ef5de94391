#include "ca/policy/policy.h"

#include <filesystem>

#include "base/file.h"
#include "tests/catch.h"
#include "tests/json_schema.h"

using namespace antin;
using policy::Act;

namespace {

constexpr Time noon_2022 = std::chrono::sys_days(std::chrono::year(2022) / 12 / 28) + hours(5);

std::vector<std::string> rules(const policy::Policy& policy, const policy::Request& request) {
  std::vector<std::string> found;
  for (const policy::Breach& breach : policy::judge(policy, request)) found.push_back(breach.field + " " + breach.rule);
  return found;
}
using List = std::vector<std::string>;

// Nothing stands against it.
policy::Request renewal() {
  policy::Request request;
  request.act = Act::renew;
  request.at = noon_2022;
  request.personal = true;
  request.subscriber = "CB-0001";
  request.requested_by = "000.00.99.H36";
  request.not_before = request.at;
  request.not_after = time_at(2025, 12, 27);
  request.replaced_not_after = request.at + days(60);
  return request;
}

}  // namespace

TEST_CASE("every built-in policy fits its schema, and one follows the other without a gap") {
  for (const auto& file : std::filesystem::directory_iterator(Path(ANTIN_SOURCE) / "schemas" / "policies"))
    CHECK(tests::misfit("policy.schema.json", text_of(read_file(file.path()).value())).empty());
  const auto all = policy::policies().value();
  REQUIRE(all.size() >= 2);
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].until == all[i].from);
  CHECK_FALSE(all.back().until);
}

TEST_CASE("the day in Vietnam decides which policy is in force") {
  CHECK(policy::policy_at(parse_rfc3339("2024-08-14T23:59:59+07:00").value()).value().name == "nd-130-2018");
  CHECK(policy::policy_at(parse_rfc3339("2024-08-15T00:00:00+07:00").value()).value().name == "nd-68-2024");
  CHECK(policy::policy_at(time_at(2010, 1, 1)).error().code == ErrorCode::not_found);
}

TEST_CASE("a renewal is judged by what is left, by renewals before, by its length and by who asks") {
  const auto old_rule = policy::policy_at(noon_2022).value();
  const auto new_rule = policy::policy_at(time_at(2026, 1, 1)).value();
  policy::Request request = renewal();
  SECTION("nothing stands against it") { CHECK(rules(old_rule, request).empty()); }
  SECTION("a second too late under the old rule, in time under the new one, which has no such limit") {
    request.replaced_not_after = *request.replaced_not_after - seconds(1);
    CHECK(rules(old_rule, request) == List{"replaces roster.renewal_too_late"});
    CHECK(rules(new_rule, request).empty());
  }
  SECTION("renewed before") {
    request.renewals = 1;
    CHECK(rules(old_rule, request) == List{"replaces roster.renewed_before"});
    CHECK(rules(new_rule, request).empty());
  }
  SECTION("longer than three years") {
    request.not_after = request.at + days(3 * 365 + 2);  // 2024 has a day more
    CHECK(rules(old_rule, request) == List{"certificate roster.validity_too_long"});
    CHECK(rules(new_rule, request) == List{"certificate roster.validity_too_long"});
  }
  SECTION("nobody asks") {
    request.requested_by.clear();
    CHECK(rules(old_rule, request) == List{"requested_by roster.not_by_managing_body"});
  }
  SECTION("the person asks for themselves") {
    request.requested_by = request.subscriber;
    CHECK(rules(new_rule, request) == List{"requested_by roster.not_by_managing_body"});
  }
}

TEST_CASE("a new certificate may have five years, a changed one what is left of the old one") {
  const auto rule = policy::policy_at(noon_2022).value();
  policy::Request request = renewal();
  request.act = Act::issue;
  request.not_after = time_at(2027, 12, 28, 5);
  CHECK(rules(rule, request).empty());
  request.not_after = *request.not_after + seconds(1);
  CHECK(rules(rule, request) == List{"certificate roster.validity_too_long"});
  request = renewal();
  request.act = Act::change;
  request.not_after = request.replaced_not_after;
  CHECK(rules(rule, request).empty());
  request.not_after = *request.not_after + seconds(1);
  CHECK(rules(rule, request) == List{"certificate roster.validity_outlives"});
}

TEST_CASE("under every policy a certificate is asked for by the managing body, be it the first one or its end") {
  for (const policy::Policy& rule : policy::policies().value()) {
    for (const Act act : policy::all_acts) {
      INFO(rule.name << " " << policy::to_string(act));
      policy::Request request;
      request.act = act;
      request.at = rule.from;
      request.personal = true;
      request.subscriber = "CB-0001";
      CHECK(rules(rule, request) == List{"requested_by roster.not_by_managing_body"});
      request.requested_by = "CB-0001";
      CHECK(rules(rule, request) == List{"requested_by roster.not_by_managing_body"});
      request.requested_by = "000.00.99.H36";
      CHECK(rules(rule, request).empty());
      request.personal = false;  // a body may ask for its own
      request.requested_by = request.subscriber;
      CHECK(rules(rule, request).empty());
    }
  }
}

TEST_CASE("no policy has suspension unless it says so, and a reminder is never later than a renewal may be asked for") {
  for (const policy::Policy& rule : policy::policies().value()) {
    CHECK_FALSE(rule.suspension);
    CHECK(policy::remind_before(rule) == 60);
    auto text = rule.text;
    text.replace(text.find("\"suspension\": false"), 19, "\"suspension\": true");
    CHECK(policy::Policy::from_json(text).value().suspension);
    const std::size_t renewal = text.find("\"renewal\": {");
    text.replace(renewal, text.find('}', renewal) + 1 - renewal,
                 "\"renewal\": {\"days_left\": 30, \"remind_days\": 20}");
    const auto other = policy::Policy::from_json(text).value();
    CHECK(policy::remind_before(other) == 30);
    CHECK(other.renewal_days_left == 30);
  }
}

TEST_CASE("the latest end of a certificate by its act") {
  const auto rule = policy::policy_at(noon_2022).value();
  CHECK(policy::latest_end(rule, Act::renew, time_at(2024, 2, 29)) == time_at(2027, 2, 27));
  CHECK(policy::latest_end(rule, Act::issue, noon_2022) == noon_2022 + days(5 * 365));
  CHECK_FALSE(policy::latest_end(rule, Act::change, noon_2022));
}

TEST_CASE("a deadline counts working days in Vietnam, or hours") {
  const auto rule = policy::policy_at(noon_2022).value();
  // Wednesday 28 December 2022: Thursday, Friday, Monday.
  CHECK(to_rfc3339(policy::due(rule, Act::renew, noon_2022), vietnam_offset) == "2023-01-03T00:00:00+07:00");
  // Late on a Friday in UTC is Saturday in Vietnam.
  CHECK(to_rfc3339(policy::due(rule, Act::issue, time_at(2022, 12, 30, 20)), vietnam_offset) ==
        "2023-01-05T00:00:00+07:00");
  CHECK(policy::due(rule, Act::revoke, noon_2022) == noon_2022 + hours(12));
}

TEST_CASE("a policy that lacks a member is refused with its name") {
  const auto refused = policy::Policy::from_json("{\"name\":\"x\"}");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(refused.error().message.find("title") != std::string::npos);
}

TEST_CASE("the ends of a roster are spread: the same for the same row, over all days, never beyond its bounds") {
  const Bytes hash(32, 7), other(32, 8);
  const seconds five_years = days(1825);
  std::vector<int> rows_of(61);
  for (std::uint64_t row = 1; row <= 6100; ++row) {
    const days earlier = policy::spread(60, hash, row, 6100, five_years);
    REQUIRE(earlier >= days(0));
    REQUIRE(earlier <= days(60));
    CHECK(earlier == policy::spread(60, hash, row, 6100, five_years));
    ++rows_of[static_cast<std::size_t>(earlier.count())];
  }
  for (const int rows : rows_of) CHECK((rows > 50 && rows < 160));  // 100 each, five standard deviations and more
  int same = 0;
  for (std::uint64_t row = 1; row <= 1000; ++row)
    same += policy::spread(60, hash, row, 6100, five_years) == policy::spread(60, other, row, 6100, five_years) ? 1 : 0;
  CHECK(same < 60);  // another roster, other days
}

TEST_CASE("nothing is spread without days, for one row alone, or over more than a tenth of the validity") {
  const Bytes hash(32, 7);
  for (std::uint64_t row = 1; row <= 200; ++row) {
    CHECK(policy::spread(0, hash, row, 200, days(1825)) == days(0));
    CHECK(policy::spread(60, hash, row, 1, days(1825)) == days(0));
    CHECK(policy::spread(60, hash, row, 3, days(1825)) <= days(2));
    CHECK(policy::spread(60, hash, row, 200, days(30)) <= days(3));
    CHECK(policy::spread(60, hash, row, 200, days(9)) == days(0));
    CHECK(policy::spread(60, hash, row, 200, seconds(-5)) == days(0));
  }
}
