// Extensions of certificates.
#include "tests/unit/lint/builder.h"

namespace antin::tests {

using enum lint::Rule;
using P = CertificateParts;

namespace {

constexpr const char *scts = "1.3.6.1.4.1.11129.2.4.2", *poison = "1.3.6.1.4.1.11129.2.4.3",
                     *statements = "1.3.6.1.5.5.7.1.3", *no_revocation = "2.5.29.56";

Row critical(lint::Rule rule, std::string oid, bool value = true) {
  return leaf(rule, [=](P& p) { p.extensions.set_critical(oid, value); });
}
Row authority_critical(lint::Rule rule, std::string oid, bool value) {
  return authority(rule, [=](P& p) { p.extensions.set_critical(oid, value); });
}
Row value(lint::Rule rule, std::string oid, Bytes content) {
  return leaf(rule, [=](P& p) { p.extensions.set_value(oid, content); });
}
Row authority_value(lint::Rule rule, std::string oid, Bytes content) {
  return authority(rule, [=](P& p) { p.extensions.set_value(oid, content); });
}
Row added(lint::Rule rule, std::string oid, bool is_critical, Bytes content) {
  return leaf(rule, [=](P& p) { p.extensions.set(oid, is_critical, content); });
}

// One policy with one qualifier.
Row qualifier(lint::Rule rule, der::OidLiteral id, Bytes content, der::OidLiteral policy = "1.3.6.1.4.1.32473.1.1") {
  const Bytes one = der::sequence({der::oid(id), content});
  return value(rule, "2.5.29.32", der::sequence({der::sequence({der::oid(policy), der::sequence({one})})}));
}
constexpr der::OidLiteral cps = "1.3.6.1.5.5.7.2.1", notice = "1.3.6.1.5.5.7.2.2";
Row explicit_text(lint::Rule rule, std::uint8_t tag, std::string_view text) {
  return qualifier(rule, notice, der::sequence({der::tlv(tag, bytes_of(text))}));
}

Row constraint(lint::Rule rule, Bytes subtree_content) {
  return authority_value(rule, "2.5.29.30",
                         der::sequence({constructed(0, der::tlv(der::sequence_tag, subtree_content))}));
}

std::vector<Row> key_id_rows() {
  return {
      leaf(authority_key_id_absent, [](P& p) { p.extensions.drop("2.5.29.35"); }),
      authority(authority_key_id_absent,
                [](P& p) {
                  p.subject = p.issuer;  // its signature is not its own
                  p.set_key("1.3.101.112", {}, Bytes(32, 1));
                  p.algorithm = p.outer_algorithm = der::sequence({der::oid("1.3.101.112")});
                  p.extensions.drop("2.5.29.35");
                }),
      authority(authority_key_id_unchecked,
                [](P& p) {
                  p.subject = p.issuer;
                  p.set_key("1.2.3.4", {}, Bytes(32, 1));
                  p.extensions.drop("2.5.29.35");
                }),
      critical(authority_key_id_critical, "2.5.29.35"),
      value(authority_key_id_without_key, "2.5.29.35", der::sequence({})),
      value(authority_key_id_issuer_alone, "2.5.29.35",
            der::sequence({implicit(0, Bytes{1}), constructed(1, implicit(2, "lamdong.test"))})),
      value(authority_key_id_serial_alone, "2.5.29.35", der::sequence({implicit(0, Bytes{1}), implicit(2, Bytes{1})})),
      authority(subject_key_id_absent_in_ca, [](P& p) { p.extensions.drop("2.5.29.14"); }),
      leaf(subject_key_id_absent, [](P& p) { p.extensions.drop("2.5.29.14"); }),
      critical(subject_key_id_critical, "2.5.29.14"),
  };
}

std::vector<Row> policy_rows() {
  const Bytes one = der::sequence({der::oid("1.3.6.1.4.1.32473.1.1")});
  return {
      value(policy_twice, "2.5.29.32", der::sequence({one, one})),
      qualifier(policy_has_qualifier, cps, der::ia5_string("http://pki.lamdong.test/cps")),
      qualifier(policy_qualifier_syntax, cps, der::utf8_string("http://pki.lamdong.test/cps")),
      qualifier(policy_qualifier_syntax, notice, der::sequence({der::utf8_string(std::string(201, 'a'))})),
      qualifier(uri_syntax, cps, der::ia5_string("pki.lamdong.test")),
      qualifier(any_policy_qualifier, "1.2.3.4", der::null(), "2.5.29.32.0"),
      explicit_text(explicit_text_kind, der::visible_string_tag, "a"),
      explicit_text(explicit_text_kind, der::bmp_string_tag, std::string("\0a", 2)),
      explicit_text(explicit_text_ia5, der::ia5_string_tag, "a"),
      explicit_text(explicit_text_control, der::utf8_string_tag, "a\nb"),
      explicit_text(explicit_text_control, der::utf8_string_tag, "a\xC2\x85"),
      explicit_text(explicit_text_not_nfc, der::utf8_string_tag, "e\xCC\x81"),
      qualifier(notice_reference, notice,
                der::sequence({der::sequence({der::utf8_string("a"), der::sequence({der::integer(1)})})})),
      added(policy_mappings_in_end_entity, "2.5.29.33", true,
            der::sequence({der::sequence({der::oid("1.2.3"), der::oid("1.2.4")})})),
      authority_critical(policy_mappings_not_critical, "2.5.29.33", false),
      authority_value(policy_mappings_any_policy, "2.5.29.33",
                      der::sequence({der::sequence({der::oid("2.5.29.32.0"), der::oid("1.2.4")})})),
      added(policy_constraints_in_end_entity, "2.5.29.36", true, der::sequence({implicit(0, Bytes{0})})),
      authority_critical(policy_constraints_not_critical, "2.5.29.36", false),
      authority_value(policy_constraints_empty, "2.5.29.36", der::sequence({})),
      added(inhibit_any_policy_in_end_entity, "2.5.29.54", true, der::integer(0)),
      authority_critical(inhibit_any_policy_not_critical, "2.5.29.54", false),
  };
}

std::vector<Row> constraint_rows() {
  return {
      authority_critical(basic_constraints_not_critical, "2.5.29.19", false),
      value(path_length_without_ca, "2.5.29.19", der::sequence({der::integer(0)})),
      added(name_constraints_in_end_entity, "2.5.29.30", true,
            der::sequence({constructed(0, der::sequence({implicit(2, "lamdong.test")}))})),
      authority_critical(name_constraints_not_critical, "2.5.29.30", false),
      authority_value(name_constraints_empty, "2.5.29.30", der::sequence({})),
      constraint(name_constraints_minimum, der::concat({implicit(2, "lamdong.test"), implicit(0, Bytes{1})})),
      constraint(name_constraints_maximum, der::concat({implicit(2, "lamdong.test"), implicit(1, Bytes{1})})),
      constraint(name_constraints_ip_length, implicit(7, Bytes(4, 1))),
      constraint(name_constraints_ip_mask, implicit(7, Bytes{192, 0, 2, 0, 255, 0, 255, 0})),
      constraint(name_constraints_ip_mask, implicit(7, Bytes{192, 0, 2, 9, 255, 255, 255, 0})),
      constraint(dns_name_syntax, implicit(2, ".lamdong.test")),
      constraint(mail_syntax, implicit(1, "..lamdong.test")),
      constraint(uri_syntax, implicit(6, "http://lamdong.test/")),
  };
}

std::vector<Row> other_rows() {
  return {
      critical(directory_attributes_critical, "2.5.29.9"),
      authority_critical(issuer_alt_name_critical, "2.5.29.18", true),
      critical(time_stamping_usage_not_critical, "2.5.29.37", false),
      value(any_extended_usage_critical, "2.5.29.37", der::sequence({der::oid("2.5.29.37.0")})),
      critical(crl_distribution_points_critical, "2.5.29.31"),
      value(distribution_point_empty, "2.5.29.31", der::sequence({der::sequence({})})),
      authority_critical(freshest_crl_critical, "2.5.29.46", true),
      critical(authority_information_critical, "1.3.6.1.5.5.7.1.1"),
      authority_critical(subject_information_critical, "1.3.6.1.5.5.7.1.11", true),
      critical(smime_capabilities_critical, "1.2.840.113549.1.9.15"),
      critical(ocsp_no_check_critical, "1.3.6.1.5.5.7.48.1.5"),
      added(no_revocation_critical, no_revocation, true, der::null()),
      added(no_revocation_with_pointer, no_revocation, false, der::null()),
      authority(no_revocation_in_ca, [](P& p) { p.extensions.set(no_revocation, false, der::null()); }),
      leaf(precertificate_poison_not_critical,
           [](P& p) {
             p.extensions.drop(scts);
             p.extensions.set(poison, false, der::null());
           }),
      added(precertificate_poison_with_scts, poison, true, der::null()),
      value(sct_list_empty, scts, der::octet_string(Bytes{0, 0})),
      value(sct_list_syntax, scts, der::octet_string(Bytes{0, 3, 0, 1})),
      value(sct_list_syntax, scts, der::octet_string(Bytes{0, 3, 0, 1, 0})),
      value(qualified_statement_version_1, statements,
            der::sequence({der::sequence({der::oid("1.3.6.1.5.5.7.11.1")})})),
      value(qualified_statement_syntax, statements,
            der::sequence({der::sequence({der::oid("0.4.0.1862.1.6"), der::sequence({})})})),
  };
}

}  // namespace

std::vector<Row> extension_rows() {
  std::vector<Row> rows = key_id_rows();
  for (auto more : {policy_rows(), constraint_rows(), other_rows()})
    for (Row& row : more) rows.push_back(std::move(row));
  return rows;
}

}  // namespace antin::tests
