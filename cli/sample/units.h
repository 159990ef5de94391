// Units of Lâm Đồng in 2022, from data/units-lam-dong-2022.tsv, which is built into the program.
#pragma once

#include <string_view>
#include <vector>

namespace antin::sample {

struct Unit {
  std::string_view code;         // of the GSO list
  std::string_view level;        // `province`, `district`, `commune`
  std::string_view name;         // in full: `Phường 7`, `Thị trấn D'Ran`
  std::string_view parent;       // code
  std::string_view agency_code;  // invented
};
const std::vector<Unit>& units();  // 155, in the order of the list
std::vector<const Unit*> units_of(std::string_view level);

}  // namespace antin::sample
