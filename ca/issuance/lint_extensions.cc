#include <algorithm>

#include "base/encoding.h"
#include "ca/issuance/lint_rules.h"
#include "ca/x509/certificate_extensions.h"

namespace antin::issuance {
namespace {

namespace der = x509::der;
using x509::ExtensionView;
using x509::TbsView;

constexpr const char *any_extended_key_usage = "2.5.29.37.0", *any_policy = "2.5.29.32.0";
constexpr const char *time_stamping = "1.3.6.1.5.5.7.3.8", *ocsp_signing = "1.3.6.1.5.5.7.3.9",
                     *server_auth = "1.3.6.1.5.5.7.3.1";

struct KnownExtension {
  der::OidLiteral oid;
  enum class Critical { always, never, either } critical;
};
constexpr KnownExtension known_extensions[] = {
    {"2.5.29.35", KnownExtension::Critical::never},
    {"2.5.29.14", KnownExtension::Critical::never},
    {"2.5.29.19", KnownExtension::Critical::always},
    {"2.5.29.15", KnownExtension::Critical::always},
    {"2.5.29.37", KnownExtension::Critical::either},
    {"2.5.29.32", KnownExtension::Critical::never},
    {"2.5.29.17", KnownExtension::Critical::never},
    {"2.5.29.31", KnownExtension::Critical::never},
    {"2.5.29.30", KnownExtension::Critical::always},
    {"1.3.6.1.5.5.7.1.1", KnownExtension::Critical::never},
    {"1.3.6.1.5.5.7.48.1.5", KnownExtension::Critical::never},
};

std::string dotted(const ExtensionView& extension) {
  const auto text = der::read_oid({der::oid_tag, extension.oid, {}});
  return text ? *text : to_hex(extension.oid);
}

bool printable_ascii(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_http_url(std::string_view url) {
  const bool scheme = url.starts_with("http://") || url.starts_with("https://");
  return scheme && printable_ascii(url) && url.size() > url.find("//") + 2 && !url.contains('@') && !url.contains('#');
}

bool is_mail(std::string_view mail) {
  const std::size_t at = mail.find('@');
  return printable_ascii(mail) && at != 0 && at != std::string_view::npos && at + 1 < mail.size() &&
         mail.find('@', at + 1) == std::string_view::npos && mail.size() <= 255;
}

// A host name by labels of letters, digits and inner hyphens.
bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string_view label = name.substr(begin, end - begin);
    const auto letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
        !std::ranges::all_of(label, letter))
      return false;
    begin = end + 1;
  }
  return true;
}

void lint_presence(const TbsView& tbs, Findings& findings) {
  for (std::size_t i = 0; i < tbs.extensions.size(); ++i) {
    const ExtensionView& one = tbs.extensions[i];
    for (std::size_t j = 0; j < i; ++j)
      if (equal(one.oid, tbs.extensions[j].oid)) findings.expect(false, "no-duplicate-extension", dotted(one));
    const auto* known = std::ranges::find_if(known_extensions, [&](const KnownExtension& k) { return one.is(k.oid); });
    if (known == std::end(known_extensions)) {
      findings.expect(false, "only-known-extensions", dotted(one));
      continue;
    }
    using enum KnownExtension::Critical;
    if (known->critical != either && one.critical != (known->critical == always))
      findings.expect(false, "criticality", dotted(one));
  }
}

void lint_basic_constraints(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* extension = tbs.find("2.5.29.19");
  findings.expect(extension != nullptr, "basic-constraints-present");
  if (extension == nullptr) return;
  const auto value = x509::read_basic_constraints(extension->value);
  findings.expect(value.has_value(), "basic-constraints-readable");
  if (!value) return;
  findings.expect(value->is_ca == is_authority_kind(kind), "basic-constraints-ca",
                  "only a root or issuing authority, a link and a cross certificate are one, and each says so");
  findings.expect(value->is_ca || equal(extension->value, der::sequence({})), "basic-constraints-leaf-empty",
                  "X.690 §11.5, RFC 5280 §4.2.1.9");
  const bool bounded = kind == CertificateKind::issuing || kind == CertificateKind::cross;
  findings.expect(!bounded || value->path_length.has_value(), "path-length-present",
                  "an issuing authority has no authorities below it, a cross certificate as many as were decided");
}

