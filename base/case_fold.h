// Case folding: a key for comparing names letter by letter, whatever their case and form.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace antin {

// NFC, case folded, ’ as ', runs of spaces as one and none at the ends. Marks count, unlike in fold_name(): Tú is not
// Tư. Never print it. invalid_argument for text that is not UTF-8.
Result<std::string> fold_case(std::string_view utf8);

}  // namespace antin
