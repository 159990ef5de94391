// The one function of the module that draws. Both sides are of one build. Only for signer/page.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "signer/page/document.h"

namespace antin::page {

inline constexpr const char* module_name = "antin-page.so";
inline constexpr const char* module_function = "antin_page_draw";
using DrawFunction = void (*)(const Document& document, Result<Bytes>& drawn);

}  // namespace antin::page
