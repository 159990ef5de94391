// How much memory reading a PDF may take: a file of some kilobytes can inflate to gigabytes (a PDF bomb).
#pragma once

#include <cstddef>

#include "base/result.h"

namespace antin::pdf {

// Octets for a file of that size: what honest files need many times over.
constexpr std::size_t reading_budget(std::size_t document_size) noexcept {
  return (std::size_t{192} << 20) + 8 * document_size;
}

inline std::unexpected<Error> too_much_memory() {
  return fail(ErrorCode::resource_exhausted,
              "PDF: inflates to far more than its size, as a file made to exhaust memory does; it is not read");
}

}  // namespace antin::pdf
