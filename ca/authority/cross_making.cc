#include "ca/authority/cross_making.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/key_block.h"
#include "ca/authority/profile_guard.h"
#include "ca/issuance/key_gate.h"
#include "ca/x509/certificate_extensions.h"
#include "ca/x509/signature_check.h"
#include "ca/x509/tbs.h"

namespace antin::authority {
namespace {

using issuance::IssuerIdentity;
using issuance::Profile;

constexpr const char* profile_name = "cross";

std::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::failed_precondition, "cross certificate: " + why);
}

Result<Profile> cross_profile(const issuance::ProfileSet& profiles) {
  if (auto profile = profiles.find(profile_name)) return *std::move(profile);
  return fail(ErrorCode::failed_precondition,
              "profiles: cross is not in force, by which cross certificates are issued: `antin profile propose` first");
}

// The issuer that signs, which can certify an authority for that long.
Status check_signer(const RegisteredIssuer* issuer, const CrossChange& change) {
  if (issuer == nullptr || !issuer->in_service || !issuer->certificate)
    return refuse("there is no issuer " + change.issued_by + " in service that could sign it");
  const x509::Certificate& own = *issuer->certificate;
  if (own.path_length() && *own.path_length() <= change.path_length)
    return refuse("the path of " + issuer->name + " is too short for it: name the root, or a shorter path");
  if (change.not_after > own.not_after())
    return refuse("it would outlive " + issuer->name + ", which ends at " + to_rfc3339(own.not_after()));
  return {};
}

// RFC 5280 §3.2: issuer and subject are different entities. A key or a name of ours would be a second way to be us.
Status check_stranger(const IssuerRegister& issuers, const OtherAuthority& other) {
  for (const RegisteredIssuer& issuer : issuers.all()) {
    if (issuer.key == to_hex(sha256(other.public_key_info)))
      return refuse("the other authority's key is the one of " + issuer.name);
    if (issuer.certificate && issuer.certificate->subject().matches(other.subject))
      return refuse("the other authority has the name of " + issuer.name);
  }
  return {};
}

// Lists of ours, and keys that a certificate of ours has in another name.
Status check_key_here(const Context& context, const OtherAuthority& other, Time now) {
  ANTIN_TRY(const BlockedKeys blocked, BlockedKeys::read(context));
  ANTIN_CHECK(blocked.check(other.public_key_info));
  ANTIN_TRY(const auto known, context.store.certificates_by_key(issuance::key_hash(other.public_key_info), now));
  for (const store::CertificateRecord& record : known)
    if (record.kind != profile_name || record.subject != other.subject.rfc4514())
      return refuse("the other authority's key is the one of the certificate " + record.id);
  return {};
}

Result<Profile::Validity> validity_of(const Profile& profile, const CrossChange& change, Time at) {
  ANTIN_TRY(Profile::Validity validity, profile.validity(at, std::nullopt));
  if (change.not_after > validity.not_after)
    return refuse("it would be longer than the profile gives, until " + to_rfc3339(validity.not_after));
  validity.not_after = change.not_after;
  return validity;
}

IssuerIdentity identity_of(const x509::Certificate& certificate, hsm::SignatureScheme scheme) {
  IssuerIdentity identity;
  identity.name = certificate.subject();
  identity.key_id = certificate.subject_key_id().value_or(Bytes());
  identity.scheme = scheme;
  identity.not_after = certificate.not_after();
  return identity;
}

// What is decided is what can be signed: the linter is asked before the officers are.
Status check_lint(const Profile& profile, const CrossChange& change, const RegisteredIssuer& issuer, Time now) {
  ANTIN_TRY(const issuance::SubjectContent content, cross_content(change));
  ANTIN_TRY(const Profile::Validity validity, validity_of(profile, change, now));
  ANTIN_TRY(const hsm::KeyAlgorithm algorithm, hsm::key_algorithm_of(issuer.certificate->public_key_info()));
  ANTIN_TRY(const x509::SerialNumber serial, x509::SerialNumber::from_unsigned(Bytes(20, 1)));
  ANTIN_TRY(issuance::ToBeSigned tbs,
            issuance::build_tbs(profile, content, identity_of(*issuer.certificate, hsm::default_scheme(algorithm)),
                                serial, validity));
  ANTIN_CHECK(issuance::lint(std::move(tbs), profile.kind()));
  return {};
}

