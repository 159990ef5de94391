// Lists of revoked certificates.
#include "tests/unit/lint/builder.h"

namespace antin::tests {

using enum lint::Rule;
using L = ListParts;

namespace {

Row entry_extension(lint::Rule rule, std::string oid, bool critical, Bytes value) {
  return list(rule, [=](L& l) {
    ExtensionList extensions;
    extensions.set(oid, critical, value);
    l.entries = {entry(5, extensions)};
  });
}

Row point(lint::Rule rule, Bytes content) {
  return list(rule, [=](L& l) { l.extensions.set_value("2.5.29.28", der::tlv(der::sequence_tag, content)); });
}

std::vector<Row> entry_rows() {
  const Bytes issuer = der::sequence({implicit(2, "lamdong.test")});
  return {
      list(crl_entries_empty, [](L& l) { l.entries.clear(); }),
      list(crl_entry_twice, [](L& l) { l.entries.push_back(entry(5)); }),
      list(serial_range, [](L& l) { l.entries.push_back(entry(0)); }),
      list(crl_syntax, [](L& l) { l.entries.push_back(der::sequence({der::integer(1)})); }),
      entry_extension(extension_syntax, "2.5.29.21", false, der::enumerated(11)),
      entry_extension(crl_entry_reason_critical, "2.5.29.21", true, der::enumerated(1)),
      entry_extension(crl_entry_reason_unspecified, "2.5.29.21", false, der::enumerated(0)),
      entry_extension(crl_entry_reason_remove, "2.5.29.21", false, der::enumerated(8)),
      entry_extension(crl_entry_invalidity_critical, "2.5.29.24", true, der::generalized_time(time_at(2022, 1, 1))),
      entry_extension(generalized_time_form, "2.5.29.24", false, der::tlv(der::generalized_time_tag, bytes_of("2022"))),
      entry_extension(crl_entry_issuer_not_critical, "2.5.29.29", false, issuer),
      entry_extension(crl_entry_issuer_in_direct_list, "2.5.29.29", true, issuer),
  };
}

}  // namespace

std::vector<Row> list_rows() {
  std::vector<Row> rows = {
      list(crl_syntax,
           [](L& l) {
             l.this_update.clear();
             l.next_update.clear();
           }),
      list(crl_version_absent, [](L& l) { l.version.clear(); }),
      list(crl_version_not_2, [](L& l) { l.version = der::integer(0); }),
      list(crl_signature_algorithm_mismatch,
           [](L& l) { l.outer_algorithm = der::sequence({der::oid("1.2.840.10045.4.3.3")}); }),
      list(crl_next_update_absent, [](L& l) { l.next_update.clear(); }),
      list(crl_validity_order, [](L& l) { std::swap(l.this_update, l.next_update); }),
      list(time_kind, [](L& l) { l.this_update = der::generalized_time(time_at(2023, 1, 1)); }),
      list(issuer_empty, [](L& l) { l.issuer = der::sequence({}); }),
      list(crl_authority_key_id_absent, [](L& l) { l.extensions.drop("2.5.29.35"); }),
      list(crl_number_absent, [](L& l) { l.extensions.drop("2.5.29.20"); }),
      list(crl_number_critical, [](L& l) { l.extensions.set_critical("2.5.29.20", true); }),
      list(crl_number_range, [](L& l) { l.extensions.set_value("2.5.29.20", der::integer_unsigned(Bytes(20, 0x80))); }),
      list(delta_indicator_not_critical, [](L& l) { l.extensions.set("2.5.29.27", false, der::integer(1)); }),
      list(delta_base_not_smaller, [](L& l) { l.extensions.set("2.5.29.27", true, der::integer(8)); }),
      list(freshest_crl_in_delta,
           [](L& l) {
             l.extensions.set("2.5.29.27", true, der::integer(1));
             const Bytes name = constructed(0, constructed(0, implicit(6, "http://pki.lamdong.test/")));
             l.extensions.set("2.5.29.46", false, der::sequence({der::sequence({name})}));
           }),
      list(issuing_point_not_critical, [](L& l) { l.extensions.set_critical("2.5.29.28", false); }),
      point(issuing_point_empty, {}),
      point(issuing_point_contradiction, der::concat({implicit(1, Bytes{0xff}), implicit(2, Bytes{0xff})})),
      point(uri_syntax, constructed(0, constructed(0, implicit(6, "localhost")))),
  };
  for (Row& row : entry_rows()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace antin::tests
