#include "ca/lint/view.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

bool is_time(const Elements& elements) {
  return elements.next_is(der::utc_time_tag) || elements.next_is(der::generalized_time_tag);
}

void read_key_info(CertificateView& view) {
  Elements parts(content_of(view.key_info));
  view.key_algorithm = read_algorithm(parts.next().whole);
  view.key = parts.next().content.subspan(1);
}

}  // namespace

der::Element Elements::next() {
  const auto element = reader_.next();
  if (element) return *element;
  reader_ = der::Reader({});
  return {};
}

std::optional<der::Element> Elements::optional(std::uint8_t tag) {
  if (!next_is(tag)) return {};
  return next();
}

ByteView content_of(ByteView octets) { return Elements(octets).next().content; }

AlgorithmView read_algorithm(ByteView whole) {
  Elements parts(content_of(whole));
  AlgorithmView view;
  view.whole = whole;
  view.oid = parts.next().content;
  if (parts.more()) view.parameters = parts.next().whole;
  return view;
}

Extensions read_extensions(ByteView content) {
  Extensions extensions;
  extensions.reserve(12);
  for (Elements list(content); list.more();) {
    Elements parts(list.next().content);
    Extension one;
    one.oid = parts.next().content;
    if (const auto critical = parts.optional(der::boolean_tag)) one.critical = critical->content[0] != 0;
    one.value = parts.next().content;
    extensions.push_back(one);
  }
  return extensions;
}

const Extension* find(const Extensions& extensions, der::OidLiteral oid) noexcept {
  for (const Extension& one : extensions)
    if (one.is(oid)) return &one;
  return nullptr;
}

const Extension* find_readable(const Extensions& extensions, der::OidLiteral oid) noexcept {
  const Extension* found = find(extensions, oid);
  return found != nullptr && found->readable ? found : nullptr;
}

CertificateView read_tbs_certificate(ByteView tbs) {
  CertificateView view;
  view.tbs = tbs;
  Elements parts(content_of(tbs));
  if (const auto version = parts.optional(der::context_constructed(0))) view.version = content_of(version->content);
  view.serial = parts.next().content;
  view.signature_algorithm = read_algorithm(parts.next().whole);
  view.issuer = parts.next().content;
  Elements validity(parts.next().content);
  view.not_before = validity.next();
  view.not_after = validity.next();
  view.subject = parts.next().content;
  view.key_info = parts.next().whole;
  read_key_info(view);
  view.issuer_unique_id = parts.optional(der::context(1)).has_value();
  view.subject_unique_id = parts.optional(der::context(2)).has_value();
  if (parts.more()) view.extensions = read_extensions(content_of(parts.next().content));
  return view;
}

CertificateView read_certificate(ByteView octets) {
  Elements parts(content_of(octets));
  CertificateView view = read_tbs_certificate(parts.next().whole);
  view.outer_algorithm = read_algorithm(parts.next().whole);
  view.signature = parts.next().content.subspan(1);
  return view;
}

ListView read_list(ByteView octets) {
  Elements outer(content_of(octets));
  Elements parts(outer.next().content);
  ListView view;
  view.outer_algorithm = read_algorithm(outer.next().whole);
  if (const auto version = parts.optional(der::integer_tag)) view.version = version->content;
  view.signature_algorithm = read_algorithm(parts.next().whole);
  view.issuer = parts.next().content;
  view.this_update = parts.next();
  if (is_time(parts)) view.next_update = parts.next();
  if (const auto entries = parts.optional(der::sequence_tag)) view.entries = entries->content;
  if (parts.more()) view.extensions = read_extensions(content_of(parts.next().content));
  return view;
}

}  // namespace antin::lint
