#include "ca/x509/certificate_extensions.h"

namespace antin::x509 {
namespace {

constexpr const char* ocsp_method = "1.3.6.1.5.5.7.48.1";

template <class T>
T or_nothing(Result<T> result) {
  return result ? *std::move(result) : T();
}

void read_hints(const TbsView& view, CertificateExtensions& out) {
  if (const auto* e = view.find("2.5.29.14"))
    if (const auto id = der::only(e->value, der::octet_string_tag)) out.subject_key_id = to_bytes(id->content);
  if (const auto* e = view.find("2.5.29.35")) {
    Bytes id = or_nothing(read_authority_key_id(e->value));
    if (!id.empty()) out.authority_key_id = std::move(id);
  }
  if (const auto* e = view.find("2.5.29.31")) out.crl_urls = or_nothing(read_crl_urls(e->value));
  if (const auto* e = view.find("2.5.29.32")) out.policies = or_nothing(read_policies(e->value));
  if (const auto* e = view.find("1.3.6.1.5.5.7.1.1"))
    for (AccessDescription& access : or_nothing(read_authority_information_access(e->value)))
      if (access.method == ocsp_method && !access.url.empty()) out.ocsp_urls.push_back(std::move(access.url));
  if (const auto* e = view.find("2.5.29.17"))
    if (const auto names = der::only(e->value, der::sequence_tag)) {
      out.mails = or_nothing(read_general_names(names->content, 1));
      out.dns_names = or_nothing(read_general_names(names->content, 2));
    }
}

// The URIs of a DistributionPoint's fullName.
Result<std::vector<std::string>> read_distribution_point(ByteView content) {
  der::Reader reader(content);
  ANTIN_TRY(const auto name, reader.optional(der::context_constructed(0)));
  if (!name) return std::vector<std::string>();
  der::Reader choice(name->content);
  ANTIN_TRY(const auto full, choice.optional(der::context_constructed(0)));
  if (!full) return std::vector<std::string>();
  return read_general_names(full->content, 6);
}

}  // namespace

Result<CertificateExtensions> read_certificate_extensions(const TbsView& view) {
  CertificateExtensions out;
  if (const auto* e = view.find("2.5.29.19")) {
    ANTIN_TRY(const BasicConstraints constraints, in("basicConstraints", read_basic_constraints(e->value)));
    out.is_ca = constraints.is_ca;
    out.path_length = constraints.path_length;
  }
  if (const auto* e = view.find("2.5.29.15")) {
    ANTIN_TRY(out.key_usage, in("keyUsage", read_key_usage(e->value)));
  }
  if (const auto* e = view.find("2.5.29.37")) {
    ANTIN_TRY(out.extended_key_usage, in("extendedKeyUsage", read_oids(e->value)));
  }
  read_hints(view, out);
  return out;
}

Result<BasicConstraints> read_basic_constraints(ByteView value) {
  ANTIN_TRY(const der::Element outer, der::only(value, der::sequence_tag));
  der::Reader reader(outer.content);
  BasicConstraints out;
  ANTIN_TRY(const auto ca, reader.optional(der::boolean_tag));
  if (ca) {
    ANTIN_TRY(out.is_ca, der::read_boolean(*ca));
  }
  ANTIN_TRY(const auto length, reader.optional(der::integer_tag));
  if (length) {
    ANTIN_TRY(const std::uint64_t number, der::read_small_integer(*length));
    out.path_length = static_cast<unsigned>(std::min<std::uint64_t>(number, 1000));
  }
  ANTIN_CHECK(reader.end());
  return out;
}

Result<KeyUsage> read_key_usage(ByteView value) {
  ANTIN_TRY(const der::Element element, der::only(value, der::bit_string_tag));
  ANTIN_TRY(std::vector<bool> bits, der::read_named_bits(element));
  bits.resize(9);
  return KeyUsage{bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7], bits[8]};
}

Result<std::vector<std::string>> read_oids(ByteView value) {
  ANTIN_TRY(const der::Element list, der::only(value, der::sequence_tag));
  std::vector<std::string> out;
  for (der::Reader reader(list.content); !reader.at_end();) {
    ANTIN_TRY(const der::Element one, reader.next());
    ANTIN_TRY(std::string oid, der::read_oid(one));
    out.push_back(std::move(oid));
  }
  return out;
}

Result<Bytes> read_authority_key_id(ByteView value) {
  ANTIN_TRY(const der::Element outer, der::only(value, der::sequence_tag));
  der::Reader reader(outer.content);
  ANTIN_TRY(const auto id, reader.optional(der::context(0)));
  return id ? to_bytes(id->content) : Bytes();
}

Result<std::vector<std::string>> read_general_names(ByteView content, unsigned number) {
  std::vector<std::string> out;
  for (der::Reader reader(content); !reader.at_end();) {
    ANTIN_TRY(const der::Element name, reader.next());
    if (name.tag == der::context(number)) out.emplace_back(text_of(name.content));
  }
  return out;
}

Result<std::vector<std::string>> read_crl_urls(ByteView value) {
  ANTIN_TRY(const der::Element list, der::only(value, der::sequence_tag));
  std::vector<std::string> out;
  for (der::Reader reader(list.content); !reader.at_end();) {
    ANTIN_TRY(const der::Element point, reader.expect(der::sequence_tag));
    ANTIN_TRY(const std::vector<std::string> urls, read_distribution_point(point.content));
    out.insert(out.end(), urls.begin(), urls.end());
  }
  return out;
}

Result<std::vector<AccessDescription>> read_authority_information_access(ByteView value) {
  ANTIN_TRY(const der::Element list, der::only(value, der::sequence_tag));
  std::vector<AccessDescription> out;
  for (der::Reader reader(list.content); !reader.at_end();) {
    ANTIN_TRY(const der::Element one, reader.expect(der::sequence_tag));
    der::Reader parts(one.content);
    AccessDescription access;
    ANTIN_TRY(const der::Element method, parts.next());
    ANTIN_TRY(access.method, der::read_oid(method));
    ANTIN_TRY(const der::Element location, parts.next());
    if (location.tag == der::context(6)) access.url = text_of(location.content);
    ANTIN_CHECK(parts.end());
    out.push_back(std::move(access));
  }
  return out;
}

Result<std::vector<std::string>> read_policies(ByteView value) {
  ANTIN_TRY(const der::Element list, der::only(value, der::sequence_tag));
  std::vector<std::string> out;
  for (der::Reader reader(list.content); !reader.at_end();) {
    ANTIN_TRY(const der::Element one, reader.expect(der::sequence_tag));
    der::Reader parts(one.content);
    ANTIN_TRY(const der::Element oid, parts.expect(der::oid_tag));
    ANTIN_TRY(std::string text, der::read_oid(oid));
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace antin::x509
