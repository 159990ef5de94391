// Units: the administrative units of the province, each with the time in which it was so: name, level, parent and
// agency code, and which unit followed when it ended. docs/formats/units.md.
//
// A code alone names no unit: 24781 was Phường 2 and has been Phường Xuân Hương - Đà Lạt since 1 July 2025. Whoever
// asks says for when. Immutable once read; safe for all threads.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace antin::units {

struct Unit {
  std::string code;                // of the GSO list
  std::string level;               // `province`, `district`, `commune`
  std::string name;                // in full: `Phường 7`, `Thị trấn D'Ran`
  std::string parent;              // code, empty for a province
  std::string agency_code;         // of documents (QCVN 102), or empty when it is not known
  Time from{};                     // first moment in which all of this is so
  std::optional<Time> until = {};  // first moment in which it no longer is; none while it is
  std::string successor = {};      // code of the unit that follows at `until`, or empty

  bool in_force(Time at) const noexcept { return from <= at && (!until || at < *until); }
};

class Units {
 public:
  // Tables in the form of data/units-lam-dong-*.tsv, one register from all of them. invalid_argument names line and
  // column of a value that cannot be read, of two units of one code or agency code at one time, of a parent or a
  // successor that is not there when it should be.
  static Result<Units> read(std::span<const std::string_view> tables);

  const std::vector<Unit>& all() const noexcept { return units_; }  // in the order of the tables
  std::vector<Unit> at(Time at) const;
  // None when no unit had that code then.
  const Unit* find(std::string_view code, Time at) const;
  const Unit* by_agency_code(std::string_view agency_code, Time at) const;
  // What follows a unit that ended; none for one in force, and where nothing follows.
  const Unit* successor(const Unit& unit) const;
  std::vector<const Unit*> predecessors(const Unit& unit) const;
  // Moments in which something changes, in order.
  std::vector<Time> changes() const;

 private:
  std::vector<Unit> units_;
};

// The tables of data/, built into the program.
const Result<Units>& lam_dong();

}  // namespace antin::units
