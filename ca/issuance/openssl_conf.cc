#include "ca/issuance/openssl_conf.h"

#include <algorithm>

#include "ca/issuance/profile_content.h"

namespace antin::issuance {
namespace {

// What the configuration's own syntax takes for something else.
std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (std::string_view("\\$#\"'").contains(c)) text += '\\';
    text += c;
  }
  return text;
}

std::string line(const std::string& name, const std::string& value) { return name + " = " + value + "\n"; }

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

std::string usages(const x509::KeyUsage& usage) {
  const std::pair<bool, const char*> names[] = {{usage.digital_signature, "digitalSignature"},
                                                {usage.non_repudiation, "nonRepudiation"},
                                                {usage.key_encipherment, "keyEncipherment"},
                                                {usage.data_encipherment, "dataEncipherment"},
                                                {usage.key_agreement, "keyAgreement"},
                                                {usage.key_cert_sign, "keyCertSign"},
                                                {usage.crl_sign, "cRLSign"},
                                                {usage.encipher_only, "encipherOnly"},
                                                {usage.decipher_only, "decipherOnly"}};
  std::vector<std::string> set;
  for (const auto& [on, name] : names)
    if (on) set.emplace_back(name);
  return joined(set);
}

std::string constraints(const Profile::Content& profile) {
  const auto* authority = std::get_if<AuthorityProfile>(&profile.rules);
  if (authority == nullptr) return "critical, CA:FALSE";
  const std::string length = authority->path_length ? ", pathlen:" + std::to_string(*authority->path_length) : "";
  return "critical, CA:TRUE" + length;
}

bool names_mail(const Profile::Content& profile) {
  return std::ranges::any_of(profile.subject, [](const SubjectPart& part) { return part.type == "E"; });
}

bool has_access(const IssuerIdentity& issuer) { return !issuer.ocsp_url.empty() || !issuer.certificate_url.empty(); }

}  // namespace

std::string openssl_addresses(const IssuerIdentity& issuer) {
  std::string text;
  if (!issuer.crl_url.empty()) text += "[list_point]\n" + line("fullname", "URI:" + escaped(issuer.crl_url)) + "\n";
  if (!has_access(issuer)) return text;
  text += "[issuer_access]\n";
  if (!issuer.ocsp_url.empty()) text += line("OCSP;URI", escaped(issuer.ocsp_url));
  if (!issuer.certificate_url.empty()) text += line("caIssuers;URI", escaped(issuer.certificate_url));
  return text + "\n";
}

namespace {

std::string section(const std::string& name, const Profile::Content& content, const IssuerIdentity& issuer, bool mail) {
  std::string text = "[" + name + "]\n";
  text += line("authorityKeyIdentifier", "keyid:always");
  text += line("subjectKeyIdentifier", "hash");
  text += line("basicConstraints", constraints(content));
  text += line("keyUsage", "critical, " + usages(content.key_usage));
  const std::string critical = content.extended_key_usage_critical ? "critical, " : "";
  if (!content.extended_key_usage.empty())
    text += line("extendedKeyUsage", critical + joined(content.extended_key_usage));
  if (!content.policies.empty()) text += line("certificatePolicies", joined(content.policies));
  if (mail) text += line("subjectAltName", "email:copy");  // of none it would make an empty extension
  if (!issuer.crl_url.empty()) text += line("crlDistributionPoints", "list_point");
  if (has_access(issuer)) text += line("authorityInfoAccess", "@issuer_access");
  const auto* leaf = std::get_if<LeafProfile>(&content.rules);
  if (leaf != nullptr && leaf->ocsp_no_check) text += line("noCheck", "ignored");
  if (leaf != nullptr && leaf->dns == Wanted::required)
    text += "# Needed: subjectAltName = DNS:HOST, here or in this section of a file of its own (-extfile).\n";
  return text + "\n";
}

}  // namespace

std::string openssl_extensions(const Profile& profile, const IssuerIdentity& issuer) {
  const Profile::Content& content = profile.content();
  if (!names_mail(content)) return section(content.name, content, issuer, false);
  return section(content.name, content, issuer, true) + section(content.name + "_without_mail", content, issuer, false);
}

std::string openssl_list_extensions(const IssuerIdentity& issuer) {
  std::string text = "[crl_list]\n" + line("authorityKeyIdentifier", "keyid:always");
  if (!issuer.crl_url.empty()) text += line("issuingDistributionPoint", "critical, @list_point");
  return text + "\n";
}

}  // namespace antin::issuance
