#include "ca/x509/serial_number.h"

#include <array>

#include "base/encoding.h"

namespace antin::x509 {
namespace {

constexpr std::size_t largest = 20, largest_foreign = 64;

ByteView without_zeros(ByteView octets) {
  while (!octets.empty() && octets[0] == 0) octets = octets.subspan(1);
  return octets;
}

// Two's complement of content octets: the magnitude of a negative number from its octets, and the other way round.
Bytes negated(ByteView content) {
  Bytes out = to_bytes(content);
  unsigned carry = 1;
  for (std::size_t i = out.size(); i-- > 0;) {
    const unsigned sum = (~static_cast<unsigned>(out[i]) & 0xffU) + carry;
    out[i] = static_cast<std::uint8_t>(sum & 0xffU);
    carry = sum >> 8;
  }
  return out;
}

}  // namespace

Result<SerialNumber> SerialNumber::random(RandomSource& source) {
  std::array<std::uint8_t, largest> octets{};
  for (int attempt = 0; attempt < 16; ++attempt) {
    ANTIN_CHECK(source.fill(octets));
    octets[0] &= 0x7fU;
    const ByteView magnitude = without_zeros(octets);
    if (magnitude.size() > 16) return SerialNumber(to_bytes(magnitude));
  }
  return fail(ErrorCode::internal, "serial number: the random source gives zeros: it is broken");
}

Result<SerialNumber> SerialNumber::from_unsigned(ByteView big_endian) {
  const ByteView magnitude = without_zeros(big_endian);
  if (magnitude.empty()) return fail(ErrorCode::invalid_argument, "serial number: zero or empty");
  if (magnitude.size() > largest || (magnitude.size() == largest && (magnitude[0] & 0x80U) != 0))
    return fail(ErrorCode::invalid_argument, "serial number: longer than 20 octets in DER");
  return SerialNumber(to_bytes(magnitude));
}

Result<SerialNumber> SerialNumber::from_der_content(ByteView content) {
  if (content.empty() || content.size() > largest_foreign)
    return fail(ErrorCode::invalid_argument, "serial number: empty or longer than 64 octets");
  if ((content[0] & 0x80U) != 0) return SerialNumber(to_bytes(without_zeros(negated(content))), true);
  return SerialNumber(to_bytes(without_zeros(content)));
}

Result<SerialNumber> SerialNumber::from_hex(std::string_view text) {
  const std::string even = text.size() % 2 == 0 ? std::string(text) : "0" + std::string(text);
  auto octets = antin::from_hex(even);
  if (!octets) return fail(ErrorCode::invalid_argument, "serial number: not hexadecimal");
  return from_unsigned(*octets);
}

std::string SerialNumber::hex() const {
  std::string text = to_hex_upper(magnitude_);
  if (text.starts_with('0')) text.erase(0, 1);
  if (text.empty()) text = "0";
  return negative_ ? "-" + text : text;
}

Bytes SerialNumber::der_content() const {
  Bytes content;
  if (magnitude_.empty() || (magnitude_[0] & 0x80U) != 0) content.push_back(0);
  append(content, magnitude_);
  if (!negative_) return content;
  content = negated(content);
  if (content.size() > 1 && content[0] == 0xff && (content[1] & 0x80U) != 0) content.erase(content.begin());
  return content;
}

}  // namespace antin::x509
