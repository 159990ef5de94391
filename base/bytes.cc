#include "base/bytes.h"

#include <algorithm>

namespace antin {

bool equal(ByteView a, ByteView b) noexcept { return std::ranges::equal(a, b); }

bool equal_constant_time(ByteView a, ByteView b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace antin
