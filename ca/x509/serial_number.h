// SerialNumber: a certificate's positive integer of at most 20 octets, big-endian, without leading zeros (RFC 5280
// §4.1.2.2).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"

namespace antin::x509 {

class SerialNumber {
 public:
  // 160 bits with the top bit clear and the next one random: always 17–20 octets, ≥ 127 unpredictable bits.
  static Result<SerialNumber> random(RandomSource& source);
  // Unsigned big-endian octets; leading zeros are dropped. invalid_argument when zero, empty or over 20 octets in DER.
  static Result<SerialNumber> from_unsigned(ByteView big_endian);
  // Content octets of a DER INTEGER that somebody else wrote: also zero, negative and up to 64 octets, which RFC 5280
  // asks readers to bear. What we issue never is one of these: the linter refuses it.
  static Result<SerialNumber> from_der_content(ByteView content);
  // Hexadecimal, either case.
  static Result<SerialNumber> from_hex(std::string_view text);

  ByteView magnitude() const noexcept { return magnitude_; }  // no leading zero octet
  bool negative() const noexcept { return negative_; }        // only of a foreign certificate
  std::string hex() const;    // upper case, no leading zeros, `-` in front of a negative one
  Bytes der_content() const;  // the content octets of the DER INTEGER
  friend bool operator==(const SerialNumber&, const SerialNumber&) = default;
  friend auto operator<=>(const SerialNumber&, const SerialNumber&) = default;

 private:
  explicit SerialNumber(Bytes magnitude, bool negative = false)
      : negative_(negative), magnitude_(std::move(magnitude)) {}
  bool negative_ = false;
  Bytes magnitude_;
};

}  // namespace antin::x509