// Where its own lists and its issuer are found, as the configuration of that day said.
Status add_addresses(const x509::Certificate& certificate, IssuerIdentity& identity) {
  if (const auto lists = certificate.crl_urls(); !lists.empty()) identity.crl_url = lists.front();
  ANTIN_TRY(const x509::TbsView tbs, x509::parse_tbs(certificate.tbs()));
  const x509::ExtensionView* access = tbs.find("1.3.6.1.5.5.7.1.1");
  if (access == nullptr) return {};
  ANTIN_TRY(const auto descriptions, x509::read_authority_information_access(access->value));
  for (const x509::AccessDescription& one : descriptions)
    (one.method == "1.3.6.1.5.5.7.48.1" ? identity.ocsp_url : identity.certificate_url) = one.url;
  return {};
}

// The to-be-signed octets that follow from the decision.
Result<Bytes> decided_tbs(const RegisteredIssuer& issuer, const CrossChange& change,
                          const issuance::ProfileSet& profiles, Time at, const x509::Certificate& certificate) {
  const auto scheme = hsm::scheme_of(certificate.signature_algorithm());
  if (!scheme) return refuse("its signature algorithm is not known");
  IssuerIdentity identity = identity_of(*issuer.certificate, *scheme);
  ANTIN_CHECK(add_addresses(certificate, identity));
  ANTIN_TRY(const Profile profile, cross_profile(profiles));
  ANTIN_TRY(const Profile::Validity validity, validity_of(profile, change, at));
  ANTIN_TRY(const issuance::SubjectContent content, cross_content(change));
  ANTIN_TRY(const issuance::ToBeSigned tbs,
            issuance::build_tbs(profile, content, identity, certificate.serial(), validity));
  return to_bytes(tbs.der());
}

// Whatever cannot be followed is no reason to believe the certificate.
Result<bool> follows(const IssuerRegister& issuers, const CrossChange& change, const issuance::ProfileSet& profiles,
                     Time at, const x509::Certificate& certificate) {
  const RegisteredIssuer* issuer = issuers.find(change.issued_by);
  if (!check_cross_form(change) || !check_signer(issuer, change)) return false;
  ANTIN_TRY(const OtherAuthority other, other_authority(change));
  if (!check_stranger(issuers, other)) return false;
  const auto tbs = decided_tbs(*issuer, change, profiles, at, certificate);
  if (!tbs || !equal(*tbs, certificate.tbs())) return false;
  return x509::signed_by(certificate, *issuer->certificate);
}

}  // namespace

Status check_cross(const Context& context, const RoleRegister& roles, const CrossChange& change, Time now) {
  ANTIN_CHECK(check_cross_form(change));
  if (roles.find_cross(change.name) != nullptr) return refuse("there is one of the name " + change.name + " already");
  const RegisteredIssuer* issuer = roles.issuers().find(change.issued_by);
  ANTIN_CHECK(check_signer(issuer, change));
  ANTIN_TRY(const OtherAuthority other, other_authority(change));
  ANTIN_CHECK(check_stranger(roles.issuers(), other));
  if (other.not_before && *other.not_before > now)
    return refuse("the other authority's certificate begins at " + to_rfc3339(*other.not_before));
  if (change.not_after <= now) return refuse("it would have ended before it begins");
  ANTIN_CHECK(check_key_here(context, other, now));
  ANTIN_TRY(const Profile profile, cross_profile(roles.profiles()));
  return check_lint(profile, change, *issuer, now);
}

Result<store::CertificateRecord> certify_cross(const Context& context, const RegisteredCross& cross,
                                               const issuance::Issuer& by) {
  const std::string request_id = cross_request_id(cross.proposal_hash);
  const Time now = context.clock.now();
  ANTIN_TRY(const auto before, context.store.certificate_by_request(request_id, now));
  if (before) return *before;
  ANTIN_TRY(const issuance::ProfileSet profiles, profiles_in_force(context.store, now));
  ANTIN_TRY(const Profile profile, cross_profile(profiles));
  ANTIN_CHECK(validity_of(profile, cross.change, now));
  SingleRequest request;
  request.request_id = request_id;
  request.profile = profile_name;
  ANTIN_TRY(request.content, cross_content(cross.change));
  request.key_location = "subscriber";
  request.not_after = cross.change.not_after;
  return in(cross.change.name, issue_single(context, by, cross.change.issued_by, request));
}

Status check_cross_certificate(const IssuerRegister& issuers, const RegisteredCross& cross,
                               const issuance::ProfileSet& profiles, Time at, const x509::Certificate& certificate) {
  ANTIN_TRY(const bool fits, follows(issuers, cross.change, profiles, at, certificate));
  if (fits) return {};
  return fail(ErrorCode::permission_denied,
              "approvals: the cross certificate " + cross.change.name + " is not the one that officers decided on");
}

}  // namespace antin::authority
