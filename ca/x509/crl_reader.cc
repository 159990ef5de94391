#include "ca/x509/crl_reader.h"

#include <algorithm>

#include "ca/x509/certificate_extensions.h"
#include "ca/x509/tbs.h"

namespace antin::x509 {
namespace {

std::unexpected<Error> bad(const char* what) { return fail(ErrorCode::invalid_argument, std::string("crl: ") + what); }

Status read_entry_extension(const ExtensionView& extension, CrlEntry& entry, CrlEntryNotes* notes) {
  if (extension.is("2.5.29.21")) {
    ANTIN_TRY(const der::Element reason, der::only(extension.value, der::enumerated_tag));
    if (reason.content.size() != 1 || reason.content[0] > 10 || reason.content[0] == 7)
      return bad("an entry's reason is not one of RFC 5280");
    entry.reason = static_cast<RevocationReason>(reason.content[0]);
    return {};
  }
  if (extension.is("2.5.29.24")) {
    ANTIN_TRY(const der::Element date, der::only(extension.value, der::generalized_time_tag));
    ANTIN_TRY(entry.invalidity_date, der::read_time(date));
    return {};
  }
  // certificateIssuer (2.5.29.29) is critical and belongs to indirect lists, which we do not take for anybody's word.
  if (extension.critical && notes != nullptr) notes->unknown_critical = true;
  return {};
}

// GeneralNames, or a name relative to the issuer, which is not kept.
Status read_distribution_point_name(ByteView content, CrlScope& scope) {
  der::Reader choice(content);
  ANTIN_TRY(const der::Element name, choice.next());
  ANTIN_CHECK(choice.end());
  if (name.tag != der::context_constructed(0) && name.tag != der::context_constructed(1))
    return bad("the issuing distribution point has an unknown name form");
  scope.distribution_point = true;
  if (name.tag == der::context_constructed(0)) {
    ANTIN_TRY(scope.urls, read_general_names(name.content, 6));
    for (der::Reader names(name.content); !names.at_end();) {
      ANTIN_TRY(const der::Element one, names.next());
      scope.names.push_back(to_bytes(one.whole));
    }
  }
  return {};
}

Result<bool> read_flag(der::Reader& reader, unsigned number) {
  ANTIN_TRY(const auto flag, reader.optional(der::context(number)));
  if (!flag) return false;
  if (flag->content.size() != 1 || flag->content[0] != 0xff)
    return bad("a flag of the issuing distribution point is not TRUE");
  return true;
}

// IssuingDistributionPoint, RFC 5280 §5.2.5.
Status read_issuing_distribution_point(ByteView value, CrlScope& scope) {
  ANTIN_TRY(const der::Element outer, der::only(value, der::sequence_tag));
  if (outer.content.empty()) return bad("an empty issuing distribution point");
  der::Reader reader(outer.content);
  ANTIN_TRY(const auto point, reader.optional(der::context_constructed(0)));
  if (point) ANTIN_CHECK(read_distribution_point_name(point->content, scope));
  ANTIN_TRY(scope.only_user_certificates, read_flag(reader, 1));
  ANTIN_TRY(scope.only_ca_certificates, read_flag(reader, 2));
  ANTIN_TRY(const auto reasons, reader.optional(der::context(3)));
  scope.some_reasons_only = reasons.has_value();
  ANTIN_TRY(scope.indirect, read_flag(reader, 4));
  ANTIN_TRY(scope.only_attribute_certificates, read_flag(reader, 5));
  if (scope.only_user_certificates + scope.only_ca_certificates + scope.only_attribute_certificates > 1)
    return bad("the issuing distribution point says several kinds at once");
  return reader.end();
}

Status read_list_extension(const ExtensionView& extension, CrlParts& parts) {
  if (extension.is("2.5.29.20")) {
    ANTIN_TRY(const der::Element number, der::only(extension.value, der::integer_tag));
    ANTIN_TRY(ByteView content, der::read_integer(number));
    if ((content[0] & 0x80U) != 0 || content.size() > 21) return bad("a CRL number that is negative or over 20 octets");
    while (!content.empty() && content[0] == 0) content = content.subspan(1);
    parts.number = to_bytes(content);
  } else if (extension.is("2.5.29.35")) {
    ANTIN_TRY(Bytes id, read_authority_key_id(extension.value));
    if (!id.empty()) parts.authority_key_id = std::move(id);
  } else if (extension.is("2.5.29.28")) {
    ANTIN_CHECK(read_issuing_distribution_point(extension.value, parts.scope));
  } else if (extension.is("2.5.29.27")) {
    parts.scope.delta = true;
  } else if (extension.critical) {
    parts.scope.unknown_critical = true;
  }
  return {};
}

Status read_list_extensions(ByteView sequence, CrlParts& parts) {
  ANTIN_TRY(const std::vector<ExtensionView> extensions, parse_extensions(sequence));
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (equal(extensions[i].oid, extensions[j].oid)) return bad("the same extension twice");
    ANTIN_CHECK(read_list_extension(extensions[i], parts));
  }
  return {};
}

// Reads every entry once, and orders them by serial unless they are so already.
Status read_entries(CrlParts& parts, bool version_2) {
  bool sorted = true;
  ByteView previous;
  for (der::Reader reader(parts.entries); !reader.at_end();) {
    const auto offset = static_cast<std::uint32_t>(parts.entries.size() - reader.rest().size());
    ANTIN_TRY(const der::Element entry, reader.expect(der::sequence_tag));
    CrlEntryNotes notes;
    ANTIN_CHECK(read_crl_entry(entry.whole, &notes));
    if (notes.extensions && !version_2) return bad("extensions of an entry in a list of version 1");
    parts.scope.unknown_critical = parts.scope.unknown_critical || notes.unknown_critical;
    const ByteView serial = serial_of_entry(entry.whole);
    sorted = sorted && (previous.empty() || !serial_less(serial, previous));
    previous = serial;
    parts.by_serial.push_back(offset);
  }
  const auto serial_at = [&](std::uint32_t offset) { return serial_of_entry(parts.entries.subspan(offset)); };
  if (!sorted)
    std::stable_sort(parts.by_serial.begin(), parts.by_serial.end(),
                     [&](auto a, auto b) { return serial_less(serial_at(a), serial_at(b)); });
  parts.by_serial.shrink_to_fit();
  return {};
}

Status read_times(der::Reader& reader, CrlParts& parts) {
  ANTIN_TRY(const der::Element this_update, reader.next());
  ANTIN_TRY(parts.this_update, der::read_time(this_update));
  if (!reader.next_is(der::utc_time_tag) && !reader.next_is(der::generalized_time_tag)) return {};
  ANTIN_TRY(const der::Element next_update, reader.next());
  ANTIN_TRY(parts.next_update, der::read_time(next_update));
  return {};
}

Status read_tbs(CrlParts& parts) {
  ANTIN_TRY(const der::Element outer, der::only(parts.tbs, der::sequence_tag));
  der::Reader reader(outer.content);
  ANTIN_TRY(const auto version, reader.optional(der::integer_tag));
  if (version && !equal(version->content, Bytes{1})) return bad("unknown version");
  ANTIN_TRY(const der::Element algorithm, reader.expect(der::sequence_tag));
  if (!equal(algorithm.whole, parts.signature_algorithm)) return bad("two different signature algorithms");
  ANTIN_TRY(const der::Element issuer, reader.expect(der::sequence_tag));
  ANTIN_TRY(parts.issuer, Name::from_der(issuer.whole));
  if (parts.issuer.empty()) return bad("an empty issuer");
  ANTIN_CHECK(read_times(reader, parts));
  ANTIN_TRY(const auto revoked, reader.optional(der::sequence_tag));
  if (revoked && revoked->content.empty()) return bad("an empty list of revoked certificates, which must be left out");
  if (revoked) parts.entries = revoked->content;
  ANTIN_TRY(const auto wrapped, reader.optional(der::context_constructed(0)));
  if (wrapped && !version) return bad("extensions in a list of version 1");
  if (wrapped) ANTIN_CHECK(read_list_extensions(wrapped->content, parts));
  ANTIN_CHECK(reader.end());
  return read_entries(parts, version.has_value());
}

}  // namespace

