// Name: an X.501 distinguished name as a list of RDNs, each a set of attributes. Never split or joined as a string.
//
// Values are UTF-8 in NFC. Names that came from DER keep their octets: they are copied verbatim into children.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace antin::x509 {

struct NameAttribute {
  std::string type;   // a short name (C ST L O OU CN E UID serialNumber T GN SN DC) or a dotted OID
  std::string value;  // UTF-8, NFC
  friend bool operator==(const NameAttribute&, const NameAttribute&) = default;
};
using RelativeName = std::vector<NameAttribute>;

class Name {
 public:
  Name() = default;
  // Encodes: C (two letters) and serialNumber as PrintableString, E and DC as IA5String, all else UTF8String.
  // invalid_argument names the attribute and the bound of X.520 in characters (CN, O, OU 64, L and ST 128, E 255, C 2).
  static Result<Name> from_rdns(std::vector<RelativeName> rdns);
  // A DER Name; octets are kept.
  static Result<Name> from_der(ByteView der);

  ByteView der() const noexcept { return der_; }
  const std::vector<RelativeName>& rdns() const noexcept { return rdns_; }
  // All values of one attribute type, in order.
  std::vector<std::string> values(std::string_view type) const;
  // The first value, or empty.
  std::string first(std::string_view type) const;
  // RFC 4514, most specific RDN first, UTF-8 not escaped, NFC.
  std::string rfc4514() const;
  bool empty() const noexcept { return rdns_.empty(); }
  friend bool operator==(const Name& a, const Name& b) { return equal(a.der_, b.der_); }  // octet for octet
  // Whether both mean the same (RFC 5280 §7.1): string types, case and runs of spaces do not count.
  bool matches(const Name& other) const;

 private:
  Bytes der_;
  std::vector<RelativeName> rdns_;
};

}  // namespace antin::x509
