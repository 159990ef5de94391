// DER (X.690): writing and strict reading of the few ASN.1 types that X.509, CRLs and CMS are made of.
//
//   Bytes key_usage = der::sequence({der::oid("2.5.29.15"), der::boolean(true), der::octet_string(bits)});
//   der::Reader outer(bytes);
//   ANTIN_TRY(der::Element list, outer.expect(der::sequence_tag));
//
// Writers cannot fail, except where the value comes from outside (`oid_from_text`). Readers refuse what is not DER:
// indefinite or long-form lengths that could be shorter, multi-byte tags, contents that end early. They never read
// outside the octets that they were given, and views stay valid as long as those octets do.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace antin::x509::der {

inline constexpr std::uint8_t boolean_tag = 0x01, integer_tag = 0x02, bit_string_tag = 0x03, octet_string_tag = 0x04,
                              null_tag = 0x05, oid_tag = 0x06, enumerated_tag = 0x0a, utf8_string_tag = 0x0c,
                              printable_string_tag = 0x13, teletex_string_tag = 0x14, ia5_string_tag = 0x16,
                              utc_time_tag = 0x17, generalized_time_tag = 0x18, visible_string_tag = 0x1a,
                              universal_string_tag = 0x1c, bmp_string_tag = 0x1e, sequence_tag = 0x30, set_tag = 0x31;
constexpr std::uint8_t context(unsigned number) noexcept { return static_cast<std::uint8_t>(0x80U | number); }
constexpr std::uint8_t context_constructed(unsigned number) noexcept {
  return static_cast<std::uint8_t>(0xa0U | number);
}

// The content octets of an OBJECT IDENTIFIER that stands in the source text; a wrong one does not compile.
class OidLiteral {
 public:
  consteval OidLiteral(const char* dotted) {  // NOLINT: meant to be implicit
    std::uint64_t arc = 0, first = 0;
    unsigned position = 0;
    for (const char* c = dotted;; ++c) {
      if (*c >= '0' && *c <= '9') {
        arc = arc * 10 + static_cast<std::uint64_t>(*c - '0');
        continue;
      }
      if (*c != '.' && *c != 0) throw "an object identifier is digits and dots";
      if (position == 0) first = arc;
      if (position == 1) push(first * 40 + arc);
      if (position > 1) push(arc);
      ++position;
      arc = 0;
      if (*c == 0) break;
    }
    if (position < 2) throw "an object identifier has at least two arcs";
  }
  constexpr ByteView content() const noexcept { return {octets_.data(), size_}; }

 private:
  constexpr void push(std::uint64_t arc) {
    int groups = 1;
    for (std::uint64_t rest = arc >> 7; rest != 0; rest >>= 7) ++groups;
    for (int g = groups - 1; g >= 0; --g) {
      const auto bits = static_cast<std::uint8_t>((arc >> (7 * g)) & 0x7fU);
      octets_[size_++] = static_cast<std::uint8_t>(g > 0 ? bits | 0x80U : bits);
    }
  }
  std::array<std::uint8_t, 24> octets_{};
  std::size_t size_ = 0;
};

// --- writing; every function returns the whole TLV ---

// Tag and length that go before `content_size` octets of content, for those who stream.
Bytes header(std::uint8_t tag, std::size_t content_size);
Bytes tlv(std::uint8_t tag, ByteView content);
Bytes concat(std::initializer_list<ByteView> parts);
Bytes constructed(std::uint8_t tag, std::initializer_list<ByteView> parts);
inline Bytes sequence(std::initializer_list<ByteView> parts) { return constructed(sequence_tag, parts); }
Bytes sequence_of(const std::vector<Bytes>& parts);
// Elements in the order that DER demands: ascending by their octets.
Bytes set_of(std::vector<Bytes> parts, std::uint8_t tag = set_tag);
Bytes boolean(bool value);
Bytes integer(std::uint64_t value);
Bytes integer_unsigned(ByteView big_endian);  // a zero octet is put in front where the top bit is set
Bytes enumerated(std::uint8_t value);
Bytes null();
Bytes oid(OidLiteral literal);
Result<Bytes> oid_from_text(std::string_view dotted);  // arcs up to 128 bits, for UUID-based identifiers (2.25.…)
Bytes bit_string(ByteView octets);                     // no unused bits
// A named-bit list: trailing zero bits are dropped. Bit 0 first.
Bytes named_bits(const std::vector<bool>& bits);
Bytes octet_string(ByteView content);
Bytes utf8_string(std::string_view text);
Bytes printable_string(std::string_view text);
Bytes ia5_string(std::string_view text);
// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 (and before 1950).
Bytes time(Time value);
Bytes generalized_time(Time value);

// --- reading ---

struct Element {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;  // tag, length and content
};

class Reader {
 public:
  explicit Reader(ByteView octets) noexcept : rest_(octets) {}
  bool at_end() const noexcept { return rest_.empty(); }
  ByteView rest() const noexcept { return rest_; }
  bool next_is(std::uint8_t tag) const noexcept { return !rest_.empty() && rest_[0] == tag; }
  // The next element, whatever it is. invalid_argument when it is not DER or not whole.
  Result<Element> next();
  // The next element, which must have this tag.
  Result<Element> expect(std::uint8_t tag);
  // The next element when it has this tag; nothing is consumed when it has not.
  Result<std::optional<Element>> optional(std::uint8_t tag);
  // invalid_argument when something is left.
  Status end() const;

 private:
  ByteView rest_;
};

// Exactly one element with this tag in `octets`, nothing after it.
Result<Element> only(ByteView octets, std::uint8_t tag);

Result<bool> read_boolean(const Element& element);
// Non-negative and small enough; invalid_argument for others.
Result<std::uint64_t> read_small_integer(const Element& element);
// Content octets of an INTEGER in their shortest form, either sign.
Result<ByteView> read_integer(const Element& element);
Result<std::string> read_oid(const Element& element);             // dotted
Result<ByteView> read_bit_string_octets(const Element& element);  // no unused bits allowed
Result<std::vector<bool>> read_named_bits(const Element& element);
// UTCTime `YYMMDDHHMMSSZ` (50–99 are 19xx) or GeneralizedTime `YYYYMMDDHHMMSSZ`; no fractions, no offsets.
Result<Time> read_time(const Element& element);
bool is_oid(const Element& element, OidLiteral literal) noexcept;

}  // namespace antin::x509::der
