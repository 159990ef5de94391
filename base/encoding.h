// Encodings of octets and of text: hexadecimal, base64 (RFC 4648 §4, §5), PEM (RFC 7468), UTF-8 and NFC.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace antin {

std::string to_hex(ByteView bytes);  // lower case, two digits an octet
std::string to_hex_upper(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);  // either case, even length, no separators

std::string to_base64(ByteView bytes);     // padded, one line
std::string to_base64url(ByteView bytes);  // not padded
// Strict: no white space, right padding, zero trailing bits.
Result<Bytes> from_base64(std::string_view text);
Result<Bytes> from_base64url(std::string_view text);

// One PEM block with lines of 64 characters: `label` is `CERTIFICATE`, `X509 CRL`, `CERTIFICATE REQUEST`, …
std::string to_pem(std::string_view label, ByteView der);
// The first block with that label; other text around it is allowed. not_found when there is none.
Result<Bytes> from_pem(std::string_view label, std::string_view text);

bool is_utf8(std::string_view text) noexcept;  // no surrogates, no overlong forms
std::size_t count_code_points(std::string_view utf8) noexcept;
// Whether it has a character that nobody sees: a control or format character, some of which turn the order of the
// others around (categories Cc, Cf, Zl, Zp; all of U+2060 to U+206F). What is not UTF-8 has none.
bool has_invisible(std::string_view utf8) noexcept;
// Unicode Normalization Form C; fails on text that is not UTF-8.
Result<std::string> to_nfc(std::string_view utf8);
// A key for comparing names whatever their form, case, tone placement of marks or apostrophe: NFD without marks, đ→d,
// case folded, ’ and ' dropped, runs of spaces as one. Never print it.
Result<std::string> fold_name(std::string_view utf8);

}  // namespace antin
