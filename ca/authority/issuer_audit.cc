#include "ca/authority/issuer_audit.h"

#include "base/digest.h"
#include "base/encoding.h"

namespace antin::authority {
namespace {

// A root's certificate names its own key where others name their issuer's.
bool certified_as_decided(const IssuerRegister& issuers, const RegisteredIssuer& issuer,
                          const x509::Certificate& certificate) {
  if (issuer.issued_by == issuer.name) {
    const auto named = certificate.authority_key_id();
    return certificate.self_issued() && (!named || named == certificate.subject_key_id());
  }
  const RegisteredIssuer* root = issuers.find(issuer.issued_by);
  return root != nullptr && issued_by(*root, certificate);
}

bool as_in_profile(const issuance::Profile& profile, const x509::Certificate& certificate) {
  const auto longest = profile.validity(certificate.not_before(), std::nullopt);
  return certificate.is_ca() && certificate.key_usage() == profile.key_usage() && longest &&
         certificate.not_after() <= longest->not_after + days(1);
}

}  // namespace

bool issued_by(const RegisteredIssuer& issuer, const x509::Certificate& certificate) {
  return issuer.certificate && equal(issuer.certificate->subject().der(), certificate.issuer().der()) &&
         certificate.authority_key_id() == issuer.certificate->subject_key_id();
}

Status check_issuer_certificate(const IssuerRegister& issuers, const RegisteredIssuer& issuer,
                                const issuance::ProfileSet& profiles, const x509::Certificate& certificate) {
  ANTIN_TRY(const issuance::Profile profile, profiles.find(issuer.is_root() ? "root" : "issuing"));
  const RegisteredIssuer* before = issuers.find(issuer.follows);
  const bool fits = before != nullptr && before->certificate &&
                    equal(before->certificate->subject().der(), certificate.subject().der()) &&
                    to_hex(sha256(certificate.public_key_info())) == issuer.key && as_in_profile(profile, certificate) &&
                    certified_as_decided(issuers, issuer, certificate);
  if (fits) return {};
  return fail(ErrorCode::permission_denied,
              "approvals: the certificate of the issuer " + issuer.name + " is not the one that officers decided on");
}

Status check_link_certificate(const IssuerRegister& issuers, const RegisteredIssuer& now, Link link,
                              const issuance::ProfileSet& profiles, const x509::Certificate& certificate) {
  ANTIN_TRY(const issuance::Profile profile, profiles.find("link"));
  const RegisteredIssuer* before = issuers.find(now.follows);
  const RegisteredIssuer* whose = link == Link::new_with_old ? &now : before;
  const RegisteredIssuer* by = link == Link::new_with_old ? before : &now;
  const bool fits = now.is_root() && before != nullptr && whose->certificate && certificate.self_issued() &&
                    to_hex(sha256(certificate.public_key_info())) == whose->key && issued_by(*by, certificate) &&
                    as_in_profile(profile, certificate) &&
                    certificate.not_after() <= before->certificate->not_after();
  if (fits) return {};
  return fail(ErrorCode::permission_denied, "approvals: a link certificate of the issuer " + now.name +
                                                " is not the one that follows from the officers' decision");
}

}  // namespace antin::authority
