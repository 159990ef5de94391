// multipart/form-data (RFC 7578), read strictly from a body that is whole in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace antin::http {

struct FormPart {
  std::string name, file_name, media_type;
  ByteView content;  // inside the body
};
// The boundary of a Content-Type; invalid_argument when it is not multipart/form-data with one.
Result<std::string> boundary_of(std::string_view content_type);
// At most 64 parts. invalid_argument says what is wrong.
Result<std::vector<FormPart>> parse_multipart(ByteView body, std::string_view boundary);

}  // namespace antin::http
