// Time-stamp tokens.
#include "tests/unit/lint/answer_builder.h"

namespace antin::tests {

using enum lint::Rule;
using T = TokenParts;

namespace {

Row answer(lint::Rule rule, std::uint8_t number, bool with_token) {
  return {rule, [=] { return lint::time_stamp(token_answer(number, with_token ? good_token().der() : Bytes())); }};
}
Row certificate(lint::Rule rule, std::function<void(CertificateParts&)> change) {
  return token(rule, [change](T& t) { change(t.certificate); });
}

std::vector<Row> cms_rows() {
  return {
      answer(token_status_unknown, 6, true),
      answer(token_absent, 0, false),
      answer(token_with_refusal, 2, true),
      token(token_syntax, [](T& t) { t.cms_version.clear(); }),
      {token_syntax, [] { return lint::time_stamp(der::sequence({der::sequence({})})); }},
      token(token_not_signed_data, [](T& t) { t.cms_type = oid_of("1.2.840.113549.1.7.1"); }),
      token(token_content_other, [](T& t) { t.content_type = oid_of("1.2.840.113549.1.7.1"); }),
      token(token_content_absent, [](T& t) { t.with_content = false; }),
      token(token_cms_version, [](T& t) { t.cms_version = der::integer(1); }),
      token(token_signer_count, [](T& t) { t.signers = Bytes(); }),
      token(token_signer_version, [](T& t) { t.signer_version = der::integer(3); }),
      token(token_digest_not_listed, [](T& t) { t.listed_algorithm = algorithm_id("2.16.840.1.101.3.4.2.2"); }),
      token(token_certificate_kind, [](T& t) { t.more_certificates = {constructed(3, der::null())}; }),
      token(digest_algorithm_unknown, [](T& t) { t.listed_algorithm = t.digest_algorithm = algorithm_id("1.2.3.4"); }),
      token(digest_algorithm_weak, [](T& t) { t.digest_algorithm = algorithm_id(sha1_oid); }),
      token(digest_algorithm_weak, [](T& t) { t.signature_algorithm = algorithm_id("1.2.840.10045.4.1"); }),
  };
}

std::vector<Row> attribute_rows() {
  const Bytes junk = der::sequence({oid_of("1.2.3.4"), der::set_of({der::null()})});
  return {
      token(token_signed_attributes_absent, [](T& t) { t.with_signed_attributes = false; }),
      token(set_order, [](T& t) { t.sorted = false; }),
      token(token_attribute_twice,
            [](T& t) { t.signed_attributes.push_back({"1.2.840.113549.1.9.5", der::time(time_at(2023, 1, 2))}); }),
      token(token_attribute_values,
            [](T& t) {
              t.digest_value = der::concat({der::octet_string(Bytes(32, 1)), der::octet_string(Bytes(32, 2))});
            }),
      token(token_attribute_values, [](T& t) { t.signing_value = Bytes(); }),
      token(token_content_type_attribute, [](T& t) { t.content_type_value = oid_of("1.2.840.113549.1.7.1"); }),
      token(token_message_digest_absent, [](T& t) { t.with_digest = false; }),
      token(token_message_digest_wrong, [](T& t) { t.digest_value = der::octet_string(Bytes(32, 1)); }),
      token(token_signing_certificate_absent, [](T& t) { t.with_signing = false; }),
      token(token_attribute_syntax, [](T& t) { t.signing_value = der::sequence({der::null()}); }),
      token(token_attribute_syntax,  // the default algorithm written out
            [](T& t) {
              const Bytes id = der::sequence({algorithm_id(sha256_oid), der::octet_string(Bytes(32, 1))});
              t.signing_value = der::sequence({der::sequence({id})});
            }),
      token(token_signing_certificate_wrong,
            [](T& t) {
              t.signing_value = der::sequence({der::sequence({der::sequence({der::octet_string(Bytes(32, 1))})})});
            }),
      token(token_signing_certificate_sha1,
            [](T& t) {
              t.signing_oid = "1.2.840.113549.1.9.16.2.12";
              const Bytes id = der::sequence({der::octet_string(sha1_of(t.certificate.der()))});
              t.signing_value = der::sequence({der::sequence({id})});
            }),
      token(token_unsigned_attribute, [=](T& t) { t.unsigned_attributes = constructed(1, junk); }),
  };
}

std::vector<Row> info_rows() {
  return {
      token(token_info_syntax, [](T& t) { t.policy.clear(); }),
      token(token_info_syntax, [](T& t) { t.ordering = der::boolean(false); }),  // a default written out
      token(token_info_version_not_1, [](T& t) { t.info_version = der::integer(2); }),
      token(digest_length, [](T& t) { t.imprint = Bytes(20, 1); }),
      token(digest_algorithm_weak, [](T& t) { t.imprint_algorithm = algorithm_id("1.2.840.113549.2.5"); }),
      token(token_serial_range, [](T& t) { t.serial = der::integer_unsigned(Bytes(21, 1)); }),
      token(token_serial_range, [](T& t) { t.serial = der::tlv(der::integer_tag, Bytes{0x80}); }),
      token(token_time_form, [](T& t) { t.time = "20230101000000.50Z"; }),
      token(token_time_form, [](T& t) { t.time = "20230101000000.Z"; }),
      token(token_time_form, [](T& t) { t.time = "20230101000000+0700"; }),
      token(token_time_form, [](T& t) { t.time = "202301010000Z"; }),
      token(token_time_form, [](T& t) { t.time = "20231301000000Z"; }),
      token(token_accuracy_range, [](T& t) { t.accuracy = der::sequence({implicit(0, Bytes{0})}); }),
      token(token_accuracy_range, [](T& t) { t.accuracy = der::sequence({implicit(1, Bytes{0x03, 0xe8})}); }),
      token(token_accuracy_range, [](T& t) { t.accuracy = der::sequence({der::tlv(der::integer_tag, Bytes{0xff})}); }),
      token(token_accuracy_absent, [](T& t) { t.accuracy.clear(); }),
      token(token_accuracy_coarse, [](T& t) { t.accuracy = der::sequence({der::integer(2)}); }),
      token(token_ordering, [](T& t) { t.ordering = der::boolean(true); }),
      token(token_nonce_short, [](T& t) { t.nonce = der::integer(7); }),
      token(token_authority_name, [](T& t) { t.authority = constructed(0, implicit(2, "tsa.lamdong.test")); }),
      token(dns_name_syntax, [](T& t) { t.authority = constructed(0, implicit(2, "localhost")); }),
      token(token_extension_critical, [](T& t) { t.info_extensions.set("1.2.3.4", true, der::null()); }),
      token(extension_syntax, [](T& t) { t.info_extensions.set_value("1.3.6.1.5.5.7.1.3", der::null()); }),
      token(oid_arc_large, [](T& t) { t.policy = oid_of("1.3.6.1.4.1.4294967296"); }),
  };
}

std::vector<Row> signer_rows() {
  using C = CertificateParts;
  return {
      token(token_certificates_absent, [](T& t) { t.with_certificates = false; }),
      token(token_signer_unmatched, [](T& t) { t.signer_id = der::sequence({t.certificate.issuer, der::integer(9)}); }),
      certificate(token_usage_absent, [](C& c) { c.extensions.drop("2.5.29.37"); }),
      certificate(token_usage_not_alone,
                  [](C& c) {
                    c.extensions.set_value("2.5.29.37",
                                           der::sequence({oid_of("1.3.6.1.5.5.7.3.8"), oid_of("1.3.6.1.5.5.7.3.4")}));
                  }),
      certificate(time_stamping_usage_not_critical, [](C& c) { c.extensions.set_critical("2.5.29.37", false); }),
      certificate(signing_usage_missing, [](C& c) { c.extensions.set_value("2.5.29.15", usage({2})); }),
      certificate(signed_time_outside_certificate, [](C& c) { c.not_after = der::time(time_at(2022, 12, 31)); }),
      token(signature_wrong, [](T& t) { t.signature = test_signature(Bytes{1}); }),
      token(signature_unchecked, [](T& t) { t.signature_algorithm = algorithm_id("1.2.3.4"); }),
  };
}

}  // namespace

std::vector<Row> token_rows() {
  std::vector<Row> rows;
  for (auto more : {cms_rows(), attribute_rows(), info_rows(), signer_rows()})
    for (Row& row : more) rows.push_back(std::move(row));
  return rows;
}

}  // namespace antin::tests
