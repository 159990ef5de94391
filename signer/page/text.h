// Text set in lines of a width, every letter from the one face. Only for what draws.
#pragma once

#include <string>

#include "base/result.h"
#include "signer/page/document.h"
#include "signer/page/glib_ptr.h"

namespace antin::page {

inline constexpr double points_per_mm = 72.0 / 25.4;
inline constexpr const char* face_name = "Liberation Serif";

// A context in which an em is measured in points and no glyph is moved to a pixel.
Context text_context();

// The paragraph in lines `width` points wide. invalid_argument for what the face cannot write.
Result<Layout> set(PangoContext* context, const Paragraph& paragraph, double width);
double height_of(PangoLayout* layout);

}  // namespace antin::page
