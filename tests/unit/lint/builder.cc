#include "tests/unit/lint/builder.h"

#include <algorithm>

namespace antin::tests {
namespace {

Bytes ecdsa() { return der::sequence({der::oid("1.2.840.10045.4.3.2")}); }

Bytes name(std::string_view common) {
  return der::sequence({rdn({attribute("2.5.4.6", der::printable_string_tag, "VN")}),
                        rdn({attribute("2.5.4.10", der::utf8_string_tag, "DỮ LIỆU GIẢ LẬP")}),
                        rdn({attribute("2.5.4.3", der::utf8_string_tag, common)})});
}

Bytes url(std::string_view text) { return implicit(6, text); }
Bytes points() {
  return der::sequence(
      {der::sequence({constructed(0, constructed(0, url("http://pki.lamdong.test:8080/crl/a%20b.crl?x=1")))})});
}

void fill_common(CertificateParts& parts) {
  parts.algorithm = parts.outer_algorithm = ecdsa();
  parts.issuer = name("CA THỬ");
  Bytes point(65, 0x11);
  point[0] = 4;
  parts.set_key("1.2.840.10045.2.1", der::oid("1.2.840.10045.3.1.7"), point);
  parts.extensions.set("2.5.29.35", false, der::sequence({implicit(0, Bytes(20, 7))}));
  parts.extensions.set("2.5.29.14", false, der::octet_string(Bytes(20, 8)));
  parts.extensions.set("2.5.29.31", false, points());
  parts.extensions.set(
      "1.3.6.1.5.5.7.1.1", false,
      der::sequence({der::sequence({der::oid("1.3.6.1.5.5.7.48.2"), url("http://[2001:db8::1]/ca.cer")})}));
}

Bytes smtp_utf8(std::string_view mailbox) {
  return constructed(0, der::concat({der::oid("1.3.6.1.5.5.7.8.9"), constructed(0, der::utf8_string(mailbox))}));
}

// Of one time stamp with a signature of four octets.
Bytes timestamps() {
  Bytes sct(41, 0);
  append(sct, Bytes{0, 0, 4, 3, 0, 4, 1, 2, 3, 4});
  Bytes list{0, static_cast<std::uint8_t>(sct.size() + 2), 0, static_cast<std::uint8_t>(sct.size())};
  append(list, sct);
  return der::octet_string(list);
}

}  // namespace

Bytes oid_of(std::string_view dotted) { return *der::oid_from_text(dotted); }
Bytes extension(std::string_view oid, bool critical, ByteView value) {
  return der::sequence({oid_of(oid), critical ? der::boolean(true) : Bytes(), der::octet_string(value)});
}
Bytes implicit(unsigned number, ByteView content) { return der::tlv(der::context(number), content); }
Bytes constructed(unsigned number, ByteView content) { return der::tlv(der::context_constructed(number), content); }
Bytes attribute(std::string_view oid, std::uint8_t tag, std::string_view value) {
  return der::sequence({oid_of(oid), der::tlv(tag, bytes_of(value))});
}
Bytes rdn(std::initializer_list<Bytes> attributes) { return der::set_of(attributes); }
Bytes usage(std::initializer_list<unsigned> bits) {
  std::vector<bool> named(9, false);
  for (const unsigned bit : bits) named[bit] = true;
  return der::named_bits(named);
}

void ExtensionList::set(std::string_view oid, bool critical, ByteView value) {
  drop(oid);
  list_.push_back({std::string(oid), critical, to_bytes(value)});
}
void ExtensionList::set_value(std::string_view oid, ByteView value) {
  for (One& one : list_)
    if (one.oid == oid) one.value = to_bytes(value);
}
void ExtensionList::set_critical(std::string_view oid, bool critical) {
  for (One& one : list_)
    if (one.oid == oid) one.critical = critical;
}
void ExtensionList::drop(std::string_view oid) {
  std::erase_if(list_, [&](const One& one) { return one.oid == oid; });
}
Bytes ExtensionList::der() const {
  Bytes content;
  for (const One& one : list_) append(content, extension(one.oid, one.critical, one.value));
  for (const Bytes& whole : extra_) append(content, whole);
  return der::tlv(der::sequence_tag, content);
}

void CertificateParts::set_key(std::string_view algorithm_oid, ByteView parameters, ByteView bits) {
  key = der::sequence({der::sequence({oid_of(algorithm_oid), parameters}), der::bit_string(bits)});
}
Bytes CertificateParts::tbs() const {
  const Bytes wrapped = extensions.empty() ? Bytes() : constructed(3, extensions.der());
  return der::sequence(
      {version, serial, algorithm, issuer, der::sequence({not_before, not_after}), subject, key, unique_ids, wrapped});
}
Bytes CertificateParts::der() const { return der::sequence({tbs(), outer_algorithm, signature}); }

CertificateParts good_leaf() {
  CertificateParts parts;
  fill_common(parts);
  parts.subject = name("Cil Pam Thử");
  auto& list = parts.extensions;
  list.set("2.5.29.19", true, der::sequence({}));
  list.set("2.5.29.15", true, usage({0, 1}));
  list.set("2.5.29.37", true, der::sequence({der::oid("1.3.6.1.5.5.7.3.8")}));
  list.set("2.5.29.16", false, der::sequence({implicit(0, "20221228000000Z"), implicit(1, "20231228000000Z")}));
  list.set(
      "2.5.29.32", false,
      der::sequence({der::sequence({der::oid("1.3.6.1.4.1.32473.1.1")}), der::sequence({der::oid("2.5.29.32.0")})}));
  list.set(
      "2.5.29.17", false,
      der::sequence({implicit(1, "\"a b\"@lamdong.test"), implicit(2, "may-1.lamdong.test"),
                     url("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), implicit(7, Bytes{192, 0, 2, 1}),
                     constructed(4, name("Thử")), smtp_utf8("thử@xn--bcher-kva.test"), implicit(8, Bytes{0x2a, 3})}));
  list.set("2.5.29.9", false,
           der::sequence({der::sequence({der::oid("1.3.6.1.5.5.7.9.4"), der::set_of({der::printable_string("VN")})})}));
  list.set("1.2.840.113549.1.9.15", false, der::sequence({der::sequence({der::oid("2.16.840.1.101.3.4.1.42")})}));
  list.set("1.3.6.1.5.5.7.1.3", false,
           der::sequence({der::sequence({der::oid("0.4.0.1862.1.1")}),
                          der::sequence({der::oid("0.4.0.1862.1.6"), der::sequence({der::oid("0.4.0.1862.1.6.1")})})}));
  list.set("1.3.6.1.4.1.11129.2.4.2", false, timestamps());
  list.set("1.3.6.1.5.5.7.48.1.5", false, der::null());
  return parts;
}

CertificateParts good_authority() {
  CertificateParts parts;
  fill_common(parts);
  parts.subject = name("CA CẤP DƯỚI");
  auto& list = parts.extensions;
  list.set("2.5.29.19", true, der::sequence({der::boolean(true), der::integer(0)}));
  list.set("2.5.29.15", true, usage({5, 6}));
  list.set("2.5.29.18", false, der::sequence({implicit(2, "lamdong.test")}));
  list.set(
      "2.5.29.30", true,
      der::sequence({constructed(0, der::concat({der::sequence({implicit(2, "lamdong.test")}),
                                                 der::sequence({implicit(1, ".lamdong.test")}),
                                                 der::sequence({implicit(6, "lamdong.test")}),
                                                 der::sequence({implicit(7, Bytes{192, 0, 2, 0, 255, 255, 255, 0})})})),
                     constructed(1, der::sequence({implicit(2, "")}))}));
  list.set("2.5.29.32", false, der::sequence({der::sequence({der::oid("2.5.29.32.0")})}));
  list.set("2.5.29.33", true,
           der::sequence({der::sequence({der::oid("1.3.6.1.4.1.32473.1.1"), der::oid("1.3.6.1.4.1.32473.1.2")})}));
  list.set("2.5.29.36", true, der::sequence({implicit(0, Bytes{0})}));
  list.set("2.5.29.54", true, der::integer(0));
  list.set("2.5.29.46", false, points());
  list.set("1.3.6.1.5.5.7.1.11", false,
           der::sequence({der::sequence({der::oid("1.3.6.1.5.5.7.48.5"), url("http://pki.lamdong.test/")})}));
  return parts;
}

Bytes ListParts::der() const {
  Bytes content;
  for (const Bytes& one : entries) append(content, one);
  const Bytes revoked = entries_written ? der::tlv(der::sequence_tag, content) : Bytes();
  const Bytes tbs =
      der::sequence({version, algorithm, issuer, this_update, next_update, revoked, constructed(0, extensions.der())});
  return der::sequence({tbs, outer_algorithm, der::bit_string(Bytes(64, 1))});
}

Bytes entry(std::uint64_t serial, const ExtensionList& extensions) {
  return der::sequence(
      {der::integer(serial), der::time(time_at(2022, 12, 30)), extensions.empty() ? Bytes() : extensions.der()});
}

ListParts good_list() {
  ListParts parts;
  parts.algorithm = parts.outer_algorithm = ecdsa();
  parts.issuer = name("CA THỬ");
  ExtensionList why;
  why.set("2.5.29.21", false, der::enumerated(1));
  why.set("2.5.29.24", false, der::generalized_time(time_at(2022, 12, 29)));
  parts.entries = {entry(5, why), entry(3)};
  auto& list = parts.extensions;
  list.set("2.5.29.35", false, der::sequence({implicit(0, Bytes(20, 7))}));
  list.set("2.5.29.20", false, der::integer(7));
  list.set("2.5.29.28", true,
           der::sequence(
               {constructed(0, constructed(0, url("http://pki.lamdong.test/crl/a.crl"))), implicit(1, Bytes{0xff})}));
  return parts;
}

Row leaf(lint::Rule rule, std::function<void(CertificateParts&)> change) {
  return {rule, [change] {
            CertificateParts parts = good_leaf();
            change(parts);
            return lint::certificate(parts.der());
          }};
}
Row authority(lint::Rule rule, std::function<void(CertificateParts&)> change) {
  return {rule, [change] {
            CertificateParts parts = good_authority();
            change(parts);
            return lint::certificate(parts.der());
          }};
}
Row list(lint::Rule rule, std::function<void(ListParts&)> change) {
  return {rule, [change] {
            ListParts parts = good_list();
            change(parts);
            return lint::crl(parts.der());
          }};
}

}  // namespace antin::tests