void lint_key_usage(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* extension = tbs.find("2.5.29.15");
  findings.expect(extension != nullptr, "key-usage-present");
  if (extension == nullptr) return;
  const auto usage = x509::read_key_usage(extension->value);
  findings.expect(usage.has_value(), "key-usage-readable");
  if (!usage) return;
  const auto element = der::only(extension->value, der::bit_string_tag);
  const auto bits = der::read_named_bits(*element);
  findings.expect(bits && !bits->empty() && bits->back(), "key-usage-not-empty",
                  "no trailing zero bits either (X.690 §11.2.2)");
  if (is_authority_kind(kind)) {
    findings.expect(*usage == x509::KeyUsage{.key_cert_sign = true, .crl_sign = true}, "key-usage-authority",
                    "keyCertSign and cRLSign alone");
  } else {
    findings.expect(!usage->key_cert_sign && !usage->crl_sign, "key-usage-leaf", "neither keyCertSign nor cRLSign");
    const bool agrees = *usage == x509::KeyUsage{.key_agreement = true};
    findings.expect(kind == CertificateKind::encryption ? agrees : usage->digital_signature, "key-usage-signs",
                    "digitalSignature, or keyAgreement alone for encryption");
  }
}

void lint_extended_key_usage(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* extension = tbs.find("2.5.29.37");
  findings.expect((extension == nullptr) == is_authority_kind(kind), "extended-key-usage-on-leaves-alone");
  if (extension == nullptr) return;
  const auto oids = x509::read_oids(extension->value);
  findings.expect(oids && !oids->empty(), "extended-key-usage-readable");
  if (!oids) return;
  const auto has = [&](const char* oid) { return std::ranges::find(*oids, oid) != oids->end(); };
  findings.expect(!has(any_extended_key_usage), "extended-key-usage-not-any");
  findings.expect(has(time_stamping) == (kind == CertificateKind::tsa), "extended-key-usage-time-stamping");
  findings.expect(has(ocsp_signing) == (kind == CertificateKind::ocsp), "extended-key-usage-ocsp");
  findings.expect(has(server_auth) == (kind == CertificateKind::device), "extended-key-usage-server");
  const bool alone = kind == CertificateKind::tsa || kind == CertificateKind::ocsp;
  findings.expect(!alone || oids->size() == 1, "extended-key-usage-alone", "RFC 3161 §2.3, RFC 6960 §4.2.2.2");
  findings.expect(extension->critical == (kind == CertificateKind::tsa), "extended-key-usage-criticality",
                  "critical for a time-stamp authority alone");
}

void lint_key_ids(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* subject = tbs.find("2.5.29.14");
  const auto id = subject == nullptr ? Result<der::Element>(fail(ErrorCode::not_found, ""))
                                     : der::only(subject->value, der::octet_string_tag);
  // Another authority's is as that authority made it: who it issued to names it so.
  const bool foreign = kind == CertificateKind::cross && id && !id->content.empty() && id->content.size() <= 64;
  findings.expect(foreign || (id && id->content.size() == 20), "subject-key-id-20-octets");
  const ExtensionView* authority = tbs.find("2.5.29.35");
  if (authority == nullptr) return findings.expect(kind == CertificateKind::root, "authority-key-id-present");
  const auto key_id = x509::read_authority_key_id(authority->value);
  const bool only_id =
      key_id && !key_id->empty() && equal(authority->value, der::sequence({der::tlv(der::context(0), *key_id)}));
  findings.expect(only_id, "authority-key-id-by-key", "keyIdentifier alone");
}

