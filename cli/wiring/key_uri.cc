#include "cli/wiring/key_uri.h"

#include <map>

#include "base/encoding.h"

namespace antin::wiring {
namespace {

Result<Bytes> unescape(std::string_view text) {
  Bytes out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out.push_back(static_cast<std::uint8_t>(text[at]));
      continue;
    }
    if (at + 2 >= text.size()) return fail(ErrorCode::invalid_argument, "a % without two digits");
    ANTIN_TRY(Bytes one, from_hex(text.substr(at + 1, 2)));
    append(out, one);
    at += 2;
  }
  return out;
}

Result<std::map<std::string, Bytes>> attributes_of(std::string_view path) {
  std::map<std::string, Bytes> attributes;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(';'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return fail(ErrorCode::invalid_argument, "an attribute without a value");
    ANTIN_TRY(Bytes value, unescape(part.substr(equals + 1)));
    if (!attributes.emplace(part.substr(0, equals), std::move(value)).second) return fail(ErrorCode::invalid_argument, "an attribute stands twice");
  }
  return attributes;
}

Result<KeyUri> parse(std::string_view uri) {
  if (!uri.starts_with("pkcs11:")) return fail(ErrorCode::invalid_argument, "it does not begin with pkcs11:");
  if (uri.find("pin-") != std::string_view::npos) return fail(ErrorCode::invalid_argument, "it must not hold a PIN or name one");
  ANTIN_TRY(auto attributes, attributes_of(uri.substr(7, uri.find('?') - 7)));
  KeyUri out;
  out.token = text_of(attributes["token"]);
  out.key.id = attributes["id"];
  out.key.label = text_of(attributes["object"]);
  if (out.token.empty()) return fail(ErrorCode::invalid_argument, "it names no token");
  if (out.key.id.empty() && out.key.label.empty()) return fail(ErrorCode::invalid_argument, "it names no key by id or object");
  return out;
}

}  // namespace

Result<KeyUri> parse_key_uri(std::string_view uri) { return in("key URI", parse(uri)); }

}  // namespace antin::wiring
