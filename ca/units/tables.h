// The tables of data/units-lam-dong-*.tsv, constants of the program. Only for ca/units.
#pragma once

#include <span>
#include <string_view>

namespace antin::units {

std::span<const std::string_view> tables() noexcept;

}  // namespace antin::units
