// OCSP answers.
#include "tests/unit/lint/answer_builder.h"

namespace antin::tests {

using enum lint::Rule;
using S = StatusParts;

namespace {

Row single(lint::Rule rule, std::function<void(SingleParts&)> change) {
  return status(rule, [change](S& s) { change(s.singles[0]); });
}
Row certificate(lint::Rule rule, std::function<void(CertificateParts&)> change) {
  return status(rule, [change](S& s) { change(s.certificate); });
}

std::vector<Row> single_rows() {
  using O = SingleParts;
  const Time day = time_at(2022, 12, 30), never = time_at(1970, 1, 1);
  return {
      single(digest_length, [](O& o) { o.key_hash.pop_back(); }),
      single(digest_algorithm_unknown, [](O& o) { o.hash_algorithm = algorithm_id("1.2.3.4"); }),
      single(algorithm_parameters, [](O& o) { o.hash_algorithm = der::sequence({oid_of(sha1_oid), der::integer(1)}); }),
      single(ocsp_hash_algorithm_other, [](O& o) { o.hash_algorithm = algorithm_id("2.16.840.1.101.3.4.2.3"); }),
      single(serial_range, [](O& o) { o.serial = der::integer(0); }),
      single(ocsp_produced_before_update,
             [](O& o) { o.this_update = der::generalized_time(time_at(2023, 1, 1) + seconds(1)); }),
      single(ocsp_produced_after_next,
             [](O& o) {
               o.this_update = der::generalized_time(time_at(2022, 12, 1));
               o.next_update = constructed(0, der::generalized_time(time_at(2022, 12, 2)));
             }),
      single(ocsp_update_order,
             [](O& o) { o.next_update = constructed(0, der::generalized_time(time_at(2022, 12, 31))); }),
      single(ocsp_next_update_absent, [](O& o) { o.next_update.clear(); }),
      single(generalized_time_form,
             [](O& o) { o.this_update = der::tlv(der::generalized_time_tag, bytes_of("20230101000000.0Z")); }),
      single(ocsp_revoked_after_answer, [](O& o) { o.status = revoked_since(time_at(2023, 1, 2), 1); }),
      single(ocsp_reason_unspecified, [=](O& o) { o.status = revoked_since(day, 0); }),
      single(ocsp_reason_remove, [=](O& o) { o.status = revoked_since(day, 8); }),
      single(ocsp_never_issued_extension, [=](O& o) { o.status = revoked_since(never, 6); }),
      status(ocsp_extended_definition_absent,
             [=](S& s) {
               s.singles[0].status = revoked_since(never, 6);
               s.extensions.drop("1.3.6.1.5.5.7.48.1.9");
             }),
      single(ocsp_extension_place,
             [](O& o) { o.extensions.set("1.3.6.1.5.5.7.48.1.2", false, der::octet_string(Bytes(32, 1))); }),
      single(generalized_time_form,
             [](O& o) {
               o.extensions.set("1.3.6.1.5.5.7.48.1.6", false, der::tlv(der::generalized_time_tag, bytes_of("2020")));
             }),
      single(ocsp_extension_critical, [](O& o) { o.extensions.set_critical("1.3.6.1.5.5.7.48.1.6", true); }),
  };
}

std::vector<Row> responder_rows() {
  using C = CertificateParts;
  return {
      certificate(ocsp_responder_usage_absent,
                  [](C& c) { c.extensions.set_value("2.5.29.37", der::sequence({oid_of("1.3.6.1.5.5.7.3.4")})); }),
      certificate(ocsp_responder_usage_absent, [](C& c) { c.extensions.drop("2.5.29.37"); }),
      certificate(ocsp_responder_issuer_other, [](C& c) { c.issuer = good_authority().subject; }),
      certificate(ocsp_responder_revocation_unsaid,
                  [](C& c) {
                    for (const char* oid : {"1.3.6.1.5.5.7.48.1.5", "2.5.29.31", "1.3.6.1.5.5.7.1.1"})
                      c.extensions.drop(oid);
                  }),
      certificate(signing_usage_missing, [](C& c) { c.extensions.set_value("2.5.29.15", usage({2})); }),
      certificate(signed_time_outside_certificate, [](C& c) { c.not_after = der::time(time_at(2022, 12, 31)); }),
      certificate(key_usage_empty, [](C& c) { c.extensions.set_value("2.5.29.15", usage({})); }),
      status(certificate_syntax, [](S& s) { s.more_certificates = {der::sequence({der::integer(1)})}; }),
      status(ocsp_certificate_unused, [](S& s) { s.more_certificates = {good_authority().der()}; }),
      status(ocsp_responder_unmatched, [](S& s) { s.responder = constructed(2, der::octet_string(Bytes(20, 1))); }),
      status(signature_wrong, [](S& s) { s.signature = test_signature(Bytes{1}); }),
      status(signature_unchecked, [](S& s) { s.algorithm = algorithm_id("1.2.3.4"); }),
      status(digest_algorithm_weak, [](S& s) { s.algorithm = algorithm_id("1.2.840.10045.4.1"); }),
  };
}

}  // namespace

std::vector<Row> status_rows() {
  std::vector<Row> rows = {
      status(ocsp_syntax, [](S& s) { s.status = 7; }),
      status(ocsp_syntax, [](S& s) { s.version = constructed(0, der::integer(0)); }),  // a default written out
      status(ocsp_status_unused, [](S& s) { s.status = 4; }),
      status(ocsp_answer_absent, [](S& s) { s.answered = false; }),
      status(ocsp_answer_with_failure, [](S& s) { s.status = 3; }),
      status(ocsp_type_not_basic, [](S& s) { s.type = oid_of("1.3.6.1.5.5.7.48.1.99"); }),
      status(ocsp_version_not_1, [](S& s) { s.version = constructed(0, der::integer(1)); }),
      status(ocsp_responder_name_empty, [](S& s) { s.responder = constructed(1, der::sequence({})); }),
      status(ocsp_responder_key_hash, [](S& s) { s.responder = constructed(2, der::octet_string(Bytes(32, 1))); }),
      status(generalized_time_form,
             [](S& s) { s.produced = der::tlv(der::generalized_time_tag, bytes_of("202301010000Z")); }),
      status(ocsp_responses_empty, [](S& s) { s.singles.clear(); }),
      status(ocsp_responses_several,
             [](S& s) {
               s.singles.push_back(s.singles[0]);
               s.singles[1].serial = der::integer(8);
             }),
      status(ocsp_certificate_twice, [](S& s) { s.singles.push_back(s.singles[0]); }),
      status(extension_twice,
             [](S& s) { s.extensions.append_raw(extension("1.3.6.1.5.5.7.48.1.9", false, der::null())); }),
      status(extension_syntax, [](S& s) { s.extensions.set_value("1.3.6.1.5.5.7.48.1.2", Bytes(32, 9)); }),
      status(ocsp_extension_critical, [](S& s) { s.extensions.set_critical("1.3.6.1.5.5.7.48.1.2", true); }),
      status(ocsp_extension_unknown_critical, [](S& s) { s.extensions.set("1.2.3.4", true, der::null()); }),
      status(ocsp_extension_unknown, [](S& s) { s.extensions.set("1.2.3.4", false, der::null()); }),
      status(ocsp_extension_place, [](S& s) { s.extensions.set("1.3.6.1.5.5.7.48.1.4", false, der::sequence({})); }),
      status(ocsp_nonce_length,
             [](S& s) { s.extensions.set_value("1.3.6.1.5.5.7.48.1.2", der::octet_string(Bytes(129, 1))); }),
      status(ocsp_nonce_length, [](S& s) { s.extensions.set_value("1.3.6.1.5.5.7.48.1.2", der::octet_string({})); }),
      status(ocsp_nonce_not_32,
             [](S& s) { s.extensions.set_value("1.3.6.1.5.5.7.48.1.2", der::octet_string(Bytes(16, 1))); }),
      status(algorithm_parameters,
             [](S& s) { s.algorithm = der::sequence({oid_of("1.2.840.10045.4.3.2"), der::null()}); }),
  };
  for (auto more : {single_rows(), responder_rows()})
    for (Row& row : more) rows.push_back(std::move(row));
  return rows;
}

}  // namespace antin::tests
