// RFC 7512 URIs, the part that names a token and a key: `pkcs11:token=…;serial=…;id=%01%02;object=…;type=private`.
#pragma once

#include <string>
#include <string_view>

#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

struct Uri {
  std::string token, serial;
  KeyRef key;
};
// invalid_argument for another scheme, an unknown attribute, a bad escape, or any PIN in the URI.
Result<Uri> parse_uri(std::string_view text);
// With the key's id and label when they are there.
std::string to_text(const Uri& uri);

}  // namespace antin::hsm::pkcs11
