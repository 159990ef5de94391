// Form, version, serial number, times, names and the like.
#include "tests/unit/lint/builder.h"

namespace antin::tests {

using enum lint::Rule;
using P = CertificateParts;

namespace {

Bytes text_time(std::uint8_t tag, std::string_view text) { return der::tlv(tag, bytes_of(text)); }

void set_algorithm(P& p, ByteView algorithm) { p.algorithm = p.outer_algorithm = to_bytes(algorithm); }

}  // namespace

std::vector<Row> certificate_rows() {
  return {
      leaf(certificate_syntax, [](P& p) { p.serial.clear(); }),
      leaf(certificate_syntax, [](P& p) { p.serial = Bytes{2, 2, 0, 5}; }),
      leaf(certificate_syntax, [](P& p) { p.version = constructed(0, der::integer(0)); }),
      leaf(certificate_syntax, [](P& p) { append(p.key, der::null()); }),
      leaf(certificate_syntax,
           [](P& p) {
             p.extensions.append_raw(
                 der::sequence({der::oid("1.2.3.4"), der::boolean(false), der::octet_string(der::null())}));
           }),
      leaf(certificate_syntax, [](P& p) { p.signature = Bytes{3, 2, 1, 0xff}; }),
      leaf(version_not_3, [](P& p) { p.version = constructed(0, der::integer(1)); }),
      leaf(version_not_3,
           [](P& p) {
             p.version.clear();
             p.extensions = {};
           }),
      leaf(serial_range, [](P& p) { p.serial = der::integer(0); }),
      leaf(serial_range, [](P& p) { p.serial = Bytes{2, 1, 0xff}; }),
      leaf(serial_range, [](P& p) { p.serial = der::integer_unsigned(Bytes(20, 0x80)); }),
      leaf(signature_algorithm_mismatch,
           [](P& p) { p.outer_algorithm = der::sequence({der::oid("1.2.840.10045.4.3.3")}); }),
      leaf(algorithm_parameters,
           [](P& p) { set_algorithm(p, der::sequence({der::oid("1.2.840.10045.4.3.2"), der::null()})); }),
      leaf(algorithm_parameters, [](P& p) { set_algorithm(p, der::sequence({der::oid("1.2.840.113549.1.1.11")})); }),
      leaf(algorithm_parameters,
           [](P& p) {
             set_algorithm(p, der::sequence({der::oid("1.2.840.113549.1.1.10"),
                                             der::sequence({constructed(2, der::integer(20))})}));
           }),
      leaf(algorithm_parameters,
           [](P& p) { set_algorithm(p, der::sequence({der::oid("2.16.840.1.101.3.4.3.17"), der::null()})); }),
      leaf(utc_time_form, [](P& p) { p.not_before = text_time(der::utc_time_tag, "2212280000Z"); }),
      leaf(utc_time_form, [](P& p) { p.not_before = text_time(der::utc_time_tag, "221328000000Z"); }),
      leaf(generalized_time_form,
           [](P& p) { p.not_after = text_time(der::generalized_time_tag, "20501228000000.5Z"); }),
      leaf(generalized_time_form,
           [](P& p) { p.extensions.set_value("2.5.29.16", der::sequence({implicit(0, "2022")})); }),
      leaf(time_kind, [](P& p) { p.not_before = der::generalized_time(time_at(2022, 12, 28)); }),
      leaf(validity_order, [](P& p) { std::swap(p.not_before, p.not_after); }),
      leaf(issuer_unique_id, [](P& p) { p.unique_ids = implicit(1, Bytes{0, 1}); }),
      leaf(subject_unique_id, [](P& p) { p.unique_ids = implicit(2, Bytes{0, 1}); }),
      leaf(extension_twice, [](P& p) { p.extensions.append_raw(extension("2.5.29.15", true, usage({0}))); }),
      leaf(oid_arc_large, [](P& p) { p.extensions.set("2.25.268435456", false, der::null()); }),
      leaf(extension_syntax, [](P& p) { p.extensions.set_value("2.5.29.15", Bytes{3, 2, 0, 0x80}); }),
      leaf(extension_syntax, [](P& p) { p.extensions.set_value("2.5.29.19", der::sequence({der::boolean(false)})); }),
      leaf(extension_syntax,
           [](P& p) { p.extensions.set_value("2.5.29.17", der::sequence({implicit(2, "thử.lamdong.test")})); }),
      leaf(extension_syntax, [](P& p) { p.extensions.set_value("2.5.29.37", der::sequence({})); }),
      leaf(report_cut,
           [](P& p) {
             Bytes names;
             for (int i = 0; i < 300; ++i) append(names, implicit(2, "localhost"));
             p.extensions.set_value("2.5.29.17", der::tlv(der::sequence_tag, names));
           }),
  };
}

}  // namespace antin::tests
