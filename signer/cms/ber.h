// BER: how long an element is, without reading what it holds.
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.h"

namespace antin::cms {

// Octets of the element that `octets` begins with, definite or indefinite length; none when it is not whole.
std::optional<std::size_t> encoded_size(ByteView octets);

}  // namespace antin::cms
