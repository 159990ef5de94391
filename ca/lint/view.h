// Views into a certificate or list that passed its schema: nothing here can fail. Only for ca/lint.
#pragma once

#include <optional>
#include <vector>

#include "ca/lint/findings.h"
#include "ca/lint/schema.h"
#include "ca/x509/der.h"

namespace antin::lint {

struct Extension {
  ByteView oid;
  bool critical = false;
  ByteView value;         // what the OCTET STRING holds
  bool readable = false;  // known and in accordance with its type
  bool is(x509::der::OidLiteral literal) const noexcept { return same_oid(oid, literal.content()); }
};
using Extensions = std::vector<Extension>;
Extensions read_extensions(ByteView sequence_content);
const Extension* find(const Extensions& extensions, x509::der::OidLiteral oid) noexcept;
// The first one with this OID, when its value is readable.
const Extension* find_readable(const Extensions& extensions, x509::der::OidLiteral oid) noexcept;

struct AlgorithmView {
  ByteView whole, oid, parameters;  // parameters: the whole element, empty when absent
  bool is(x509::der::OidLiteral literal) const noexcept { return same_oid(oid, literal.content()); }
};
AlgorithmView read_algorithm(ByteView whole);

struct CertificateView {
  ByteView tbs;
  ByteView version;  // content octets of the INTEGER; empty for version 1
  ByteView serial;   // content octets
  AlgorithmView signature_algorithm;
  ByteView issuer, subject;  // content octets of the SEQUENCE OF RDN
  x509::der::Element not_before, not_after;
  ByteView key_info;  // the whole SubjectPublicKeyInfo
  AlgorithmView key_algorithm;
  ByteView key;  // octets of the BIT STRING
  bool issuer_unique_id = false, subject_unique_id = false;
  Extensions extensions;
  // Of a certificate that is signed.
  std::optional<AlgorithmView> outer_algorithm;
  ByteView signature;
};
// `der` passed certificate_type, or tbs_certificate_type when it is not signed yet.
CertificateView read_certificate(ByteView der);
CertificateView read_tbs_certificate(ByteView tbs);

struct ListView {
  std::optional<ByteView> version;
  AlgorithmView signature_algorithm, outer_algorithm;
  ByteView issuer;  // content octets
  x509::der::Element this_update;
  std::optional<x509::der::Element> next_update;
  std::optional<ByteView> entries;  // content octets
  Extensions extensions;
};
ListView read_list(ByteView der);

// A reader of what is known to be whole.
class Elements {
 public:
  explicit Elements(ByteView octets) noexcept : reader_(octets) {}
  bool more() const noexcept { return !reader_.at_end(); }
  bool next_is(std::uint8_t tag) const noexcept { return reader_.next_is(tag); }
  // The next element; an empty one when there is none, which the schema rules out.
  x509::der::Element next();
  std::optional<x509::der::Element> optional(std::uint8_t tag);

 private:
  x509::der::Reader reader_;
};
// The content octets of the one element in `octets`.
ByteView content_of(ByteView octets);

}  // namespace antin::lint
