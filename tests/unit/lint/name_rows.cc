// Names of issuer and subject, general names.
#include "tests/unit/lint/builder.h"

namespace antin::tests {

using enum lint::Rule;
using P = CertificateParts;

namespace {

void set_subject(P& p, std::initializer_list<Bytes> attributes) {
  Bytes content;
  for (const Bytes& one : attributes) append(content, rdn({one}));
  p.subject = der::tlv(der::sequence_tag, content);
}

Row alternative(lint::Rule rule, Bytes general_name) {
  return leaf(rule, [general_name](P& p) { p.extensions.set_value("2.5.29.17", der::sequence({general_name})); });
}

Row subject(lint::Rule rule, std::string_view oid, std::uint8_t tag, std::string value) {
  return leaf(rule, [=](P& p) { set_subject(p, {attribute(oid, tag, value)}); });
}

Bytes smtp(std::string_view mailbox) {
  return constructed(0, der::concat({der::oid("1.3.6.1.5.5.7.8.9"), constructed(0, der::utf8_string(mailbox))}));
}

std::string long_domain() {
  std::string text;
  for (int i = 0; i < 5; ++i) text += std::string(60, 'a') + ".";
  return text + "test";
}

std::vector<Row> subject_rows() {
  const Bytes cn = attribute("2.5.4.3", der::utf8_string_tag, "a");
  return {
      subject(attribute_syntax, "2.5.4.3", der::utf8_string_tag, std::string(65, 'a')),
      subject(attribute_syntax, "2.5.4.3", der::utf8_string_tag, "\xff"),
      subject(attribute_syntax, "2.5.4.3", der::utf8_string_tag, ""),
      subject(attribute_syntax, "2.5.4.3", der::ia5_string_tag, "a"),
      subject(attribute_syntax, "2.5.4.6", der::printable_string_tag, "VNM"),
      subject(attribute_syntax, "2.5.4.10", der::printable_string_tag, "a&b"),
      subject(attribute_syntax, "2.5.4.10", der::bmp_string_tag, "abc"),
      subject(attribute_syntax, "1.3.6.1.4.1.32473.9", der::ia5_string_tag, "a"),
      leaf(set_order,
           [cn](P& p) {
             const Bytes o = attribute("2.5.4.10", der::utf8_string_tag, "a");
             p.subject = der::sequence({der::tlv(der::set_tag, der::concat({o, cn}))});
           }),
      leaf(issuer_empty, [](P& p) { p.issuer = der::sequence({}); }),
      authority(subject_empty_in_ca, [](P& p) { p.subject = der::sequence({}); }),
      leaf(subject_empty_without_san,
           [](P& p) {
             p.subject = der::sequence({});
             p.extensions.drop("2.5.29.17");
           }),
      leaf(rdn_type_twice,
           [cn](P& p) { p.subject = der::sequence({rdn({cn, attribute("2.5.4.3", der::utf8_string_tag, "b")})}); }),
      subject(subject_mail_not_in_san, "1.2.840.113549.1.9.1", der::ia5_string_tag, "b@lamdong.test"),
      subject(mail_syntax, "1.2.840.113549.1.9.1", der::ia5_string_tag, "b at lamdong.test"),
      subject(domain_component_syntax, "0.9.2342.19200300.100.1.25", der::ia5_string_tag, "localhost"),
      leaf(subject_alt_name_not_critical, [](P& p) { p.subject = der::sequence({}); }),
      leaf(subject_alt_name_critical, [](P& p) { p.extensions.set_critical("2.5.29.17", true); }),
  };
}

}  // namespace

std::vector<Row> name_rows() {
  std::vector<Row> rows = {
      alternative(dns_name_syntax, implicit(2, "localhost")),
      alternative(dns_name_syntax, implicit(2, "*.lamdong.test")),
      alternative(dns_name_syntax, implicit(2, "a_b.lamdong.test")),
      alternative(dns_name_syntax, implicit(2, "-a.lamdong.test")),
      alternative(dns_name_syntax, implicit(2, "a..test")),
      alternative(dns_name_syntax, implicit(2, "192.0.2.1")),
      alternative(dns_name_syntax, implicit(2, "")),
      alternative(dns_name_too_long, implicit(2, long_domain())),
      alternative(mail_syntax, implicit(1, "lamdong.test")),
      alternative(mail_syntax, implicit(1, ".a@lamdong.test")),
      alternative(mail_syntax, implicit(1, std::string(65, 'a') + "@lamdong.test")),
      alternative(mail_syntax, implicit(1, "\"a\"b\"@lamdong.test")),
      alternative(mail_domain_too_long, implicit(1, "a@" + long_domain())),
      alternative(uri_syntax, implicit(6, "pki.lamdong.test/a.crl")),
      alternative(uri_syntax, implicit(6, "http:/pki.lamdong.test/")),
      alternative(uri_syntax, implicit(6, "http://localhost/")),
      alternative(uri_syntax, implicit(6, "http://pki.lamdong.test/a b")),
      alternative(uri_syntax, implicit(6, "http://pki.lamdong.test:port/")),
      alternative(uri_syntax, implicit(6, "http://[2001:db8::1/")),
      alternative(uri_syntax, implicit(6, "http://192.0.2.256/")),
      alternative(uri_host_too_long, implicit(6, "http://" + long_domain() + "/")),
      alternative(uri_ldap_unread, implicit(6, "LDAP://ldap.lamdong.test/o=a")),
      alternative(ip_address_length, implicit(7, Bytes(5, 1))),
      alternative(other_name_syntax,
                  constructed(0, der::concat({der::oid("1.3.6.1.5.5.7.8.9"), constructed(0, der::ia5_string("a@b"))}))),
      alternative(smtp_utf8_mailbox_syntax, smtp("thử")),
      alternative(smtp_utf8_mailbox_ascii, smtp("thu@lamdong.test")),
      alternative(smtp_utf8_mailbox_bom, smtp("\xEF\xBB\xBFthử@lamdong.test")),
      alternative(smtp_utf8_mailbox_upper_case, smtp("thử@Lamdong.test")),
      alternative(smtp_utf8_mailbox_domain, smtp("thử@lâmđồng.test")),
      alternative(smtp_utf8_mailbox_domain_too_long, smtp("thử@" + long_domain())),
  };
  for (Row& row : subject_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace antin::tests
