#include "base/encoding.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace antin {
namespace {

constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view upper_digits = "0123456789ABCDEF";
constexpr std::string_view standard_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string hex(ByteView bytes, std::string_view alphabet) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    text += alphabet[b >> 4];
    text += alphabet[b & 15];
  }
  return text;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string encode64(ByteView bytes, std::string_view alphabet, bool pad) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16;
    if (left > 1) group |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
    if (left > 2) group |= bytes[i + 2];
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= left)
        text += alphabet[(group >> (18 - 6 * k)) & 63];
      else if (pad)
        text += '=';
    }
  }
  return text;
}

Result<Bytes> decode64(std::string_view text, std::string_view alphabet, bool padded) {
  std::array<int, 256> value{};
  value.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) value[static_cast<std::uint8_t>(alphabet[i])] = static_cast<int>(i);
  if (padded) {
    if (text.size() % 4 != 0) return fail(ErrorCode::invalid_argument, "base64: length is not a multiple of four");
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return fail(ErrorCode::invalid_argument, "base64: one character is left over");
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int v = value[static_cast<std::uint8_t>(c)];
    if (v < 0) return fail(ErrorCode::invalid_argument, "base64: a character outside the alphabet");
    group = (group << 6) | static_cast<std::uint32_t>(v);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(group >> bits));
    }
  }
  if ((group & ((1u << bits) - 1)) != 0) return fail(ErrorCode::invalid_argument, "base64: trailing bits are not zero");
  return bytes;
}

struct Free {
  void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
};

Result<std::string> map_utf8(std::string_view text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &out, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(out);
  if (size < 0) return fail(ErrorCode::invalid_argument, "text is not valid UTF-8");
  return std::string(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
}

// The length of the UTF-8 sequence at the start of `text`, or 0.
std::size_t sequence_size(std::string_view text) {
  utf8proc_int32_t point = -1;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &point);
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

// UAX #15 §9, for the letters that we meet: below U+0300 and in Latin Extended Additional every code point has
// NFC_Quick_Check = Yes and none is a combining mark. A text of these alone is NFC.
bool is_plainly_nfc(std::string_view text) noexcept {
  while (!text.empty()) {
    utf8proc_int32_t point = -1;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (size <= 0 || !(point < 0x300 || (point >= 0x1E00 && point <= 0x1EFF))) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

std::string to_hex(ByteView bytes) { return hex(bytes, lower_digits); }
std::string to_hex_upper(ByteView bytes) { return hex(bytes, upper_digits); }

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(ErrorCode::invalid_argument, "hexadecimal: odd number of digits");
  Bytes bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return fail(ErrorCode::invalid_argument, "hexadecimal: a character that is no digit");
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return bytes;
}

std::string to_base64(ByteView bytes) { return encode64(bytes, standard_alphabet, true); }
std::string to_base64url(ByteView bytes) { return encode64(bytes, url_alphabet, false); }
Result<Bytes> from_base64(std::string_view text) { return decode64(text, standard_alphabet, true); }
Result<Bytes> from_base64url(std::string_view text) { return decode64(text, url_alphabet, false); }

std::string to_pem(std::string_view label, ByteView der) {
  const std::string body = to_base64(der);
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t i = 0; i < body.size(); i += 64) text.append(body, i, 64).append("\n");
  return text + "-----END " + std::string(label) + "-----\n";
}

Result<Bytes> from_pem(std::string_view label, std::string_view text) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  const std::size_t start = text.find(begin);
  if (start == std::string_view::npos)
    return fail(ErrorCode::not_found, "PEM: no block \"" + std::string(label) + "\"");
  const std::size_t from = start + begin.size();
  const std::size_t stop = text.find(end, from);
  if (stop == std::string_view::npos)
    return fail(ErrorCode::invalid_argument, "PEM: the block \"" + std::string(label) + "\" has no end line");
  std::string body;
  for (const char c : text.substr(from, stop - from))
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') body += c;
  return in("PEM", from_base64(body));
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::size_t count_code_points(std::string_view utf8) noexcept {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

bool has_invisible(std::string_view utf8) noexcept {
  const auto* text = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
  for (auto left = static_cast<utf8proc_ssize_t>(utf8.size()); left > 0;) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(text, left, &point);
    if (size <= 0) return false;
    text += size;
    left -= size;
    switch (utf8proc_category(point)) {
      case UTF8PROC_CATEGORY_CC:
      case UTF8PROC_CATEGORY_CF:
      case UTF8PROC_CATEGORY_ZL:
      case UTF8PROC_CATEGORY_ZP:
        return true;
      default:
        break;
    }
    if (point >= 0x2060 && point <= 0x206f) return true;
  }
  return false;
}

Result<std::string> to_nfc(std::string_view utf8) {
  if (is_plainly_nfc(utf8)) return std::string(utf8);
  return map_utf8(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

Result<std::string> fold_name(std::string_view utf8) {
  ANTIN_TRY(const std::string bare,
            map_utf8(utf8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD));
  std::string key;
  for (std::string_view rest = bare; !rest.empty();) {
    const std::size_t size = sequence_size(rest);
    const std::string_view letter = rest.substr(0, size);
    rest.remove_prefix(size);
    if (letter == "đ")
      key += 'd';
    else if (letter == " " || letter == "\t" || letter == "\u00a0") {
      if (!key.empty() && key.back() != ' ') key += ' ';
    } else if (letter != "'" && letter != "\u2019")
      key += letter;
  }
  while (!key.empty() && key.back() == ' ') key.pop_back();
  return key;
}

}  // namespace antin
