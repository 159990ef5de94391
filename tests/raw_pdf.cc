#include "tests/raw_pdf.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/x509/der.h"
#include "signer/cms/cades.h"
#include "signer/pdf/incremental_update.h"

namespace antin {
namespace {

namespace der = x509::der;

constexpr std::size_t hole_digits = 12'000;
const std::string empty_range(44, ' ');

Bytes attribute(const Bytes& type, const Bytes& value) { return der::sequence({type, der::set_of({value})}); }

}  // namespace

Bytes with_update(const Bytes& document, const Objects& objects) {
  const std::string_view text = text_of(document);
  int size = objects.rbegin()->first + 1;
  for (std::size_t at = text.find("/Size "); at != std::string_view::npos; at = text.find("/Size ", at + 1))
    size = std::max(size, std::atoi(text.data() + at + 6));
  const std::size_t at = text.rfind("/Root ");
  const std::string_view root = text.substr(at, text.find('R', at + 5) + 1 - at);
  pdf::IncrementalUpdate update(document.size(), document.back() == '\n', pdf::find_last_section(document).value());
  for (const auto& [number, body] : objects) update.add(number, 0, body);
  Bytes changed = document;
  append(changed, bytes_of(std::move(update).finish(std::string(root) + " ", size)));
  return changed;
}

std::string stream_object(const std::string& dictionary, const std::string& data) {
  return "<< " + dictionary + " /Length " + std::to_string(data.size()) + " >>\nstream\n" + data + "\nendstream";
}

std::string signature_hole() {
  return "/ByteRange [" + empty_range + "] /Contents <" + std::string(hole_digits, '0') + ">";
}

Bytes with_signature(Bytes document, const std::function<Bytes(const Bytes& covered)>& make) {
  const std::string_view text = text_of(document);
  const std::size_t range = text.rfind("/ByteRange [" + empty_range) + 12;
  const std::size_t open = text.find("/Contents <", range) + 10, close = open + hole_digits + 2;
  char numbers[64];
  const int size = std::snprintf(numbers, sizeof numbers, "0 %zu %zu %zu", open, close, document.size() - close);
  std::copy_n(numbers, size, document.begin() + static_cast<std::ptrdiff_t>(range));
  Bytes covered(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(open));
  append(covered, ByteView(document).subspan(close));
  const std::string hex = to_hex(make(covered));
  if (hex.size() > hole_digits) throw std::length_error("the message does not fit its hole");
  std::copy(hex.begin(), hex.end(), document.begin() + static_cast<std::ptrdiff_t>(open + 1));
  return document;
}

Bytes with_members_reversed(ByteView set) {
  der::Reader members(der::only(set, der::set_tag).value().content);
  Bytes reversed;
  while (!members.at_end()) {
    Bytes member = to_bytes(members.next().value().whole);
    append(member, reversed);
    reversed = std::move(member);
  }
  return der::tlv(der::set_tag, reversed);
}

Bytes detached_message(const TestAuthority::Subscriber& signer, const Bytes& covered, bool backwards) {
  const auto scheme = hsm::default_scheme(signer.key->algorithm());
  const cms::SignedAttributes about{
      cms::Form::pdf, scheme, digest(cms::content_digest_algorithm(scheme), covered), {}, signer.certificate};
  Bytes attributes = cms::encode_signed_attributes(about).value();
  if (backwards) attributes = with_members_reversed(attributes);
  return cms::assemble_detached(attributes, about, signer.key->sign(scheme, attributes).value(), {}).value();
}

Bytes enveloping_message(const TestAuthority::Subscriber& signer, ByteView type, ByteView claimed_type,
                         const Bytes& content) {
  const auto scheme = hsm::default_scheme(signer.key->algorithm());
  const Bytes certificate_hash =
      der::sequence({der::sequence({der::sequence({der::octet_string(sha256(signer.certificate.der()))})})});
  Bytes attributes = der::set_of({attribute(der::oid("1.2.840.113549.1.9.3"), to_bytes(claimed_type)),
                                  attribute(der::oid("1.2.840.113549.1.9.4"), der::octet_string(sha256(content))),
                                  attribute(der::oid("1.2.840.113549.1.9.16.2.47"), certificate_hash)});
  const Bytes signature = signer.key->sign(scheme, attributes).value();
  attributes.front() = der::context_constructed(0);
  const Bytes algorithm = der::sequence({der::oid("2.16.840.1.101.3.4.2.1")});
  const Bytes serial = der::integer_unsigned(signer.certificate.serial().magnitude());
  const Bytes info =
      der::sequence({der::integer(1), der::sequence({signer.certificate.issuer().der(), serial}), algorithm, attributes,
                     hsm::algorithm_identifier(scheme), der::octet_string(signature)});
  const Bytes data =
      der::sequence({der::integer(3), der::set_of({algorithm}),
                     der::sequence({type, der::tlv(der::context_constructed(0), der::octet_string(content))}),
                     der::tlv(der::context_constructed(0), signer.certificate.der()), der::set_of({info})});
  return der::sequence({der::oid("1.2.840.113549.1.7.2"), der::tlv(der::context_constructed(0), data)});
}

Bytes time_stamp_token(const TestAuthority::Subscriber& authority, const Bytes& covered) {
  const Bytes imprint =
      der::sequence({der::sequence({der::oid("2.16.840.1.101.3.4.2.1")}), der::octet_string(sha256(covered))});
  const Bytes info = der::sequence({der::integer(1), der::oid("1.3.6.1.4.1.99999.1"), imprint, der::integer(77),
                                    der::generalized_time(time_at(2022, 12, 28, 3))});
  const Bytes type = der::oid("1.2.840.113549.1.9.16.1.4");
  return enveloping_message(authority, type, type, info);
}

}  // namespace antin
