#include "ca/issuance/profile_explain.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/issuance/issuer.h"
#include "ca/issuance/json_lines.h"
#include "ca/issuance/profile_content.h"
#include "ca/issuance/profile_json.h"
#include "ca/x509/certificate_extensions.h"

namespace antin::issuance {
namespace {

namespace der = x509::der;
using Parts = std::vector<ExplainedPart>;

std::vector<std::pair<std::string, std::string>> sample_fields(const Profile& profile) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const SubjectPart& part : profile.content().subject) {
    if (part.field.empty()) continue;
    std::string value = part.type == "E" ? "mau@lamdong.test" : part.type == "UID" ? "MST:0000000017" : "MẪU";
    if (part.type == "C") value = "VN";
    if (part.type == "serialNumber" || part.type == "DC") value = "MAU";
    fields.emplace_back(part.field, std::move(value));
  }
  return fields;
}

Result<SubjectContent> sample_content(const Profile& profile) {
  ANTIN_TRY(x509::Name subject, profile.subject(sample_fields(profile)));
  SubjectContent content{std::move(subject), sample_public_key(), {}, {}};
  if (const auto* leaf = std::get_if<LeafProfile>(&profile.content().rules); leaf != nullptr) {
    if (leaf->mail != Wanted::forbidden) content.mails.push_back("mau@lamdong.test");
    if (leaf->dns != Wanted::forbidden) content.dns_names.push_back("mau.lamdong.test");
  }
  // What officers decide with each of them; here one host.
  if (profile.kind() == CertificateKind::cross)
    content.cross = CrossLimits{key_id(content.public_key_info), 0, {"2.5.29.32.0"}, {{{}, {}, {"mau.test"}}, {}}};
  return content;
}

// A root names itself, and so does its link certificate; everybody else an issuer that stands for any.
Result<IssuerIdentity> sample_issuer(const Profile& profile, const SubjectContent& content) {
  IssuerIdentity issuer;
  issuer.key_id = key_id(content.public_key_info);
  issuer.name = content.subject;
  if (profile.kind() == CertificateKind::root) return issuer;
  if (profile.kind() != CertificateKind::link) {
    ANTIN_TRY(issuer.name, x509::Name::from_rdns({{{"C", "VN"}}, {{"O", "MẪU"}}, {{"CN", "CA MẪU"}}}));
  }
  issuer.crl_url = "http://pki.lamdong.test/v1/crl/mau";
  issuer.certificate_url = "http://pki.lamdong.test/v1/ca/mau";
  return issuer;
}

