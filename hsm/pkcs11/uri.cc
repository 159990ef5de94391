#include "hsm/pkcs11/uri.h"

#include <set>

#include "base/encoding.h"

namespace antin::hsm::pkcs11 {
namespace {

std::unexpected<Error> bad(std::string_view why) {
  return fail(ErrorCode::invalid_argument, "token URI: " + std::string(why) + " (want pkcs11:token=LABEL;serial=…)");
}

Result<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto octet = from_hex(text.substr(i + 1, 2));
    if (!octet || octet->size() != 1) return bad("a bad % escape");
    out += static_cast<char>(octet->front());
    i += 2;
  }
  return out;
}

std::string escape(std::string_view text) {
  constexpr std::string_view plain = "-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos)
      out += c;
    else
      out += "%" + to_hex_upper(bytes_of({&c, 1}));
  }
  return out;
}

Status set(Uri& uri, std::string_view name, std::string value) {
  if (name == "token")
    uri.token = std::move(value);
  else if (name == "serial")
    uri.serial = std::move(value);
  else if (name == "model")
    uri.model = std::move(value);
  else if (name == "manufacturer")
    uri.manufacturer = std::move(value);
  else if (name == "object")
    uri.key.label = std::move(value);
  else if (name == "id")
    uri.key.id = to_bytes(value);
  else if (name.starts_with("pin"))
    return bad("a PIN does not belong into a URI");
  else if (name != "type")
    return bad("unknown attribute \"" + std::string(name) + "\"");
  else if (value != "private")
    return bad("type=" + value + " is nothing that signs; a key has type=private");
  return {};
}

}  // namespace

Result<Uri> parse_uri(std::string_view text) {
  if (!text.starts_with("pkcs11:")) return bad("not a pkcs11: URI");
  text.remove_prefix(7);
  Uri uri;
  std::set<std::string_view> seen;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(";?&"), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = part.find('=');
    if (part.empty()) continue;
    if (equals == std::string_view::npos) return bad("an attribute without a value");
    if (!seen.insert(part.substr(0, equals)).second) return bad("an attribute that stands twice");
    ANTIN_TRY(std::string value, unescape(part.substr(equals + 1)));
    ANTIN_CHECK(set(uri, part.substr(0, equals), std::move(value)));
  }
  if (uri.token.empty() && uri.serial.empty()) return bad("neither a token's label nor its serial");
  return uri;
}

Result<Uri> parse_token_name(std::string_view label_or_uri) {
  if (is_uri(label_or_uri)) return parse_uri(label_or_uri);
  return Uri{.token = std::string(label_or_uri)};
}

Uri identity_of(const TokenInfo& info) { return {.token = info.label, .serial = info.serial}; }

bool agree(const Uri& one, const Uri& other) {
  const auto same = [](const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; };
  return same(one.token, other.token) && same(one.serial, other.serial) && same(one.model, other.model) &&
         same(one.manufacturer, other.manufacturer);
}

bool fits(const Uri& wanted, const TokenInfo& info) {
  const auto asked = [](const std::string& want, const std::string& is) { return want.empty() || want == is; };
  return asked(wanted.token, info.label) && asked(wanted.serial, info.serial) && asked(wanted.model, info.model) &&
         asked(wanted.manufacturer, info.manufacturer);
}

std::string to_text(const Uri& uri) {
  std::string text = "pkcs11:token=" + escape(uri.token);
  if (!uri.serial.empty()) text += ";serial=" + escape(uri.serial);
  if (!uri.model.empty()) text += ";model=" + escape(uri.model);
  if (!uri.manufacturer.empty()) text += ";manufacturer=" + escape(uri.manufacturer);
  if (!uri.key.id.empty()) {
    text += ";id=";
    for (const std::uint8_t octet : uri.key.id) text += "%" + to_hex_upper({&octet, 1});
  }
  if (!uri.key.label.empty()) text += ";object=" + escape(uri.key.label);
  return text;
}

}  // namespace antin::hsm::pkcs11
