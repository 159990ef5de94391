// Which extensions must be there, which must not, and which are critical (RFC 5280 §4.2.1, RFC 9608).
#include "base/openssl_ptr.h"
#include "ca/lint/rules.h"
#include "ca/x509/signature_check.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

struct Criticality {
  der::OidLiteral oid;
  bool critical;
  Rule rule;
};
constexpr Criticality criticalities[] = {
    {"2.5.29.35", false, Rule::authority_key_id_critical},
    {"2.5.29.14", false, Rule::subject_key_id_critical},
    {"2.5.29.33", true, Rule::policy_mappings_not_critical},
    {"2.5.29.18", false, Rule::issuer_alt_name_critical},
    {"2.5.29.9", false, Rule::directory_attributes_critical},
    {"2.5.29.30", true, Rule::name_constraints_not_critical},
    {"2.5.29.36", true, Rule::policy_constraints_not_critical},
    {"2.5.29.31", false, Rule::crl_distribution_points_critical},
    {"2.5.29.54", true, Rule::inhibit_any_policy_not_critical},
    {"2.5.29.46", false, Rule::freshest_crl_critical},
    {"1.3.6.1.5.5.7.1.1", false, Rule::authority_information_critical},
    {"1.3.6.1.5.5.7.1.11", false, Rule::subject_information_critical},
    {"1.2.840.113549.1.9.15", false, Rule::smime_capabilities_critical},
    {"1.3.6.1.5.5.7.48.1.5", false, Rule::ocsp_no_check_critical},
    {"2.5.29.56", false, Rule::no_revocation_critical},
    {"1.3.6.1.4.1.11129.2.4.3", true, Rule::precertificate_poison_not_critical},
};

void lint_criticality(const Extension& one, const Place& place, Findings& findings) {
  for (const Criticality& wanted : criticalities)
    if (one.is(wanted.oid)) return findings.expect(one.critical == wanted.critical, wanted.rule, place);
}

void lint_alternative_name(const Subject& subject, const Extension& one, const Place& place, Findings& findings) {
  const bool empty = subject.view.subject.empty();
  findings.expect(!empty || one.critical, Rule::subject_alt_name_not_critical, place);
  findings.expect(empty || !one.critical, Rule::subject_alt_name_critical, place);
}

// RFC 5280 §4.2.1.1: only a certificate that its own key signed may be without.
void lint_missing_authority(const Subject& subject, const Place& place, Findings& findings) {
  const CertificateView& view = subject.view;
  if (!subject.is_ca || !equal(view.issuer, view.subject)) return findings.add(Rule::authority_key_id_absent, place);
  if (!subject.signed_already) return;
  const std::uint8_t* octets = view.key_info.data();
  const EvpPkeyPtr key(d2i_PUBKEY(nullptr, &octets, static_cast<long>(view.key_info.size())));
  const auto own = key ? x509::check_signature(key.get(), view.outer_algorithm->whole, view.tbs, view.signature)
                       : Result<bool>(fail(ErrorCode::unimplemented, "key"));
  if (!key) (void)openssl_error();
  if (!own) return findings.add(Rule::authority_key_id_unchecked, place, "its own signature cannot be checked");
  findings.expect(*own, Rule::authority_key_id_absent, place, "it is not self-signed");
}

bool names_responder(const Extensions& extensions) {
  const Extension* access = find_readable(extensions, "1.3.6.1.5.5.7.1.1");
  if (access == nullptr) return false;
  for (Elements list(content_of(access->value)); list.more();)
    if (der::is_oid(Elements(list.next().content).next(), "1.3.6.1.5.5.7.48.1")) return true;
  return false;
}

void lint_no_revocation(const Subject& subject, const Place& place, Findings& findings) {
  const Extensions& extensions = subject.view.extensions;
  if (find(extensions, "2.5.29.56") == nullptr) return;
  findings.expect(!subject.is_ca, Rule::no_revocation_in_ca, place);
  const bool pointer = find(extensions, "2.5.29.31") != nullptr || find(extensions, "2.5.29.46") != nullptr ||
                       names_responder(extensions);
  findings.expect(!pointer, Rule::no_revocation_with_pointer, place);
}

void lint_authority_only(const Subject& subject, const Place& place, Findings& findings) {
  if (subject.is_ca) return;
  const Extensions& extensions = subject.view.extensions;
  findings.expect(find(extensions, "2.5.29.33") == nullptr, Rule::policy_mappings_in_end_entity, place);
  findings.expect(find(extensions, "2.5.29.36") == nullptr, Rule::policy_constraints_in_end_entity, place);
  findings.expect(find(extensions, "2.5.29.54") == nullptr, Rule::inhibit_any_policy_in_end_entity, place);
}

}  // namespace

void lint_presence(const Subject& subject, const Place& place, Findings& findings) {
  const Extensions& extensions = subject.view.extensions;
  std::size_t index = 0;
  for (const Extension& one : extensions) {
    const Place here(place, index++);
    lint_criticality(one, here, findings);
    if (one.is("2.5.29.17")) lint_alternative_name(subject, one, here, findings);
  }
  if (find(extensions, "2.5.29.14") == nullptr)
    findings.add(subject.is_ca ? Rule::subject_key_id_absent_in_ca : Rule::subject_key_id_absent, place);
  if (find(extensions, "2.5.29.35") == nullptr) lint_missing_authority(subject, place, findings);
  const bool usage = find(extensions, "2.5.29.15") != nullptr;
  findings.expect(!subject.is_ca || usage, Rule::key_usage_absent_in_ca, place);
  lint_authority_only(subject, place, findings);
  lint_no_revocation(subject, place, findings);
}

}  // namespace antin::lint