void lint_name_constraints(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* extension = tbs.find("2.5.29.30");
  if (extension == nullptr) return;
  findings.expect(kind == CertificateKind::cross, "name-constraints-on-cross-alone");
  const auto list = der::only(extension->value, der::sequence_tag);
  findings.expect(list && !list->content.empty(), "name-constraints-readable");
}

void lint_alternative_names(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* extension = tbs.find("2.5.29.17");
  findings.expect(extension != nullptr || kind != CertificateKind::device, "alternative-names-present",
                  "a device is found by its DNS name");
  if (extension == nullptr) return;
  findings.expect(!is_authority_kind(kind), "alternative-names-on-leaves-alone");
  const auto list = der::only(extension->value, der::sequence_tag);
  findings.expect(list && !list->content.empty(), "alternative-names-readable");
  if (!list) return;
  for (der::Reader reader(list->content); !reader.at_end();) {
    const auto name = reader.next();
    if (!name) return findings.expect(false, "alternative-names-readable");
    const std::string_view text = text_of(name->content);
    if (name->tag == der::context(1)) {
      findings.expect(is_mail(text), "alternative-name-mail", "RFC 5280 §4.2.1.6: an ASCII mailbox");
    } else if (name->tag == der::context(2)) {
      findings.expect(is_dns_name(text) && kind == CertificateKind::device, "alternative-name-dns",
                      "a host name, of a device");
    } else {
      findings.expect(false, "alternative-name-kind", "only mail and DNS names are issued");
    }
  }
}

void lint_addresses(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* points = tbs.find("2.5.29.31");
  if (points != nullptr) {
    const auto urls = x509::read_crl_urls(points->value);
    findings.expect(urls && !urls->empty() && std::ranges::all_of(*urls, is_http_url), "crl-distribution-point-url",
                    "http(s), ASCII");
  }
  const ExtensionView* access = tbs.find("1.3.6.1.5.5.7.1.1");
  if (access != nullptr) {
    const auto list = x509::read_authority_information_access(access->value);
    findings.expect(
        list && !list->empty() && std::ranges::all_of(*list, [](const auto& one) { return is_http_url(one.url); }),
        "authority-information-access-url");
  }
  findings.expect(kind != CertificateKind::root || (points == nullptr && access == nullptr), "root-without-addresses");
}

void lint_policies(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  const ExtensionView* no_check = tbs.find("1.3.6.1.5.5.7.48.1.5");
  findings.expect((no_check != nullptr) == (kind == CertificateKind::ocsp), "ocsp-no-check");
  findings.expect(no_check == nullptr || equal(no_check->value, der::null()), "ocsp-no-check-null");
  const ExtensionView* extension = tbs.find("2.5.29.32");
  if (extension == nullptr) return;
  auto oids = x509::read_policies(extension->value);
  findings.expect(oids && !oids->empty(), "policies-readable");
  if (!oids) return;
  const bool any = std::ranges::find(*oids, any_policy) != oids->end();
  findings.expect(!any || is_authority_kind(kind), "policies-not-any");
  std::ranges::sort(*oids);
  findings.expect(std::ranges::adjacent_find(*oids) == oids->end(), "policies-unique", "RFC 5280 §4.2.1.4");
}

}  // namespace

void lint_extensions(const TbsView& tbs, CertificateKind kind, Findings& findings) {
  lint_presence(tbs, findings);
  lint_basic_constraints(tbs, kind, findings);
  lint_key_usage(tbs, kind, findings);
  lint_extended_key_usage(tbs, kind, findings);
  lint_key_ids(tbs, kind, findings);
  lint_name_constraints(tbs, kind, findings);
  lint_alternative_names(tbs, kind, findings);
  lint_addresses(tbs, kind, findings);
  lint_policies(tbs, kind, findings);
}

}  // namespace antin::issuance
