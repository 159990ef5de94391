// KeyUri: what an RFC 7512 URI of ours says about a key: token, id and label.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "hsm/token.h"

namespace antin::wiring {

struct KeyUri {
  std::string token;   // CK_TOKEN_INFO's label
  hsm::KeyRef key;     // `id` and `object`
};
// invalid_argument for another scheme, bad percent-encoding, a doubled attribute, no token, no key, or a PIN in it.
Result<KeyUri> parse_key_uri(std::string_view uri);

}  // namespace antin::wiring
