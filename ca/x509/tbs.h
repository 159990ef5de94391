// TbsView: the parts of a DER tbsCertificate (RFC 5280 §4.1) as views into it, for the certificate reader and the
// linter.
#pragma once

#include <optional>
#include <vector>

#include "ca/x509/der.h"

namespace antin::x509 {

struct ExtensionView {
  ByteView oid;  // content octets
  bool critical = false;
  ByteView value;  // what the OCTET STRING holds
  bool is(der::OidLiteral literal) const noexcept { return equal(oid, literal.content()); }
};

struct TbsView {
  unsigned version = 1;          // 1, 2 or 3
  ByteView serial;               // content octets of the INTEGER
  ByteView signature_algorithm;  // DER AlgorithmIdentifier
  ByteView issuer, subject;      // DER Name
  der::Element not_before, not_after;
  ByteView public_key_info;  // DER SubjectPublicKeyInfo
  bool unique_ids = false;
  bool explicit_false = false;  // an extension writes its DEFAULT FALSE out, which DER forbids
  std::vector<ExtensionView> extensions;

  const ExtensionView* find(der::OidLiteral oid) const noexcept;
};

// invalid_argument when it is not DER or an element is missing or too many. Meanings are not judged here.
Result<TbsView> parse_tbs(ByteView tbs);
// The extensions of a SEQUENCE OF Extension, also those of a CRL and of its entries.
Result<std::vector<ExtensionView>> parse_extensions(ByteView sequence, bool* explicit_false = nullptr);

}  // namespace antin::x509
