// RFC 7512 URIs, the part that names a token and a key: `pkcs11:token=…;serial=…;id=%01%02;object=…;type=private`.
#pragma once

#include <string>
#include <string_view>

#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

// What is empty is not asked for.
struct Uri {
  std::string token{}, serial{}, model{}, manufacturer{};
  KeyRef key{};
};
// invalid_argument for another scheme, an unknown or repeated attribute, a bad escape, a type other than `private`, or
// any PIN in the URI.
Result<Uri> parse_uri(std::string_view text);
// True for what is meant as a URI, well-formed or not; any other text is a label.
inline bool is_uri(std::string_view text) { return text.starts_with("pkcs11:"); }
// Of a label or a URI: both name a token everywhere.
Result<Uri> parse_token_name(std::string_view label_or_uri);
// A URI that fits this token alone.
Uri identity_of(const TokenInfo& info);
// True when the token is what `wanted` asks for.
bool fits(const Uri& wanted, const TokenInfo& info);
// True when one token may be what both ask for.
bool agree(const Uri& one, const Uri& other);
// With the key's id and label when they are there.
std::string to_text(const Uri& uri);

}  // namespace antin::hsm::pkcs11
