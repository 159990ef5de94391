#include "ca/lint/host_names.h"

#include <algorithm>

namespace antin::lint {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool alphanumeric(char c) { return letter(c) || digit(c); }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && alphanumeric(label.front()) && alphanumeric(label.back()) &&
         std::ranges::all_of(label, [](char c) { return alphanumeric(c) || c == '-'; });
}

// RFC 5322 §3.2.3.
bool is_dot_atom(std::string_view text) {
  char before = '.';
  for (const char c : text) {
    if (c == '.' ? before == '.' : !(alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c)))
      return false;
    before = c;
  }
  return !text.empty() && before != '.';
}

bool is_quoted_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && ++i == text.size()) return false;
    if ((text[i] == '"' && (i == 0 || text[i - 1] != '\\')) || text[i] < 0x20) return false;
  }
  return true;
}

bool is_ipv4(std::string_view text) {
  int parts = 0;
  for (std::size_t begin = 0; begin <= text.size(); ++parts) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    if (part.empty() || part.size() > 3 || !std::ranges::all_of(part, digit) || (part.size() == 3 && part > "255"))
      return false;
    begin = end + 1;
  }
  return parts == 4;
}

// The form alone: groups are not counted.
bool is_ipv6(std::string_view text) {
  return text.size() >= 2 && text.contains(':') && std::ranges::all_of(text, [](char c) {
           return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
         });
}

bool is_port(std::string_view text) { return text.size() <= 5 && std::ranges::all_of(text, digit); }

bool uri_character(char c) { return alphanumeric(c) || std::string_view("-._~:/?#[]@!$&'()*+,;=%").contains(c); }

std::string_view authority_of(std::string_view rest) {
  rest.remove_prefix(2);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t at = rest.rfind('@');
  return at == std::string_view::npos ? rest : rest.substr(at + 1);
}

}  // namespace

bool is_host_name(std::string_view text) noexcept {
  std::size_t labels = 0;
  std::string_view last;
  for (std::size_t begin = 0; begin <= text.size(); ++labels) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    last = text.substr(begin, end - begin);
    if (!is_label(last)) return false;
    begin = end + 1;
  }
  // RFC 3696 §2: a top-level domain is not all digits; were it to end with one it could be taken for an address.
  return labels >= 2 && last.size() >= 2 && letter(last.back());
}

std::string_view domain_of(std::string_view mailbox) noexcept {
  const std::size_t at = mailbox.find('@');
  return at == std::string_view::npos ? std::string_view() : mailbox.substr(at + 1);
}

bool is_mailbox(std::string_view text) noexcept {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at > 64) return false;
  const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
  return (is_dot_atom(local) || is_quoted_string(local)) && domain.size() <= longest_host && is_host_name(domain);
}

UriParts split_uri(std::string_view text) noexcept {
  UriParts parts;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return parts;
  parts.scheme = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  parts.has_authority = rest.starts_with("//");
  if (!parts.has_authority) return parts;
  const std::string_view authority = authority_of(rest);
  if (authority.starts_with('['))
    parts.host = authority.substr(0, std::min(authority.find(']'), authority.size() - 1) + 1);
  else
    parts.host = authority.substr(0, authority.find(':'));
  return parts;
}

bool is_absolute_uri(std::string_view text) noexcept {
  const UriParts parts = split_uri(text);
  const std::string_view scheme = parts.scheme;
  if (scheme.empty() || !letter(scheme[0]) || text.size() == scheme.size() + 1) return false;
  if (!std::ranges::all_of(scheme, [](char c) { return alphanumeric(c) || c == '+' || c == '-' || c == '.'; }))
    return false;
  if (!std::ranges::all_of(text, uri_character)) return false;
  const bool needs_host = has_scheme(text, "http") || has_scheme(text, "https") || has_scheme(text, "ftp");
  if (!parts.has_authority) return !needs_host;
  const std::string_view authority = authority_of(text.substr(scheme.size() + 1));
  const std::string_view after = authority.substr(parts.host.size());
  if (!after.empty() && !(after[0] == ':' && is_port(after.substr(1)))) return false;
  if (parts.host.starts_with('['))
    return parts.host.ends_with(']') && is_ipv6(parts.host.substr(1, parts.host.size() - 2));
  return is_ipv4(parts.host) || is_host_name(parts.host);
}

bool has_scheme(std::string_view text, std::string_view scheme) noexcept {
  const std::string_view own = split_uri(text).scheme;
  return std::ranges::equal(own, scheme, [](char a, char b) { return (letter(a) ? a | 0x20 : a) == b; });
}

}  // namespace antin::lint
