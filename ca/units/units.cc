#include "ca/units/units.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/encoding.h"
#include "ca/units/tables.h"

namespace antin::units {
namespace {

constexpr std::string_view header = "code\tlevel\tfull_name\tparent\tagency_code\tvalid_from\tvalid_to\tsuccessor";

std::unexpected<Error> bad(std::size_t line, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "units line " + std::to_string(line) + ": " + what);
}

std::string_view take(std::string_view& text, char until) {
  const std::size_t end = text.find(until);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

// Midnight in Vietnam.
Result<Time> day(std::string_view text, std::size_t line) {
  const auto time = parse_rfc3339(std::string(text) + "T00:00:00+07:00");
  if (time) return *time;
  return bad(line, "\"" + std::string(text) + "\" is no day like 2025-07-01");
}

Result<Unit> read_unit(std::string_view text, std::size_t line) {
  if (std::ranges::count(text, '\t') != 7) return bad(line, "a line has eight columns, with tabs between");
  std::array<std::string_view, 8> column;
  for (std::string_view& one : column) one = take(text, '\t');
  Unit unit{.code = std::string(column[0]),
            .level = std::string(column[1]),
            .name = {},
            .parent = std::string(column[3]),
            .agency_code = std::string(column[4]),
            .successor = std::string(column[7])};
  const auto name = to_nfc(column[2]);
  if (!name) return bad(line, "the name is not UTF-8");
  unit.name = *name;
  if (unit.code.empty() || unit.name.empty()) return bad(line, "a unit has a code and a name");
  if (unit.level != "province" && unit.level != "district" && unit.level != "commune")
    return bad(line, "the level is none of province, district, commune");
  ANTIN_TRY(unit.from, day(column[5], line));
  if (!column[6].empty()) {
    ANTIN_TRY(unit.until, day(column[6], line));
  }
  if (unit.until && *unit.until <= unit.from) return bad(line, "the unit ends before it begins");
  if (!unit.until && !unit.successor.empty()) return bad(line, "a unit that has not ended has no successor");
  return unit;
}

bool overlap(const Unit& one, const Unit& other) {
  return (!one.until || other.from < *one.until) && (!other.until || one.from < *other.until);
}

std::string named(const Unit& unit) { return unit.code + " (" + unit.name + ")"; }

std::unexpected<Error> refuse(const Unit& unit, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "units: " + named(unit) + ": " + what);
}

Status check_unit(const Units& units, const Unit& unit) {
  for (const Unit& other : units.all()) {
    if (&other == &unit) break;  // each pair once
    if (!overlap(unit, other)) continue;
    if (other.code == unit.code) return refuse(unit, "the code is that of " + named(other) + " at the same time");
    if (!unit.agency_code.empty() && other.agency_code == unit.agency_code)
      return refuse(unit, "the agency code is that of " + named(other) + " at the same time");
  }
  if (unit.level == "province" ? !unit.parent.empty() : units.find(unit.parent, unit.from) == nullptr)
    return refuse(unit, "the parent " + unit.parent + " is not there when the unit begins");
  // Time goes forward from a unit to the one that follows, so that no chain of them comes back.
  if (!unit.successor.empty() && units.successor(unit) == nullptr)
    return refuse(unit, "the successor " + unit.successor + " is not there when the unit ends");
  return {};
}

}  // namespace

Result<Units> Units::read(std::span<const std::string_view> tables) {
  Units units;
  for (std::string_view rest : tables) {
    bool begun = false;
    for (std::size_t line = 1; !rest.empty(); ++line) {
      const std::string_view text = take(rest, '\n');
      if (text.starts_with('#')) continue;
      if (!begun && text != header) return bad(line, "the first line that is no remark names the columns");
      if (std::exchange(begun, true)) {
        ANTIN_TRY(Unit unit, read_unit(text, line));
        units.units_.push_back(std::move(unit));
      }
    }
  }
  for (const Unit& unit : units.units_) ANTIN_CHECK(check_unit(units, unit));
  return units;
}

std::vector<Unit> Units::at(Time at) const {
  std::vector<Unit> found;
  for (const Unit& unit : units_)
    if (unit.in_force(at)) found.push_back(unit);
  return found;
}

const Unit* Units::find(std::string_view code, Time at) const {
  for (const Unit& unit : units_)
    if (unit.code == code && unit.in_force(at)) return &unit;
  return nullptr;
}

const Unit* Units::by_agency_code(std::string_view agency_code, Time at) const {
  for (const Unit& unit : units_)
    if (!agency_code.empty() && unit.agency_code == agency_code && unit.in_force(at)) return &unit;
  return nullptr;
}

const Unit* Units::successor(const Unit& unit) const {
  return unit.until && !unit.successor.empty() ? find(unit.successor, *unit.until) : nullptr;
}

std::vector<const Unit*> Units::predecessors(const Unit& unit) const {
  std::vector<const Unit*> found;
  for (const Unit& other : units_)
    if (successor(other) == &unit) found.push_back(&other);
  return found;
}

std::vector<Time> Units::changes() const {
  std::set<Time> moments;
  for (const Unit& unit : units_) {
    moments.insert(unit.from);
    if (unit.until) moments.insert(*unit.until);
  }
  return {moments.begin(), moments.end()};
}

const Result<Units>& lam_dong() {
  static const Result<Units> all = Units::read(tables());
  return all;
}

}  // namespace antin::units
