#include <algorithm>

#include "base/openssl_ptr.h"
#include "ca/issuance/issuer.h"
#include "ca/issuance/profile_content.h"
#include "ca/x509/der.h"

namespace antin::issuance {
namespace {

namespace der = x509::der;

Bytes extension(der::OidLiteral oid, bool critical, ByteView value) {
  return der::sequence({der::oid(oid), critical ? der::boolean(true) : Bytes(), der::octet_string(value)});
}

Bytes key_usage_value(const x509::KeyUsage& u) {
  return der::named_bits({u.digital_signature, u.non_repudiation, u.key_encipherment, u.data_encipherment,
                          u.key_agreement, u.key_cert_sign, u.crl_sign, u.encipher_only, u.decipher_only});
}

Bytes basic_constraints_value(const Profile::Content& profile, const SubjectContent& content) {
  const auto* authority = std::get_if<AuthorityProfile>(&profile.rules);
  if (authority == nullptr) return der::sequence({});
  std::optional<unsigned> path_length = authority->path_length;
  if (content.cross) path_length = content.cross->path_length;
  return der::sequence({der::boolean(true), path_length ? der::integer(*path_length) : Bytes()});
}

// The octets of the subjectPublicKey BIT STRING, which key identifiers are made from.
Result<Bytes> public_key_octets(ByteView public_key_info) {
  ANTIN_TRY(const der::Element outer, der::only(public_key_info, der::sequence_tag));
  der::Reader reader(outer.content);
  ANTIN_CHECK(reader.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element bits, reader.expect(der::bit_string_tag));
  ANTIN_TRY(const ByteView octets, der::read_bit_string_octets(bits));
  return to_bytes(octets);
}

Result<Bytes> key_id_by(KeyIdMethod method, ByteView public_key_info) {
  ANTIN_TRY(const Bytes octets, in("public key", public_key_octets(public_key_info)));
  if (method == KeyIdMethod::sha256_160) {
    Bytes id = digest(DigestAlgorithm::sha256, octets);
    id.resize(20);
    return id;
  }
  Bytes id(20);
  unsigned size = 0;
  if (EVP_Digest(octets.data(), octets.size(), id.data(), &size, EVP_sha1(), nullptr) != 1 || size != id.size())
    return fail(ErrorCode::internal, "key identifier: SHA-1: " + openssl_error());
  return id;
}

Result<Bytes> extended_key_usage_value(const std::vector<std::string>& oids) {
  std::vector<Bytes> parts;
  for (const std::string& oid : oids) {
    ANTIN_TRY(Bytes encoded, der::oid_from_text(oid));
    parts.push_back(std::move(encoded));
  }
  return der::sequence_of(parts);
}

Result<Bytes> policies_value(const std::vector<std::string>& oids) {
  std::vector<Bytes> parts;
  for (const std::string& oid : oids) {
    ANTIN_TRY(const Bytes encoded, der::oid_from_text(oid));
    parts.push_back(der::sequence({encoded}));
  }
  return der::sequence_of(parts);
}

Bytes crl_points_value(const std::string& url) {
  const Bytes name = der::tlv(der::context(6), bytes_of(url));
  return der::sequence(
      {der::sequence({der::tlv(der::context_constructed(0), der::tlv(der::context_constructed(0), name))})});
}

Bytes access_value(const IssuerIdentity& issuer) {
  std::vector<Bytes> parts;
  const auto add = [&](const Bytes& method, const std::string& url) {
    if (!url.empty()) parts.push_back(der::sequence({method, der::tlv(der::context(6), bytes_of(url))}));
  };
  add(der::oid("1.3.6.1.5.5.7.48.1"), issuer.ocsp_url);
  add(der::oid("1.3.6.1.5.5.7.48.2"), issuer.certificate_url);
  return parts.empty() ? Bytes() : der::sequence_of(parts);
}

Bytes alternative_names_value(const SubjectContent& content) {
  std::vector<Bytes> parts;
  for (const std::string& mail : content.mails) parts.push_back(der::tlv(der::context(1), bytes_of(mail)));
  for (const std::string& name : content.dns_names) parts.push_back(der::tlv(der::context(2), bytes_of(name)));
  return der::sequence_of(parts);
}

Status check_wanted(Wanted wanted, bool present, const std::string& profile, const char* what) {
  if (wanted == Wanted::required && !present)
    return fail(ErrorCode::invalid_argument, "profile " + profile + ": " + what + " is missing");
  if (wanted == Wanted::forbidden && present)
    return fail(ErrorCode::invalid_argument, "profile " + profile + ": " + what + " is not allowed here");
  return {};
}

Status check_alternative_names(const Profile::Content& profile, const SubjectContent& content) {
  const auto* leaf = std::get_if<LeafProfile>(&profile.rules);
  const LeafProfile rules = leaf != nullptr ? *leaf : LeafProfile{};
  ANTIN_CHECK(check_wanted(rules.mail, !content.mails.empty(), profile.name, "a mail address"));
  return check_wanted(rules.dns, !content.dns_names.empty(), profile.name, "a DNS name");
}

Status check_cross(const Profile::Content& profile, const SubjectContent& content) {
  const Wanted wanted = profile.kind == CertificateKind::cross ? Wanted::required : Wanted::forbidden;
  return check_wanted(wanted, content.cross.has_value(), profile.name, "what limits a cross certificate");
}

Result<Bytes> subject_key_id_of(const Profile::Content& profile, const SubjectContent& content) {
  if (content.cross) return content.cross->subject_key_id;
  return key_id_by(profile.subject_key_id, content.public_key_info);
}

// In a fixed order, so that the same request gives the same octets.
Result<Bytes> extensions(const Profile::Content& profile, const SubjectContent& content, const IssuerIdentity& issuer) {
  std::vector<Bytes> list;
  const bool root = profile.kind == CertificateKind::root;
  if (!root) list.push_back(extension("2.5.29.35", false, der::sequence({der::tlv(der::context(0), issuer.key_id)})));
  ANTIN_TRY(const Bytes subject_key_id, subject_key_id_of(profile, content));
  list.push_back(extension("2.5.29.14", false, der::octet_string(subject_key_id)));
  list.push_back(extension("2.5.29.19", true, basic_constraints_value(profile, content)));
  list.push_back(extension("2.5.29.15", true, key_usage_value(profile.key_usage)));
  if (!profile.extended_key_usage.empty()) {
    ANTIN_TRY(const Bytes value, extended_key_usage_value(profile.extended_key_usage));
    list.push_back(extension("2.5.29.37", profile.extended_key_usage_critical, value));
  }
  const std::vector<std::string>& policies = content.cross ? content.cross->policies : profile.policies;
  if (!policies.empty()) {
    ANTIN_TRY(const Bytes value, policies_value(policies));
    list.push_back(extension("2.5.29.32", false, value));
  }
  if (content.cross && !content.cross->constraints.empty())
    list.push_back(extension("2.5.29.30", true, x509::name_constraints_value(content.cross->constraints)));
  if (!content.mails.empty() || !content.dns_names.empty())
    list.push_back(extension("2.5.29.17", false, alternative_names_value(content)));
  if (!root && !issuer.crl_url.empty()) list.push_back(extension("2.5.29.31", false, crl_points_value(issuer.crl_url)));
  if (const Bytes access = access_value(issuer); !root && !access.empty())
    list.push_back(extension("1.3.6.1.5.5.7.1.1", false, access));
  const auto* leaf = std::get_if<LeafProfile>(&profile.rules);
  if (leaf != nullptr && leaf->ocsp_no_check) list.push_back(extension("1.3.6.1.5.5.7.48.1.5", false, der::null()));
  return der::sequence_of(list);
}

}  // namespace

Bytes key_id(ByteView public_key_info) {
  auto id = key_id_by(KeyIdMethod::sha256_160, public_key_info);
  return id ? *std::move(id) : Bytes();
}

Result<ToBeSigned> build_tbs(const Profile& profile, const SubjectContent& content, const IssuerIdentity& issuer,
                             const x509::SerialNumber& serial, Profile::Validity validity) {
  ANTIN_CHECK(check_alternative_names(profile.content(), content));
  ANTIN_CHECK(check_cross(profile.content(), content));
  ANTIN_TRY(const Bytes list, extensions(profile.content(), content, issuer));
  return ToBeSigned(der::sequence({
      der::tlv(der::context_constructed(0), der::integer(2)),
      der::tlv(der::integer_tag, serial.der_content()),
      hsm::algorithm_identifier(issuer.scheme),
      issuer.name.der(),
      der::sequence({der::time(validity.not_before), der::time(validity.not_after)}),
      content.subject.der(),
      content.public_key_info,
      der::tlv(der::context_constructed(3), list),
  }));
}

}  // namespace antin::issuance
