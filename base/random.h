// RandomSource: unpredictable octets for serial numbers, nonces and PINs.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

namespace antin {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  // Fills all of `out` or fails; a partly filled buffer must not be used.
  virtual Status fill(std::span<std::uint8_t> out) = 0;
};

// The kernel's generator (getrandom(2)), without a state of its own, so that a cloned machine never repeats.
class SystemRandom final : public RandomSource {
 public:
  Status fill(std::span<std::uint8_t> out) override;
};

}  // namespace antin
