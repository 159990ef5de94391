// UnitNames: which unit of the province a certificate's subject names, in whole words of its values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/case_fold.h"
#include "base/encoding.h"
#include "base/result.h"
#include "ca/units/units.h"

namespace antin::foreign {

using units::Unit;

class UnitNames {
 public:
  explicit UnitNames(std::vector<Unit> units);  // those of one time

  struct Found {
    std::vector<std::string> codes;  // one: that unit; several: they fit equally
    std::string level;               // of them
    bool spelling = false;           // only without the marks of the letters
    bool by_place = false;           // `values` name none
  };
  // `values` name the unit; `places` (O, L, ST) tell units of one name apart and count when `values` name none. A
  // commune goes before a district, a district before the province, and the longer name before one that it begins with.
  // An agency code among the values decides alone.
  Found find(const std::vector<std::string>& values, const std::vector<std::string>& places) const;

 private:
  struct Folded {
    Result<std::string> (*fold)(std::string_view);
    std::vector<std::string> names;  // of units_
  };
  std::vector<const Unit*> named(const std::vector<std::string>& values, const Folded& folded) const;
  std::vector<const Unit*> most_specific(const std::vector<const Unit*>& units,
                                         const std::vector<const Unit*>& around) const;

  std::vector<Unit> units_;
  std::map<std::string, std::size_t> by_agency_code_;  // into units_
  Folded exact_{fold_case, {}}, without_marks_{fold_name, {}};
};

}  // namespace antin::foreign
