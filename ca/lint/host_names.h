// Forms of host names, mail addresses and URIs (RFC 1034 §3.5, RFC 1123 §2.1, RFC 5321 §4.1.2, RFC 3986). Only for
// ca/lint.
#pragma once

#include <cstddef>
#include <string_view>

namespace antin::lint {

inline constexpr std::size_t longest_host = 253;  // RFC 1035 §2.3.4 in text, without the last dot

// Two labels or more of letters, digits and inner hyphens, of at most 63 characters; the last one is no number. Says
// nothing about the length of the whole.
bool is_host_name(std::string_view text) noexcept;
// Dot-atom or quoted string, @, host name.
bool is_mailbox(std::string_view text) noexcept;
// After the first @; empty without one.
std::string_view domain_of(std::string_view mailbox) noexcept;

struct UriParts {
  std::string_view scheme, host;
  bool has_authority = false;
};
UriParts split_uri(std::string_view text) noexcept;
// Absolute (RFC 5280 §4.2.1.6), in the characters of RFC 3986, its host a host name or an address.
bool is_absolute_uri(std::string_view text) noexcept;
// Whether the scheme is this one, in either case.
bool has_scheme(std::string_view text, std::string_view scheme) noexcept;

}  // namespace antin::lint
