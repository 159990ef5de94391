#include "base/random.h"

#include <sys/random.h>

#include <cerrno>

namespace antin {

Status SystemRandom::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(ErrorCode::unavailable, "getrandom: the kernel's random source failed");
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace antin
