#include "tests/conformance/lint_codes.h"

namespace antin::tests {

std::string_view code_of(lint::Rule rule) {
  using enum lint::Rule;
  switch (rule) {
    case certificate_syntax:
    case crl_syntax:
    case extension_syntax:
    case attribute_syntax:
    case algorithm_parameters:
    case public_key_parameters:
    case public_key_syntax:
    case policy_qualifier_syntax:
    case qualified_statement_syntax:
    case other_name_syntax:
      return "itu.invalid_asn1_syntax";
    case sct_list_syntax:
      return "pkix.sct_list_extension_invalid_encoding";
    case version_not_3:
      return "pkix.certificate_version_is_not_v3";
    case serial_range:
      return "pkix.certificate_serial_number_out_of_range";
    case signature_algorithm_mismatch:
      return "pkix.certificate_signature_algorithm_mismatch";
    case utc_time_form:
      return "pkix.utctime_incorrect_syntax";
    case generalized_time_form:
      return "pkix.generalizedtime_incorrect_syntax";
    case time_kind:
      return "pkix.wrong_time_useful_type";
    case validity_order:
      return "pkix.certificate_negative_validity_period";
    case issuer_unique_id:
      return "pkix.issuer_unique_id_present";
    case subject_unique_id:
      return "pkix.subject_unique_id_present";
    case issuer_empty:
      return "pkix.name_empty";
    case rdn_type_twice:
      return "pkix.rdn_contains_duplicate_attribute_types";
    case subject_mail_not_in_san:
      return "pkix.subject_email_address_not_in_san";
    case domain_component_syntax:
      return "pkix.name_domain_components_invalid_domain_name";
    case dns_name_syntax:
      return "pkix.invalid_domain_name_syntax";
    case dns_name_too_long:
      return "pkix.dnsname_domain_name_too_long";
    case mail_syntax:
      return "pkix.invalid_email_address_syntax";
    case mail_domain_too_long:
      return "pkix.rfc822name_domain_part_too_long";
    case uri_syntax:
      return "pkix.invalid_uri_syntax";
    case uri_host_too_long:
      return "pkix.uri_domain_name_too_long";
    case ip_address_length:
      return "pkix.ip_address_wrong_length";
    case smtp_utf8_mailbox_syntax:
      return "pkix.smtp_utf8_mailbox_invalid_syntax";
    case smtp_utf8_mailbox_ascii:
      return "pkix.smtp_utf8_mailbox_is_ascii_only";
    case smtp_utf8_mailbox_bom:
      return "pkix.smtp_utf8_mailbox_has_bom";
    case smtp_utf8_mailbox_upper_case:
      return "pkix.smtp_utf8_mailbox_has_uppercase";
    case smtp_utf8_mailbox_domain:
      return "pkix.smtp_utf8_mailbox_domain_part_invalid_syntax";
    case smtp_utf8_mailbox_domain_too_long:
      return "pkix.smtputf8mailbox_domain_part_too_long";
    case key_algorithm_draft:
      return "pkix.public_key_nist_ipd_algorithm_present";
    case key_algorithm_round3:
      return "pkix.public_key_nist_round3_algorithm_present";
    case hash_ml_dsa_in_ca:
      return "pkix.hash_mldsa_ca_key_prohibited";
    case hash_slh_dsa_in_ca:
      return "pkix.hash_slhdsa_ca_key_prohibited";
    case key_usage_rsa:
      return "pkix.key_usage_value_prohibited_for_rsa";
    case key_usage_ec:
      return "pkix.key_usage_value_prohibited_for_ec";
    case key_usage_edwards:
      return "pkix.key_usage_value_prohibited_for_edwards_curve";
    case key_usage_agreement_missing:
      return "pkix.key_usage_value_required_but_missing_for_edwards_curve";
    case key_usage_ml_dsa:
      return "pkix.key_usage_value_prohibited_for_mldsa";
    case key_usage_hash_ml_dsa:
      return "pkix.key_usage_value_prohibited_for_hash_mldsa";
    case key_usage_slh_dsa:
      return "pkix.key_usage_value_prohibited_for_slhdsa";
    case key_usage_hash_slh_dsa:
      return "pkix.key_usage_value_prohibited_for_hash_slhdsa";
    case key_usage_ml_kem:
      return "pkix.key_usage_value_prohibited_for_mlkem";
    case extension_twice:
      return "pkix.duplicate_extension";
    case authority_key_id_absent:
      return "pkix.authority_key_identifier_extension_absent";
    case authority_key_id_critical:
      return "pkix.authority_key_identifier_critical";
    case authority_key_id_without_key:
      return "pkix.authority_key_identifier_keyid_missing";
    case authority_key_id_issuer_alone:
      return "pkix.aki_with_cert_issuer_but_serial_number_absent";
    case authority_key_id_serial_alone:
      return "pkix.aki_with_serial_number_but_cert_issuer_absent";
    case subject_key_id_absent_in_ca:
      return "pkix.certificate_skid_ca_missing";
    case subject_key_id_critical:
      return "pkix.certificate_skid_extension_critical";
    case key_usage_absent_in_ca:
      return "pkix.ca_certificate_no_ku_extension";
    case key_usage_empty:
      return "pkix.no_ku_bits_set";
    case key_usage_ca_without_cert_sign:
      return "pkix.ca_certificate_keycertsign_keyusage_not_set";
    case key_usage_cert_sign_without_ca:
      return "pkix.ee_certificate_keycertsign_keyusage_set";
    case key_usage_encipher_and_decipher_only:
      return "pkix.both_encipheronly_and_decipheronly_ku_set";
    case policy_twice:
      return "pkix.duplicate_certificate_policy_oids";
    case any_policy_qualifier:
      return "pkix.certificate_policies_anypolicy_has_prohibited_qualifier";
    case explicit_text_kind:
      return "pkix.rfc5280_certificate_policies_invalid_explicit_text_encoding";
    case explicit_text_ia5:
      return "pkix.rfc6818_certificate_policies_invalid_explicit_text_encoding";
    case policy_mappings_in_end_entity:
      return "pkix.end_entity_policy_mappings_extension_present";
    case subject_alt_name_not_critical:
      return "pkix.san_extension_not_critical_empty_subject";
    case directory_attributes_critical:
      return "pkix.subject_directory_attributes_extension_critical";
    case basic_constraints_not_critical:
      return "pkix.basic_constraints_extension_not_critical";
    case path_length_without_ca:
      return "pkix.basic_constraints_has_pathlen_for_non_ca";
    case name_constraints_in_end_entity:
      return "pkix.name_constraints_in_ee_certificate";
    case name_constraints_not_critical:
      return "pkix.certificate_name_constraints_extension_not_critical";
    case name_constraints_empty:
      return "pkix.name_constraints_no_subtrees";
    case name_constraints_minimum:
      return "pkix.name_constraints_non_default_minimum";
    case name_constraints_maximum:
      return "pkix.name_constraints_maximum_specified";
    case name_constraints_ip_length:
      return "pkix.ip_address_name_constraint_wrong_length";
    case name_constraints_ip_mask:
      return "pkix.ip_address_name_constraint_invalid_cidr";
    case policy_constraints_in_end_entity:
      return "pkix.end_entity_policy_constraints_extension_present";
    case time_stamping_usage_not_critical:
      return "pkix.extended_key_usage_extension_with_timestamping_not_critical";
    case distribution_point_empty:
      return "pkix.distribution_point_does_not_contain_name_or_issuer";
    case inhibit_any_policy_in_end_entity:
      return "pkix.end_entity_inhibit_anypolicy_extension_present";
    case authority_information_critical:
      return "pkix.authority_information_access_extension_critical";
    case subject_information_critical:
      return "pkix.subject_information_access_extension_critical";
    case smime_capabilities_critical:
      return "pkix.smime_capabilities_extension_critical";
    case precertificate_poison_not_critical:
      return "pkix.ct_precert_poison_extension_not_critical";
    case precertificate_poison_with_scts:
      return "pkix.ct_precert_poison_and_sctlist_extensions_present";
    case sct_list_empty:
      return "pkix.sct_list_empty";
    case qualified_statement_version_1:
      return "pkix.prohibited_qualified_statement_present";
    case crl_version_absent:
      return "pkix.crl_version_missing";
    case crl_version_not_2:
      return "pkix.crl_version_is_not_v2";
    case crl_signature_algorithm_mismatch:
      return "pkix.crl_signature_algorithm_match";
    case crl_next_update_absent:
      return "pkix.validity_period_end_value_missing";
    case crl_validity_order:
      return "pkix.crl_negative_validity_period";
    case crl_entries_empty:
      return "pkix.crl_revoked_certificates_empty";
    case crl_authority_key_id_absent:
      return "pkix.authority_key_identifier_missing";
    case crl_number_absent:
      return "pkix.crl_number_missing";
    case crl_number_critical:
      return "pkix.crl_number_extension_critical";
    case crl_number_range:
      return "pkix.crl_number_out_of_range";
    case crl_entry_reason_critical:
      return "pkix.crl_reason_code_extension_critical";
    default:
      return lint::facts(rule).id;
  }
}

bool replaced_in(lint::Rule rule, std::string_view family) {
  using enum lint::Rule;
  if (family == "pkix") return false;
  // Each has a rule of its own for host names; EN 319 412-2 lifts the bounds of names; the TLS baseline lets name
  // constraints be not critical.
  return rule == dns_name_syntax || (family == "etsi" && rule == attribute_syntax) ||
         (family == "tls_br" && rule == name_constraints_not_critical);
}

std::string_view comparable_code(std::string_view code) {
  // Said a second time where two times are compared.
  if (code == "pkix.invalid_time_syntax") return "pkix.utctime_incorrect_syntax";
  return code.starts_with("pkix.") || code.starts_with("itu.") ? code : std::string_view();
}

}  // namespace antin::tests
