#include "ca/units/units.h"

#include <algorithm>
#include <array>
#include <set>

#include "tests/catch.h"

using namespace antin;
using units::Unit;
using units::Units;

namespace {

constexpr std::string_view header = "code\tlevel\tfull_name\tparent\tagency_code\tvalid_from\tvalid_to\tsuccessor\n";
constexpr std::string_view province = "68\tprovince\tTỉnh Thử\t\tH36\t2004-01-01\t\t\n";

Result<Units> read(const std::string& lines) {
  const std::string table = std::string(header) + std::string(province) + lines;
  const std::array<std::string_view, 1> tables{table};
  return Units::read(tables);
}
std::string refusal(const std::string& lines) {
  const auto found = read(lines);
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == ErrorCode::invalid_argument);
  return found.error().message;
}
bool says(const std::string& message, std::string_view part) { return message.find(part) != std::string::npos; }

const Units& lam_dong() {
  const auto& known = units::lam_dong();
  INFO((known ? "" : known.error().message));
  REQUIRE(known.has_value());
  return *known;
}
Time day(int year, unsigned month, unsigned day) { return time_at(year, month, day) - vietnam_offset; }
std::ptrdiff_t count(const Units& units, Time at, std::string_view level) {
  return std::ranges::count(units.at(at), level, &Unit::level);
}

}  // namespace

TEST_CASE("the real event: twelve districts, ten after December 2024, none since July 2025; 142 communes became 51") {
  const Units& units = lam_dong();
  CHECK(count(units, day(2022, 12, 28), "district") == 12);
  CHECK(count(units, day(2022, 12, 28), "commune") == 142);
  CHECK(count(units, day(2024, 12, 1), "district") == 10);
  CHECK(count(units, day(2024, 12, 1), "commune") == 137);
  CHECK(count(units, day(2025, 6, 30), "province") == 3);
  CHECK(count(units, day(2025, 7, 1), "province") == 1);
  CHECK(count(units, day(2025, 7, 1), "district") == 0);
  CHECK(count(units, day(2025, 7, 1), "commune") == 124);
  std::set<std::string> followers;
  for (const Unit& unit : units.at(day(2025, 6, 30)))
    if (unit.level == "commune") followers.insert(units.successor(unit)->code);
  CHECK(followers.size() == 51);
}

TEST_CASE("what a code means depends on the day: to the second, in Vietnam") {
  const Units& units = lam_dong();
  const Time change = day(2025, 7, 1);
  CHECK(units.find("24781", change - seconds(1))->name == "Phường 2");
  CHECK(units.find("24781", change)->name == "Phường Xuân Hương - Đà Lạt");
  CHECK(units.find("672", change - seconds(1))->name == "Thành phố Đà Lạt");
  CHECK(units.find("672", change) == nullptr);
  CHECK(units.find("68", change)->agency_code == "H36");
  CHECK(units.by_agency_code("904.92.90.H36", change - seconds(1))->name == "Phường 2");
  CHECK(units.by_agency_code("904.92.90.H36", change) == nullptr);
  CHECK(units.by_agency_code("", change) == nullptr);
}

TEST_CASE("what follows a unit, and what became one") {
  const Units& units = lam_dong();
  const Time before = day(2025, 6, 30), after = day(2025, 7, 1);
  const Unit* xuan_huong = units.find("24781", after);
  std::vector<std::string> names;
  for (const Unit* unit : units.predecessors(*xuan_huong)) names.push_back(unit->name);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"Phường 1", "Phường 10", "Phường 2", "Phường 3", "Phường 4"});
  for (const Unit* unit : units.predecessors(*xuan_huong)) CHECK(unit->parent == "672");
  CHECK(units.successor(*xuan_huong) == nullptr);
  CHECK(units.successor(*units.find("672", before)) == nullptr);  // a district ended, and nothing follows it
  CHECK(units.successor(*units.find("67", before))->name == "Tỉnh Lâm Đồng");
  // Xã Ninh Gia stayed as it was, but for its district.
  CHECK(units.successor(*units.find("24985", before))->name == units.find("24985", before)->name);
  // Cát Tiên went into another district half a year before.
  const Unit* town = units.find("25159", day(2022, 1, 1));
  CHECK(units.successor(*town)->parent == "682");
  CHECK(units.successor(*units.successor(*town))->name == "Xã Cát Tiên");
}

TEST_CASE("a table is refused when it contradicts itself in time") {
  const std::string one = "1\tcommune\tXã Một\t68\t900.H36\t2004-01-01\t2025-07-01\t2\n";
  const std::string two = "2\tcommune\tXã Hai\t68\t901.H36\t2025-07-01\t\t\n";
  CHECK(read(one + two).has_value());
  SECTION("two of one code at one time") {
    CHECK(says(refusal(one + two + "1\tcommune\tXã Ba\t68\t902.H36\t2025-06-30\t\t\n"),
               "the code is that of 1 (Xã Một)"));
    CHECK(read(one + two + "1\tcommune\tXã Ba\t68\t902.H36\t2025-07-01\t\t\n").has_value());
  }
  SECTION("two of one agency code at one time") {
    CHECK(says(refusal(one + two + "3\tcommune\tXã Ba\t68\t901.H36\t2026-01-01\t\t\n"),
               "the agency code is that of 2"));
    CHECK(read(one + two + "3\tcommune\tXã Ba\t68\t900.H36\t2025-07-01\t\t\n").has_value());
  }
  SECTION("a successor that is not there then, or comes only later") {
    CHECK(says(refusal(one), "the successor 2 is not there"));
    CHECK(says(refusal(one + "2\tcommune\tXã Hai\t68\t901.H36\t2025-07-02\t\t\n"), "the successor 2 is not there"));
  }
  SECTION("a circle of successors: nothing that ended is there when its follower ends") {
    CHECK(says(refusal("1\tcommune\tXã Một\t68\t\t2004-01-01\t2025-07-01\t2\n"
                       "2\tcommune\tXã Hai\t68\t\t2004-01-01\t2025-07-02\t1\n"),
               "the successor 1 is not there"));
  }
  SECTION("a successor of one that has not ended") {
    CHECK(says(refusal("1\tcommune\tXã Một\t68\t\t2004-01-01\t\t2\n" + two), "has not ended"));
  }
  SECTION("a parent that is not there") {
    CHECK(says(refusal("1\tcommune\tXã Một\t672\t\t2004-01-01\t\t\n"), "the parent 672"));
  }
  SECTION("an end before the beginning, a day that is none, a level, a column too few") {
    CHECK(says(refusal("1\tcommune\tXã Một\t68\t\t2025-07-01\t2025-07-01\t\n"), "ends before it begins"));
    CHECK(says(refusal("1\tcommune\tXã Một\t68\t\t2025-02-30\t\t\n"), "is no day"));
    CHECK(says(refusal("1\tvillage\tXã Một\t68\t\t2025-07-01\t\t\n"), "the level"));
    CHECK(says(refusal("1\tcommune\tXã Một\t68\t\t2025-07-01\t\n"), "units line 3: a line has eight columns"));
  }
}
