#include "ca/x509/tbs.h"

namespace antin::x509 {
namespace {

Result<unsigned> read_version(der::Reader& reader) {
  ANTIN_TRY(const auto wrapped, reader.optional(der::context_constructed(0)));
  if (!wrapped) return 1U;
  ANTIN_TRY(const der::Element inner, der::only(wrapped->content, der::integer_tag));
  ANTIN_TRY(const std::uint64_t value, der::read_small_integer(inner));
  if (value > 2) return fail(ErrorCode::invalid_argument, "certificate: unknown version");
  return static_cast<unsigned>(value + 1);
}

Status read_validity(der::Reader& reader, TbsView& view) {
  ANTIN_TRY(const der::Element validity, reader.expect(der::sequence_tag));
  der::Reader times(validity.content);
  ANTIN_TRY(view.not_before, times.next());
  ANTIN_TRY(view.not_after, times.next());
  return times.end();
}

// issuerUniqueID, subjectUniqueID and extensions.
Status read_optional_parts(der::Reader& reader, TbsView& view) {
  for (unsigned tag = 1; tag <= 2; ++tag) {
    ANTIN_TRY(const auto unique, reader.optional(der::context(tag)));
    view.unique_ids = view.unique_ids || unique.has_value();
  }
  ANTIN_TRY(const auto wrapped, reader.optional(der::context_constructed(3)));
  if (wrapped) {
    if (view.version != 3) return fail(ErrorCode::invalid_argument, "certificate: extensions without version 3");
    ANTIN_TRY(view.extensions, parse_extensions(wrapped->content, &view.explicit_false));
  }
  return reader.end();
}

}  // namespace

const ExtensionView* TbsView::find(der::OidLiteral oid) const noexcept {
  for (const ExtensionView& extension : extensions)
    if (extension.is(oid)) return &extension;
  return nullptr;
}

Result<TbsView> parse_tbs(ByteView tbs) {
  ANTIN_TRY(const der::Element outer, der::only(tbs, der::sequence_tag));
  der::Reader reader(outer.content);
  TbsView view;
  ANTIN_TRY(view.version, read_version(reader));
  ANTIN_TRY(const der::Element serial, reader.expect(der::integer_tag));
  ANTIN_TRY(view.serial, der::read_integer(serial));
  ANTIN_TRY(const der::Element algorithm, reader.expect(der::sequence_tag));
  view.signature_algorithm = algorithm.whole;
  ANTIN_TRY(const der::Element issuer, reader.expect(der::sequence_tag));
  view.issuer = issuer.whole;
  ANTIN_CHECK(read_validity(reader, view));
  ANTIN_TRY(const der::Element subject, reader.expect(der::sequence_tag));
  view.subject = subject.whole;
  ANTIN_TRY(const der::Element key, reader.expect(der::sequence_tag));
  view.public_key_info = key.whole;
  ANTIN_CHECK(read_optional_parts(reader, view));
  return view;
}

Result<std::vector<ExtensionView>> parse_extensions(ByteView sequence, bool* explicit_false) {
  ANTIN_TRY(const der::Element list, der::only(sequence, der::sequence_tag));
  if (list.content.empty()) return fail(ErrorCode::invalid_argument, "extensions: an empty list");
  std::vector<ExtensionView> extensions;
  for (der::Reader reader(list.content); !reader.at_end();) {
    ANTIN_TRY(const der::Element one, reader.expect(der::sequence_tag));
    der::Reader parts(one.content);
    ExtensionView extension;
    ANTIN_TRY(const der::Element oid, parts.expect(der::oid_tag));
    extension.oid = oid.content;
    ANTIN_TRY(const auto critical, parts.optional(der::boolean_tag));
    if (critical) {
      ANTIN_TRY(extension.critical, der::read_boolean(*critical));
      if (!extension.critical && explicit_false != nullptr) *explicit_false = true;
    }
    ANTIN_TRY(const der::Element value, parts.expect(der::octet_string_tag));
    extension.value = value.content;
    ANTIN_CHECK(parts.end());
    extensions.push_back(extension);
  }
  return extensions;
}

}  // namespace antin::x509