Result<Bytes> sample_tbs(const Profile& profile, Time now) {
  ANTIN_TRY(const SubjectContent content, sample_content(profile));
  ANTIN_TRY(const IssuerIdentity issuer, sample_issuer(profile, content));
  ANTIN_TRY(const x509::SerialNumber serial, x509::SerialNumber::from_unsigned(Bytes(20, 1)));
  ANTIN_TRY(const auto validity, profile.validity(now, issuer.not_after));
  ANTIN_TRY(ToBeSigned tbs, build_tbs(profile, content, issuer, serial, validity));
  ANTIN_TRY(const LintedTbs linted, lint(std::move(tbs), profile.kind()));
  return to_bytes(linted.der());
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string key_usage_text(ByteView value) {
  constexpr std::string_view names[] = {"digitalSignature", "nonRepudiation", "keyEncipherment",
                                        "dataEncipherment", "keyAgreement",   "keyCertSign",
                                        "cRLSign",          "encipherOnly",   "decipherOnly"};
  const auto element = der::only(value, der::bit_string_tag);
  const auto bits = element ? der::read_named_bits(*element) : Result<std::vector<bool>>(fail(element.error()));
  if (!bits) return to_hex(value);
  std::vector<std::string> set;
  for (std::size_t i = 0; i < bits->size() && i < std::size(names); ++i)
    if ((*bits)[i]) set.emplace_back(names[i]);
  return joined(set);
}

std::string basic_constraints_text(ByteView value) {
  const auto read = x509::read_basic_constraints(value);
  if (!read) return to_hex(value);
  if (!read->is_ca) return "CA:FALSE";
  return read->path_length ? "CA:TRUE, pathlen:" + std::to_string(*read->path_length) : "CA:TRUE";
}

std::string text_or_hex(const Result<std::vector<std::string>>& read, ByteView value) {
  return read ? joined(*read) : to_hex(value);
}

std::string alternative_names_text(ByteView value) {
  const auto list = der::only(value, der::sequence_tag);
  if (!list) return to_hex(value);
  std::vector<std::string> all;
  for (const auto& [tag, label] : {std::pair{1U, "email:"}, std::pair{2U, "DNS:"}}) {
    const auto names = x509::read_general_names(list->content, tag);
    if (!names) continue;
    for (const std::string& name : *names) all.push_back(label + name);
  }
  return joined(all);
}

std::string access_text(ByteView value) {
  const auto list = x509::read_authority_information_access(value);
  if (!list) return to_hex(value);
  std::vector<std::string> all;
  for (const auto& one : *list) all.push_back((one.method.ends_with(".2") ? "caIssuers " : "OCSP ") + one.url);
  return joined(all);
}

// An extension that the program knows: its name, the member of the profile that decides it, and its value for people.
struct Known {
  der::OidLiteral oid;
  const char *name, *pointer;
  std::string (*text)(ByteView);
};
const Known known_extensions[] = {
    {"2.5.29.35", "authorityKeyIdentifier", "",
     [](ByteView) { return std::string("the issuer's subjectKeyIdentifier"); }},
    {"2.5.29.14", "subjectKeyIdentifier", "/subject_key_id", [](ByteView v) { return to_hex(v.subspan(2)); }},
    {"2.5.29.19", "basicConstraints", "/authority", basic_constraints_text},
    {"2.5.29.15", "keyUsage", "/key_usage", key_usage_text},
    {"2.5.29.37", "extKeyUsage", "/extended_key_usage", [](ByteView v) { return text_or_hex(x509::read_oids(v), v); }},
    {"2.5.29.32", "certificatePolicies", "/policies",
     [](ByteView v) { return text_or_hex(x509::read_policies(v), v); }},
    {"2.5.29.17", "subjectAltName", "/leaf", alternative_names_text},
    {"2.5.29.30", "nameConstraints", "", [](ByteView) { return std::string("as officers decide"); }},
    {"2.5.29.31", "cRLDistributionPoints", "", [](ByteView v) { return text_or_hex(x509::read_crl_urls(v), v); }},
    {"1.3.6.1.5.5.7.1.1", "authorityInfoAccess", "", access_text},
    {"1.3.6.1.5.5.7.48.1.5", "ocspNoCheck", "/leaf/ocsp_no_check", [](ByteView) { return std::string("NULL"); }},
};

ExplainedPart explain_extension(const x509::ExtensionView& extension) {
  const auto* found = std::ranges::find_if(known_extensions, [&](const Known& one) { return extension.is(one.oid); });
  if (found == std::end(known_extensions)) {
    const auto oid = der::read_oid({der::oid_tag, extension.oid, {}});
    return {oid.value_or(to_hex(extension.oid)), to_hex(extension.value), extension.critical, "", 0};
  }
  return {found->name, found->text(extension.value), extension.critical, found->pointer, 0};
}

Result<Parts> parts_of(const Profile& profile, ByteView octets) {
  ANTIN_TRY(const x509::TbsView tbs, x509::parse_tbs(octets));
  ANTIN_TRY(const x509::Name subject, x509::Name::from_der(tbs.subject));
  Parts parts;
  for (std::size_t i = 0; i < subject.rdns().size(); ++i)
    parts.push_back({"subject." + subject.rdns()[i].front().type, subject.rdns()[i].front().value, false,
                     "/subject/" + std::to_string(i), 0});
  ANTIN_TRY(const Time begin, der::read_time(tbs.not_before));
  ANTIN_TRY(const Time end, der::read_time(tbs.not_after));
  parts.push_back(
      {"validity", std::to_string(std::chrono::floor<days>(end - begin).count()) + " days", false, "/validity", 0});
  for (const x509::ExtensionView& extension : tbs.extensions) parts.push_back(explain_extension(extension));
  // Policies and path length of a cross certificate are decided with it.
  for (ExplainedPart& part : parts)
    if (part.part == "certificatePolicies" && profile.kind() == CertificateKind::cross) part.pointer.clear();
  // A leaf has no member that could make it an authority: what it is, it is by type.
  for (ExplainedPart& part : parts)
    if (part.part == "basicConstraints" && !profile.is_authority()) part.pointer = "/leaf";
  return parts;
}

}  // namespace

// The generator of P-256: its private key is 1.
Bytes sample_public_key() {
  return from_hex(
             "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a"
             "139"
             "45d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
      .value();
}

Result<std::vector<ExplainedPart>> explain_profile(std::string_view json, Time now) {
  ANTIN_TRY(const Profile profile, Profile::from_json(json));
  ANTIN_TRY(const Bytes tbs, sample_tbs(profile, now));
  ANTIN_TRY(Parts parts, parts_of(profile, tbs));
  const auto lines = lines_of(json);
  for (ExplainedPart& part : parts)
    if (const auto found = lines.find(part.pointer); found != lines.end()) part.line = found->second;
  return parts;
}

Result<std::string_view> built_in_profile_text(std::string_view name) {
  for (const EmbeddedFile& file : embedded_profiles())
    if (file.name == name) return file.text;
  return fail(built_in_profile(name).error());  // names those that there are
}

}  // namespace antin::issuance
