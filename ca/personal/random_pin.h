// PINs that nobody chose.
#pragma once

#include <cstddef>

#include "base/random.h"
#include "base/secret.h"

namespace antin::personal {

inline constexpr std::size_t user_pin_digits = 8;
// As long as the longest that common tokens take (SmartCard-HSM: 16).
inline constexpr std::size_t so_pin_digits = 16;

// Decimal digits, each as likely as the others.
Result<Secret> random_pin(RandomSource& random, std::size_t digits);

}  // namespace antin::personal
