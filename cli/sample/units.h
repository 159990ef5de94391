// Units of Lâm Đồng in 2022, when the sample's certificates are asked for.
#pragma once

#include <string_view>
#include <vector>

#include "ca/units/units.h"

namespace antin::sample {

using units::Unit;
const std::vector<Unit>& units();  // 155, in the order of the list
std::vector<const Unit*> units_of(std::string_view level);

}  // namespace antin::sample
