#include "ca/personal/random_pin.h"

#include <array>
#include <string>

namespace antin::personal {

Result<Secret> random_pin(RandomSource& random, std::size_t digits) {
  std::string pin;
  pin.reserve(digits);  // never moved, so that no copy is left behind
  // A source that gives nothing usable is broken: it must not be asked for ever.
  for (unsigned tries = 0; pin.size() < digits; ++tries) {
    std::array<std::uint8_t, 32> octets{};
    const Status filled = tries < 16 ? random.fill(octets)
                                     : Status(fail(ErrorCode::internal, "random source: gives the same octets always"));
    if (!filled) {
      wipe(pin.data(), pin.size());
      return fail(filled.error());
    }
    for (const std::uint8_t octet : octets)
      if (octet < 250 && pin.size() < digits) pin += static_cast<char>('0' + octet % 10);  // 250 is a multiple of 10
    wipe(octets.data(), octets.size());
  }
  return Secret(std::move(pin));
}

}  // namespace antin::personal