Result<CrlParts> read_crl(ByteView der) {
  if (der.size() > UINT32_MAX) return fail(ErrorCode::resource_exhausted, "crl: larger than 4 GiB");
  CrlParts parts;
  ANTIN_TRY(const der::Element outer, in("crl", der::only(der, der::sequence_tag)));
  der::Reader reader(outer.content);
  ANTIN_TRY(const der::Element tbs, in("crl", reader.expect(der::sequence_tag)));
  ANTIN_TRY(const der::Element algorithm, in("crl", reader.expect(der::sequence_tag)));
  ANTIN_TRY(const der::Element bits, in("crl", reader.expect(der::bit_string_tag)));
  ANTIN_CHECK(in("crl", reader.end()));
  parts.tbs = tbs.whole;
  parts.signature_algorithm = algorithm.whole;
  ANTIN_TRY(parts.signature, in("crl", der::read_bit_string_octets(bits)));
  ANTIN_CHECK(in("crl", read_tbs(parts)));
  return parts;
}

Result<CrlEntry> read_crl_entry(ByteView octets, CrlEntryNotes* notes) {
  ANTIN_TRY(const der::Element outer, der::only(octets, der::sequence_tag));
  der::Reader reader(outer.content);
  ANTIN_TRY(const der::Element serial, reader.expect(der::integer_tag));
  ANTIN_TRY(const ByteView content, der::read_integer(serial));
  ANTIN_TRY(SerialNumber number, SerialNumber::from_der_content(content));
  ANTIN_TRY(const der::Element date, reader.next());
  ANTIN_TRY(const Time revoked_at, der::read_time(date));
  CrlEntry entry{.serial = std::move(number), .revoked_at = revoked_at};
  if (!reader.at_end()) {
    if (notes != nullptr) notes->extensions = true;
    const ByteView rest = reader.rest();
    ANTIN_TRY(const std::vector<ExtensionView> extensions, parse_extensions(rest));
    for (const ExtensionView& extension : extensions) ANTIN_CHECK(read_entry_extension(extension, entry, notes));
  }
  return entry;
}

ByteView serial_of_entry(ByteView entry) noexcept {
  der::Reader outer(entry);
  const auto sequence = outer.next();
  if (!sequence) return {};
  der::Reader reader(sequence->content);
  const auto serial = reader.next();
  return serial ? serial->content : ByteView();
}

bool serial_less(ByteView a, ByteView b) noexcept {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace antin::x509
