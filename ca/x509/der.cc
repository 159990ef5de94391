#include "ca/x509/der.h"

#include <algorithm>

namespace antin::x509::der {
namespace {

__extension__ using Uint128 = unsigned __int128;  // an arc made from a UUID has 128 bits

std::unexpected<Error> not_der(const char* what) {
  return fail(ErrorCode::invalid_argument, std::string("der: ") + what);
}

std::string two(unsigned value) {
  return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

struct Civil {
  int year;
  std::string rest;  // MMDDHHMMSSZ
};

Civil civil(Time value) {
  const auto day = std::chrono::floor<days>(value);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(value - day);
  return {static_cast<int>(date.year()),
          two(static_cast<unsigned>(date.month())) + two(static_cast<unsigned>(date.day())) +
              two(static_cast<unsigned>(clock.hours().count())) + two(static_cast<unsigned>(clock.minutes().count())) +
              two(static_cast<unsigned>(clock.seconds().count())) + "Z"};
}

// An arc of up to 128 bits from decimal text, as base-128 groups.
Result<Bytes> base128(std::string_view decimal, unsigned add) {
  Uint128 value = 0;
  if (decimal.empty() || decimal.size() > 39 || (decimal.size() > 1 && decimal[0] == '0'))
    return not_der("arc of an object identifier");
  for (char c : decimal) {
    if (c < '0' || c > '9') return not_der("arc of an object identifier");
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  value += add;
  Bytes groups{static_cast<std::uint8_t>(value & 0x7fU)};
  for (value >>= 7; value != 0; value >>= 7) groups.push_back(static_cast<std::uint8_t>((value & 0x7fU) | 0x80U));
  std::reverse(groups.begin(), groups.end());
  return groups;
}

std::string decimal(Uint128 value) {
  std::string text;
  do text.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
  while ((value /= 10) != 0);
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace

Bytes header(std::uint8_t tag, std::size_t content_size) {
  Bytes out{tag};
  if (content_size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(content_size));
    return out;
  }
  int count = 1;
  for (std::size_t rest = content_size >> 8; rest != 0; rest >>= 8) ++count;
  out.push_back(static_cast<std::uint8_t>(0x80 | count));
  for (int i = count - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>((content_size >> (8 * i)) & 0xffU));
  return out;
}

Bytes tlv(std::uint8_t tag, ByteView content) {
  Bytes out = header(tag, content.size());
  append(out, content);
  return out;
}

Bytes concat(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (ByteView part : parts) append(out, part);
  return out;
}

Bytes constructed(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (ByteView part : parts) size += part.size();
  Bytes out = header(tag, size);
  out.reserve(out.size() + size);
  for (ByteView part : parts) append(out, part);
  return out;
}

Bytes sequence_of(const std::vector<Bytes>& parts) {
  Bytes content;
  for (const Bytes& part : parts) append(content, part);
  return tlv(sequence_tag, content);
}

Bytes set_of(std::vector<Bytes> parts, std::uint8_t tag) {
  std::sort(parts.begin(), parts.end());
  Bytes content;
  for (const Bytes& part : parts) append(content, part);
  return tlv(tag, content);
}

Bytes boolean(bool value) { return {boolean_tag, 1, static_cast<std::uint8_t>(value ? 0xff : 0x00)}; }

Bytes integer(std::uint64_t value) {
  std::array<std::uint8_t, 8> octets{};
  for (unsigned i = 0; i < 8; ++i) octets[7 - i] = static_cast<std::uint8_t>((value >> (8 * i)) & 0xffU);
  return integer_unsigned(octets);
}

Bytes integer_unsigned(ByteView big_endian) {
  while (!big_endian.empty() && big_endian[0] == 0) big_endian = big_endian.subspan(1);
  Bytes content;
  if (big_endian.empty() || (big_endian[0] & 0x80U) != 0) content.push_back(0);
  append(content, big_endian);
  return tlv(integer_tag, content);
}

Bytes enumerated(std::uint8_t value) { return {enumerated_tag, 1, value}; }
Bytes null() { return {null_tag, 0}; }
Bytes oid(OidLiteral literal) { return tlv(oid_tag, literal.content()); }

Result<Bytes> oid_from_text(std::string_view dotted) {
  const std::size_t dot = dotted.find('.');
  if (dot != 1 || dotted[0] < '0' || dotted[0] > '2') return not_der("an object identifier begins with 0., 1. or 2.");
  const auto root = static_cast<unsigned>(dotted[0] - '0');
  Bytes content;
  for (std::size_t begin = 2; begin <= dotted.size();) {
    const std::size_t end = std::min(dotted.find('.', begin), dotted.size());
    const std::string_view arc = dotted.substr(begin, end - begin);
    if (begin == 2 && root < 2 && (arc.size() > 2 || (arc.size() == 2 && arc > "39")))
      return not_der("second arc of an object identifier");
    ANTIN_TRY(Bytes groups, base128(arc, begin == 2 ? root * 40 : 0));
    append(content, groups);
    begin = end + 1;
  }
  if (content.empty()) return not_der("an object identifier has at least two arcs");
  return tlv(oid_tag, content);
}

Bytes bit_string(ByteView octets) {
  const std::uint8_t unused = 0;
  return constructed(bit_string_tag, {ByteView(&unused, 1), octets});
}

Bytes named_bits(const std::vector<bool>& bits) {
  std::size_t count = bits.size();
  while (count > 0 && !bits[count - 1]) --count;
  Bytes content((count + 7) / 8 + 1, 0);
  content[0] = static_cast<std::uint8_t>((8 - count % 8) % 8);
  for (std::size_t i = 0; i < count; ++i)
    if (bits[i]) content[1 + i / 8] = static_cast<std::uint8_t>(content[1 + i / 8] | (0x80U >> (i % 8)));
  return tlv(bit_string_tag, content);
}

Bytes octet_string(ByteView content) { return tlv(octet_string_tag, content); }
Bytes utf8_string(std::string_view text) { return tlv(utf8_string_tag, bytes_of(text)); }
Bytes printable_string(std::string_view text) { return tlv(printable_string_tag, bytes_of(text)); }
Bytes ia5_string(std::string_view text) { return tlv(ia5_string_tag, bytes_of(text)); }

Bytes time(Time value) {
  const Civil parts = civil(value);
  if (parts.year < 1950 || parts.year > 2049) return generalized_time(value);
  return tlv(utc_time_tag, bytes_of(two(static_cast<unsigned>(parts.year % 100)) + parts.rest));
}

Bytes generalized_time(Time value) {
  const Civil parts = civil(value);
  const auto year = static_cast<unsigned>(std::clamp(parts.year, 0, 9999));
  return tlv(generalized_time_tag, bytes_of(two(year / 100) + two(year % 100) + parts.rest));
}

Result<Element> Reader::next() {
  if (rest_.size() < 2) return not_der("an element ends early");
  const std::uint8_t tag = rest_[0];
  if ((tag & 0x1fU) == 0x1fU) return not_der("a tag of several octets");
  std::size_t length = rest_[1], start = 2;
  if (length >= 0x80) {
    const std::size_t count = length & 0x7fU;
    if (count == 0) return not_der("an indefinite length");
    if (count > 8 || rest_.size() < 2 + count) return not_der("a length that ends early or is too large");
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = (length << 8) | rest_[2 + i];
    if (rest_[2] == 0 || length < 0x80) return not_der("a length that is not in its shortest form");
    start += count;
  }
  if (length > rest_.size() - start) return not_der("an element ends early");
  Element element{tag, rest_.subspan(start, length), rest_.first(start + length)};
  rest_ = rest_.subspan(start + length);
  return element;
}

Result<Element> Reader::expect(std::uint8_t tag) {
  if (!next_is(tag))
    return not_der(rest_.empty() ? "an element is missing" : "an element has another tag than expected");
  return next();
}

Result<std::optional<Element>> Reader::optional(std::uint8_t tag) {
  if (!next_is(tag)) return std::optional<Element>();
  ANTIN_TRY(Element element, next());
  return std::optional<Element>(element);
}

Status Reader::end() const {
  if (!at_end()) return not_der("octets after the last element");
  return {};
}

Result<Element> only(ByteView octets, std::uint8_t tag) {
  Reader reader(octets);
  ANTIN_TRY(Element element, reader.expect(tag));
  ANTIN_CHECK(reader.end());
  return element;
}

Result<bool> read_boolean(const Element& element) {
  if (element.tag != boolean_tag || element.content.size() != 1) return not_der("not a BOOLEAN");
  if (element.content[0] != 0 && element.content[0] != 0xff) return not_der("a BOOLEAN that is neither 00 nor FF");
  return element.content[0] == 0xff;
}

Result<ByteView> read_integer(const Element& element) {
  const ByteView c = element.content;
  if (element.tag != integer_tag || c.empty()) return not_der("not an INTEGER");
  if (c.size() > 1 && ((c[0] == 0 && (c[1] & 0x80U) == 0) || (c[0] == 0xff && (c[1] & 0x80U) != 0)))
    return not_der("an INTEGER that is not in its shortest form");
  return c;
}

Result<std::uint64_t> read_small_integer(const Element& element) {
  ANTIN_TRY(ByteView content, read_integer(element));
  const bool fits = content.size() <= 8 || (content.size() == 9 && content[0] == 0);  // 64 bits may need a leading zero
  if ((content[0] & 0x80U) != 0 || !fits) return not_der("an INTEGER out of range");
  std::uint64_t value = 0;
  for (std::uint8_t octet : content) value = (value << 8) | octet;
  return value;
}

Result<std::string> read_oid(const Element& element) {
  if (element.tag != oid_tag || element.content.empty()) return not_der("not an OBJECT IDENTIFIER");
  if ((element.content.back() & 0x80U) != 0) return not_der("an OBJECT IDENTIFIER ends early");
  std::string text;
  Uint128 arc = 0;
  bool fresh = true;
  for (std::uint8_t octet : element.content) {
    if (fresh && octet == 0x80) return not_der("an OBJECT IDENTIFIER with padding");
    if ((arc >> 121) != 0) return not_der("an OBJECT IDENTIFIER with an arc over 128 bits");
    arc = (arc << 7) | (octet & 0x7fU);
    fresh = (octet & 0x80U) == 0;
    if (!fresh) continue;
    if (text.empty()) {
      const unsigned root = arc >= 80 ? 2 : arc >= 40 ? 1 : 0;
      text = std::to_string(root);
      arc -= root * 40;
    }
    text += "." + decimal(arc);
    arc = 0;
  }
  return text;
}

Result<ByteView> read_bit_string_octets(const Element& element) {
  if (element.tag != bit_string_tag || element.content.empty()) return not_der("not a BIT STRING");
  if (element.content[0] != 0) return not_der("a BIT STRING with unused bits");
  return element.content.subspan(1);
}

Result<std::vector<bool>> read_named_bits(const Element& element) {
  const ByteView c = element.content;
  if (element.tag != bit_string_tag || c.empty()) return not_der("not a BIT STRING");
  const unsigned unused = c[0];
  if (unused > 7 || (c.size() == 1 && unused != 0)) return not_der("a BIT STRING with wrong unused bits");
  if (c.size() > 1 && (c.back() & ((1U << unused) - 1)) != 0)
    return not_der("a BIT STRING with unused bits that are set");
  std::vector<bool> bits;
  for (std::size_t i = 0; i < (c.size() - 1) * 8 - unused; ++i)
    bits.push_back((c[1 + i / 8] & (0x80U >> (i % 8))) != 0);
  return bits;
}

Result<Time> read_time(const Element& element) {
  const bool utc = element.tag == utc_time_tag;
  if (!utc && element.tag != generalized_time_tag) return not_der("not a time");
  const std::string_view text = text_of(element.content);
  if (text.size() != (utc ? 13U : 15U) || text.back() != 'Z')
    return not_der("a time that is not YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ");
  for (char c : text.substr(0, text.size() - 1))
    if (c < '0' || c > '9') return not_der("a time with other characters than digits");
  const auto pair = [&](std::size_t at) { return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0')); };
  const std::size_t offset = utc ? 2 : 4;
  const unsigned year = utc ? (pair(0) < 50 ? 2000 + pair(0) : 1900 + pair(0)) : pair(0) * 100 + pair(2);
  const unsigned month = pair(offset), day = pair(offset + 2), hour = pair(offset + 4), minute = pair(offset + 6),
                 second = pair(offset + 8);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return not_der("a time that does not exist");
  return Time(std::chrono::sys_days(date)) + hours(hour) + minutes(minute) + seconds(second);
}

bool is_oid(const Element& element, OidLiteral literal) noexcept {
  return element.tag == oid_tag && equal(element.content, literal.content());
}

}  // namespace antin::x509::der
