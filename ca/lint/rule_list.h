// The rules of the linter: name, severity, and the text that asks for it. One line a rule; the order is that of a
// report. Only for ca/lint.
#pragma once

// clang-format off
#define ANTIN_LINT_RULES(X) \
  /* form */ \
  X(certificate_syntax, fatal, "RFC 5280 §4.1, X.690 §10, §11") \
  X(crl_syntax, fatal, "RFC 5280 §5.1, X.690 §10, §11") \
  X(extension_syntax, fatal, "RFC 5280 §4.2, §5.2, §5.3, X.690 §11") \
  X(attribute_syntax, fatal, "RFC 5280 appendix A, X.520") \
  X(algorithm_parameters, fatal, "RFC 3279, 4055, 5758, 8410, 9881, 9909") \
  X(public_key_parameters, fatal, "RFC 3279, 5480, 8410, 9881, 9909, 9935") \
  X(public_key_syntax, fatal, "RFC 3279, 5480, 8410, 9881, 9909, 9935") \
  X(policy_qualifier_syntax, fatal, "RFC 5280 §4.2.1.4") \
  X(other_name_syntax, fatal, "RFC 5280 §4.2.1.6, RFC 9598 §3") \
  X(qualified_statement_syntax, fatal, "RFC 3739 §3.2.6, EN 319 412-5 §4") \
  X(sct_list_syntax, fatal, "RFC 6962 §3.3") \
  X(set_order, error, "X.690 §11.6") \
  /* certificate */ \
  X(version_not_3, error, "RFC 5280 §4.1.2.1, §4.1.2.9") \
  X(serial_range, error, "RFC 5280 §4.1.2.2") \
  X(signature_algorithm_mismatch, error, "RFC 5280 §4.1.1.2") \
  X(utc_time_form, error, "RFC 5280 §4.1.2.5.1") \
  X(generalized_time_form, error, "RFC 5280 §4.1.2.5.2") \
  X(time_kind, error, "RFC 5280 §4.1.2.5") \
  X(validity_order, error, "RFC 5280 §4.1.2.5") \
  X(issuer_unique_id, error, "RFC 5280 §4.1.2.8") \
  X(subject_unique_id, error, "RFC 5280 §4.1.2.8") \
  /* names */ \
  X(issuer_empty, error, "RFC 5280 §4.1.2.4, §5.1.2.3") \
  X(subject_empty_in_ca, error, "RFC 5280 §4.1.2.6") \
  X(subject_empty_without_san, error, "RFC 5280 §4.1.2.6") \
  X(rdn_type_twice, error, "X.501 §9.3") \
  X(subject_mail_not_in_san, error, "RFC 5280 §4.1.2.6") \
  X(domain_component_syntax, error, "RFC 4519 §2.4, RFC 5280 §4.1.2.4") \
  X(dns_name_syntax, error, "RFC 5280 §4.2.1.6, RFC 1034 §3.5") \
  X(dns_name_too_long, error, "RFC 1035 §2.3.4") \
  X(mail_syntax, error, "RFC 5280 §4.2.1.6, RFC 5321 §4.1.2") \
  X(mail_domain_too_long, error, "RFC 1035 §2.3.4") \
  X(uri_syntax, error, "RFC 5280 §4.2.1.6, RFC 3986") \
  X(uri_host_too_long, error, "RFC 1035 §2.3.4") \
  X(uri_ldap_unread, notice, "RFC 4516") \
  X(ip_address_length, error, "RFC 5280 §4.2.1.6") \
  X(smtp_utf8_mailbox_syntax, error, "RFC 9598 §3") \
  X(smtp_utf8_mailbox_ascii, error, "RFC 9598 §3") \
  X(smtp_utf8_mailbox_bom, error, "RFC 9598 §3") \
  X(smtp_utf8_mailbox_upper_case, error, "RFC 9598 §3") \
  X(smtp_utf8_mailbox_domain, error, "RFC 9598 §3") \
  X(smtp_utf8_mailbox_domain_too_long, error, "RFC 1035 §2.3.4") \
  /* keys */ \
  X(key_algorithm_draft, error, "FIPS 203, 204, 205") \
  X(key_algorithm_round3, error, "FIPS 203, 204, 205") \
  X(key_algorithm_unknown, notice, "RFC 5280 §4.1.2.7") \
  X(hash_ml_dsa_in_ca, error, "RFC 9881 §8.3") \
  X(hash_slh_dsa_in_ca, error, "RFC 9909") \
  X(key_usage_rsa, error, "RFC 4055 §1.2") \
  X(key_usage_ec, error, "RFC 8813 §3") \
  X(key_usage_edwards, error, "RFC 9295 §3") \
  X(key_usage_agreement_missing, error, "RFC 9295 §3") \
  X(key_usage_ml_dsa, error, "RFC 9881 §5") \
  X(key_usage_hash_ml_dsa, error, "RFC 9881 §5") \
  X(key_usage_slh_dsa, error, "RFC 9909") \
  X(key_usage_hash_slh_dsa, error, "RFC 9909") \
  X(key_usage_ml_kem, error, "RFC 9935 §5") \
  /* extensions */ \
  X(oid_arc_large, warning, "RFC 5280 appendix B") \
  X(extension_twice, error, "RFC 5280 §4.2") \
  X(authority_key_id_absent, error, "RFC 5280 §4.2.1.1") \
  X(authority_key_id_unchecked, notice, "RFC 5280 §4.2.1.1") \
  X(authority_key_id_critical, error, "RFC 5280 §4.2.1.1") \
  X(authority_key_id_without_key, error, "RFC 5280 §4.2.1.1") \
  X(authority_key_id_issuer_alone, error, "RFC 5280 §4.2.1.1") \
  X(authority_key_id_serial_alone, error, "RFC 5280 §4.2.1.1") \
  X(subject_key_id_absent_in_ca, error, "RFC 5280 §4.2.1.2") \
  X(subject_key_id_absent, warning, "RFC 5280 §4.2.1.2") \
  X(subject_key_id_critical, error, "RFC 5280 §4.2.1.2") \
  X(key_usage_absent_in_ca, error, "RFC 5280 §4.2.1.3") \
  X(key_usage_not_critical, warning, "RFC 5280 §4.2.1.3") \
  X(key_usage_empty, error, "RFC 5280 §4.2.1.3") \
  X(key_usage_ca_without_cert_sign, error, "RFC 5280 §4.2.1.3, §4.2.1.9") \
  X(key_usage_cert_sign_without_ca, error, "RFC 5280 §4.2.1.3") \
  X(key_usage_encipher_and_decipher_only, error, "RFC 5280 §4.2.1.3") \
  X(policy_twice, error, "RFC 5280 §4.2.1.4") \
  X(policy_has_qualifier, notice, "RFC 5280 §4.2.1.4") \
  X(any_policy_qualifier, error, "RFC 5280 §4.2.1.4") \
  X(explicit_text_kind, error, "RFC 5280 §4.2.1.4") \
  X(explicit_text_ia5, error, "RFC 6818 §3") \
  X(explicit_text_control, warning, "RFC 5280 §4.2.1.4") \
  X(explicit_text_not_nfc, warning, "RFC 5280 §4.2.1.4") \
  X(notice_reference, warning, "RFC 5280 §4.2.1.4") \
  X(policy_mappings_in_end_entity, error, "RFC 5280 §4.2.1.5") \
  X(policy_mappings_not_critical, warning, "RFC 5280 §4.2.1.5") \
  X(policy_mappings_any_policy, error, "RFC 5280 §4.2.1.5") \
  X(subject_alt_name_not_critical, error, "RFC 5280 §4.1.2.6, §4.2.1.6") \
  X(subject_alt_name_critical, warning, "RFC 5280 §4.2.1.6") \
  X(issuer_alt_name_critical, warning, "RFC 5280 §4.2.1.7") \
  X(directory_attributes_critical, error, "RFC 5280 §4.2.1.8") \
  X(basic_constraints_not_critical, error, "RFC 5280 §4.2.1.9") \
  X(path_length_without_ca, error, "RFC 5280 §4.2.1.9") \
  X(name_constraints_in_end_entity, error, "RFC 5280 §4.2.1.10") \
  X(name_constraints_not_critical, error, "RFC 5280 §4.2.1.10") \
  X(name_constraints_empty, error, "RFC 5280 §4.2.1.10") \
  X(name_constraints_minimum, error, "RFC 5280 §4.2.1.10") \
  X(name_constraints_maximum, error, "RFC 5280 §4.2.1.10") \
  X(name_constraints_ip_length, error, "RFC 5280 §4.2.1.10") \
  X(name_constraints_ip_mask, error, "RFC 5280 §4.2.1.10, RFC 4632 §3.1") \
  X(policy_constraints_in_end_entity, error, "RFC 5280 §4.2.1.11") \
  X(policy_constraints_not_critical, error, "RFC 5280 §4.2.1.11") \
  X(policy_constraints_empty, error, "RFC 5280 §4.2.1.11") \
  X(time_stamping_usage_not_critical, error, "RFC 3161 §2.3") \
  X(any_extended_usage_critical, warning, "RFC 5280 §4.2.1.12") \
  X(crl_distribution_points_critical, warning, "RFC 5280 §4.2.1.13") \
  X(distribution_point_empty, error, "RFC 5280 §4.2.1.13") \
  X(inhibit_any_policy_in_end_entity, error, "RFC 5280 §4.2.1.14") \
  X(inhibit_any_policy_not_critical, error, "RFC 5280 §4.2.1.14") \
  X(freshest_crl_critical, error, "RFC 5280 §4.2.1.15, §5.2.6") \
  X(authority_information_critical, error, "RFC 5280 §4.2.2.1, §5.2.7") \
  X(subject_information_critical, error, "RFC 5280 §4.2.2.2") \
  X(smime_capabilities_critical, error, "RFC 4262 §2") \
  X(ocsp_no_check_critical, warning, "RFC 6960 §4.2.2.2.1") \
  X(no_revocation_critical, error, "RFC 9608 §2") \
  X(no_revocation_in_ca, error, "RFC 9608 §3") \
  X(no_revocation_with_pointer, error, "RFC 9608 §3") \
  X(precertificate_poison_not_critical, error, "RFC 6962 §3.1") \
  X(precertificate_poison_with_scts, error, "RFC 6962 §3.1, §3.3") \
  X(sct_list_empty, error, "RFC 6962 §3.3") \
  X(qualified_statement_version_1, error, "RFC 3739 §3.2.6.1") \
  /* lists of revoked certificates */ \
  X(crl_version_absent, error, "RFC 5280 §5.1.2.1") \
  X(crl_version_not_2, error, "RFC 5280 §5.1.2.1") \
  X(crl_signature_algorithm_mismatch, error, "RFC 5280 §5.1.1.2") \
  X(crl_next_update_absent, error, "RFC 5280 §5.1.2.5") \
  X(crl_validity_order, error, "RFC 5280 §5.1.2.4, §5.1.2.5") \
  X(crl_entries_empty, error, "RFC 5280 §5.1.2.6") \
  X(crl_authority_key_id_absent, error, "RFC 5280 §5.2.1") \
  X(crl_number_absent, error, "RFC 5280 §5.2.3") \
  X(crl_number_critical, error, "RFC 5280 §5.2.3") \
  X(crl_number_range, error, "RFC 5280 §5.2.3") \
  X(delta_indicator_not_critical, error, "RFC 5280 §5.2.4") \
  X(delta_base_not_smaller, error, "RFC 5280 §5.2.4") \
  X(issuing_point_not_critical, error, "RFC 5280 §5.2.5") \
  X(issuing_point_empty, error, "RFC 5280 §5.2.5") \
  X(issuing_point_contradiction, error, "RFC 5280 §5.2.5") \
  X(freshest_crl_in_delta, error, "RFC 5280 §5.2.6") \
  X(crl_entry_twice, error, "RFC 5280 §5.1.2.6") \
  X(crl_entry_reason_critical, error, "RFC 5280 §5.3.1") \
  X(crl_entry_reason_unspecified, warning, "RFC 5280 §5.3.1") \
  X(crl_entry_reason_remove, error, "RFC 5280 §5.3.1") \
  X(crl_entry_invalidity_critical, error, "RFC 5280 §5.3.2") \
  X(crl_entry_issuer_not_critical, error, "RFC 5280 §5.3.3") \
  X(crl_entry_issuer_in_direct_list, error, "RFC 5280 §5.3.3") \
  /* answers about revocation, and time-stamp tokens: what both have */ \
  X(digest_length, error, "RFC 6960 §4.1.1, RFC 3161 §2.4.1") \
  X(digest_algorithm_weak, error, "RFC 6194 §3, TS 119 312 §5") \
  X(digest_algorithm_unknown, notice, "RFC 5754 §2") \
  X(signed_time_outside_certificate, error, "RFC 6960 §3.2, EN 319 422 §5") \
  X(signature_wrong, error, "RFC 6960 §3.2, RFC 5652 §5.4") \
  X(signature_unchecked, notice, "RFC 6960 §3.2, RFC 5652 §5.4") \
  X(signing_usage_missing, error, "RFC 5280 §4.2.1.12") \
  /* OCSP answers */ \
  X(ocsp_syntax, fatal, "RFC 6960 §4.2.1, X.690 §10, §11") \
  X(ocsp_status_unused, error, "RFC 6960 §4.2.1") \
  X(ocsp_answer_absent, error, "RFC 6960 §4.2.1") \
  X(ocsp_answer_with_failure, error, "RFC 6960 §4.2.1") \
  X(ocsp_type_not_basic, fatal, "RFC 6960 §4.2.1") \
  X(ocsp_version_not_1, error, "RFC 6960 §4.2.1") \
  X(ocsp_responder_name_empty, error, "RFC 6960 §4.2.1") \
  X(ocsp_responder_key_hash, error, "RFC 6960 §4.2.1") \
  X(ocsp_responses_empty, error, "RFC 6960 §4.2.2.3") \
  X(ocsp_responses_several, warning, "RFC 5019 §2.2.1") \
  X(ocsp_certificate_twice, error, "RFC 6960 §4.2.2.3") \
  X(ocsp_hash_algorithm_other, warning, "RFC 5019 §2.1.1, RFC 6960 §4.3") \
  X(ocsp_produced_before_update, error, "RFC 6960 §2.4") \
  X(ocsp_produced_after_next, error, "RFC 6960 §2.4") \
  X(ocsp_update_order, error, "RFC 6960 §2.4, §4.2.2.1") \
  X(ocsp_next_update_absent, warning, "RFC 5019 §2.2.4") \
  X(ocsp_revoked_after_answer, error, "RFC 6960 §2.4") \
  X(ocsp_reason_unspecified, warning, "RFC 5280 §5.3.1") \
  X(ocsp_reason_remove, error, "RFC 5280 §5.3.1") \
  X(ocsp_extended_definition_absent, error, "RFC 6960 §2.2, §4.4.8") \
  X(ocsp_never_issued_extension, error, "RFC 6960 §2.2") \
  X(ocsp_extension_critical, warning, "RFC 6960 §4.4") \
  X(ocsp_extension_unknown_critical, error, "RFC 6960 §4.4, RFC 5019 §2.2.1") \
  X(ocsp_extension_unknown, notice, "RFC 6960 §4.4") \
  X(ocsp_extension_place, error, "RFC 6960 §4.4") \
  X(ocsp_nonce_length, error, "RFC 9654 §2.1") \
  X(ocsp_nonce_not_32, warning, "RFC 9654 §2.1") \
  X(ocsp_certificate_unused, warning, "RFC 6960 §4.2.2.3") \
  X(ocsp_responder_unmatched, error, "RFC 6960 §4.2.2.3") \
  X(ocsp_responder_usage_absent, error, "RFC 6960 §4.2.2.2") \
  X(ocsp_responder_issuer_other, error, "RFC 6960 §4.2.2.2") \
  X(ocsp_responder_revocation_unsaid, warning, "RFC 6960 §4.2.2.2.1") \
  /* time-stamp tokens */ \
  X(token_syntax, fatal, "RFC 3161 §2.4.2, RFC 5652 §5, X.690 §10, §11") \
  X(token_status_unknown, error, "RFC 3161 §2.4.2") \
  X(token_absent, error, "RFC 3161 §2.4.2") \
  X(token_with_refusal, error, "RFC 3161 §2.4.2") \
  X(token_not_signed_data, fatal, "RFC 3161 §2.4.2") \
  X(token_content_other, fatal, "RFC 3161 §2.4.2") \
  X(token_content_absent, fatal, "RFC 3161 §2.4.2") \
  X(token_info_syntax, fatal, "RFC 3161 §2.4.2, X.690 §10, §11") \
  X(token_cms_version, error, "RFC 5652 §5.1") \
  X(token_signer_count, error, "RFC 3161 §2.4.2") \
  X(token_signer_version, error, "RFC 5652 §5.3") \
  X(token_digest_not_listed, warning, "RFC 5652 §5.1") \
  X(token_certificate_kind, warning, "RFC 5652 §10.2.2, EN 319 422 §5") \
  X(token_signed_attributes_absent, error, "RFC 5652 §5.3") \
  X(token_attribute_twice, error, "RFC 5652 §5.3") \
  X(token_attribute_values, error, "RFC 5652 §11, RFC 5035 §5") \
  X(token_attribute_syntax, fatal, "RFC 5652 §11, RFC 5035 §5") \
  X(token_content_type_attribute, error, "RFC 5652 §11.1") \
  X(token_message_digest_absent, error, "RFC 5652 §11.2") \
  X(token_message_digest_wrong, error, "RFC 5652 §11.2") \
  X(token_signing_certificate_absent, error, "RFC 3161 §2.4.2, RFC 5816 §2.2.1") \
  X(token_signing_certificate_wrong, error, "RFC 3161 §2.4.2, RFC 5816 §2.2.1") \
  X(token_signing_certificate_sha1, warning, "RFC 5816 §1, EN 319 422 §5") \
  X(token_unsigned_attribute, warning, "RFC 3161 §2.4.2") \
  X(token_certificates_absent, notice, "RFC 3161 §2.4.1") \
  X(token_signer_unmatched, error, "RFC 3161 §2.4.1") \
  X(token_usage_absent, error, "RFC 3161 §2.3") \
  X(token_usage_not_alone, error, "RFC 3161 §2.3") \
  X(token_info_version_not_1, error, "RFC 3161 §2.4.2") \
  X(token_serial_range, error, "RFC 3161 §2.4.2") \
  X(token_time_form, error, "RFC 3161 §2.4.2") \
  X(token_accuracy_range, error, "RFC 3161 §2.4.2") \
  X(token_accuracy_absent, warning, "EN 319 422 §5") \
  X(token_accuracy_coarse, warning, "EN 319 422 §5") \
  X(token_ordering, warning, "EN 319 422 §5") \
  X(token_nonce_short, notice, "RFC 3161 §2.4.1") \
  X(token_authority_name, error, "RFC 3161 §2.4.2") \
  X(token_extension_critical, error, "EN 319 422 §5") \
  /* the report itself */ \
  X(report_cut, notice, "a report has at most 200 findings")
// clang-format on
