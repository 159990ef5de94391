#include "ca/authority/approval_log.h"

#include <algorithm>
#include <cstdlib>

#include "base/encoding.h"
#include "ca/authority/cross_making.h"
#include "ca/authority/encryption_key.h"
#include "ca/authority/issuer_audit.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/record_audit.h"

namespace antin::authority {
namespace {

std::unexpected<Error> other_bytes(const std::string& id) {
  return fail(ErrorCode::permission_denied,
              "approvals: the certificate " + id + " is not what was decided before it was signed");
}

Spread spread_of(const LoggedAct& entry) {
  return {days(std::strtoul(entry.text("earlier").c_str(), nullptr, 10)),
          static_cast<unsigned>(std::strtoul(entry.text("spread").c_str(), nullptr, 10))};
}

}  // namespace

std::unexpected<Error> not_approved_to_follow(const FollowedRow& link) {
  return fail(ErrorCode::permission_denied, "approvals: that " + link.followed_by + " follows the certificate " +
                                                link.certificate + " is what no approved row says");
}

Status check_decided_bytes(const std::string& id, const x509::Certificate& certificate, const std::string& tbs) {
  if (to_hex(sha256(certificate.tbs())) != tbs) return other_bytes(id);
  return {};
}

ApprovalLog::ApprovalLog(store::Store& store, unsigned otherwise, unsigned at_least)
    : store_(store),
      at_least_(at_least),
      adoptions_(store),
      roles_([&store](const std::string& id) -> Result<x509::Certificate> {
        ANTIN_TRY(const store::CertificateRecord record, store.certificate(id, Time{}));
        return x509::Certificate::from_der(record.der);
      }) {
  audit_.required = std::max(otherwise, at_least);
}

Status ApprovalLog::add(const store::LogEntry& logged) {
  ANTIN_TRY(const LoggedAct entry, LoggedAct::read(logged));
  const std::string type = entry.type();
  if (type == "ceremony") return end_ceremony(entry);
  if (type == "roster.approve") return add_approval(entry);
  if (type == "proposal") return add_proposal(entry);
  if (type == "proposal.approve") return add_proposal_approval(entry);
  if (type == "officer.encryption") return add_encryption_key(entry);
  if (type == "certificate.intent") return add_intent(entry);
  if (type == "certificate.issue") return add_certificate(entry);
  if (type == "certificate.adopt") return add_adopted_certificate(entry);
  if (type == "serial.adopt") return adoptions_.add_serial(entry);
  if (type == "issuer.adopt") return add_adopted(entry);
  if (type == "issuer.in_service") return add_in_service(entry);
  if (type == "ceremony.officers") return certify_officers(entry);
  if (type == "ceremony.transcript" || type == "ceremony.witness") officers_.note(entry);
  if (type == "officers.in_force") return officers_.put_in_force(entry, roles_);
  if (type == "incident") return incidents_.add(entry);
  if (type == "incident.approve") return incidents_.approve(entry, roles_);
  if (type == "incident.omit") return incidents_.act(entry, audit_.required);
  if (type == "certificate.revoke" || type == "certificate.suspend" || type == "certificate.resume")
    ANTIN_CHECK(add_ending(entry));
  if (!entry.text("followed_by").empty()) return add_link(entry);
  return {};
}

Result<ApprovalAudit> ApprovalLog::audit() const {
  ANTIN_CHECK(adoptions_.finish());
  if (ceremony_ended_ || audit_.ceremony + audit_.approved == 0) return audit_;
  return fail(ErrorCode::data_loss, "approvals: the log has no end of the ceremony: run `antin init` again");
}

Status ApprovalLog::check_incidents() {
  audit_.ended = incidents_.ended();
  audit_.officers_by_ceremony = officers_.told();
  return incidents_.check_lists(store_);
}

// The first one counts: another ends nothing.
Status ApprovalLog::end_ceremony(const LoggedAct& entry) {
  if (ceremony_ended_) return {};
  ceremony_ended_ = true;
  const auto recorded = static_cast<unsigned>(std::strtoul(entry.text("required_approvals").c_str(), nullptr, 10));
  if (recorded != 0) audit_.required = std::max(recorded, at_least_);
  return {};
}

// With the root's key, after the home's own ceremony, and only when too few were left to decide.
Status ApprovalLog::certify_officers(const LoggedAct& entry) {
  if (ceremony_ended_) return officers_.certify(entry, roles_, audit_.required);
  return fail(ErrorCode::permission_denied,
              "approvals: officers were certified by a ceremony before that of the home had ended");
}

Status ApprovalLog::check_officer(const std::string& id, const std::string& request, const Intent& intent) {
  ANTIN_TRY(const x509::Certificate certificate, decided_certificate(id, request, intent));
  return officers_.add_certificate(id, request, roles_.issuers().find(intent.issuer), certificate, intent.profiles);
}

// No fewer approvals put one in force than certificates need.
Status ApprovalLog::add_proposal(const LoggedAct& entry) {
  roles_.require(audit_.required);
  const auto hash = from_hex(entry.text("proposal"));
  if (!hash) return fail(ErrorCode::data_loss, "approvals: a proposal without a hash");
  return roles_.propose(*hash, bytes_of(entry.text("content")), !ceremony_ended_);
}

Status ApprovalLog::add_proposal_approval(const LoggedAct& entry) {
  ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
  const auto hash = from_hex(entry.text("proposal"));
  const auto signature = from_hex(entry.text("signature"));
  if (!hash || !signature) return {};
  return roles_.approve(*hash, entry.text("officer"), at, *signature);
}

// One that does not hold is no approval; it is refused where it is missing.
Status ApprovalLog::add_approval(const LoggedAct& entry) {
  const std::string id = entry.text("officer");
  ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
  const auto roster = from_hex(entry.text("roster"));
  const auto signature = from_hex(entry.text("signature"));
  if (roles_.officer(id, at) == nullptr || !roster || !signature) return {};
  if (roles_.signed_by(id, approval_statement(*roster, id), *signature))
    roles_.persons().count(approvals_[to_hex(*roster)], id);
  return {};
}

// An officer's word for the key that backups are sealed to: one officer is enough for a certificate that signs
// nothing.
Status ApprovalLog::add_encryption_key(const LoggedAct& entry) {
  const std::string id = entry.text("officer");
  ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
  const std::string* subject = roles_.officer(id, at);
  const auto key = from_hex(entry.text("key"));
  const auto signature = from_hex(entry.text("signature"));
  if (subject == nullptr || !key || !signature) return {};
  if (roles_.signed_by(id, encryption_key_statement(*key, id), *signature))
    encryption_keys_[encryption_request_id(id, *key)] = {*subject, *key};
  return {};
}

Result<x509::Certificate> ApprovalLog::decided_certificate(const std::string& id, const std::string& request,
                                                           const Intent& intent) {
  ANTIN_TRY(const store::CertificateRecord record, store_.certificate(id, Time{}));
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_CHECK(check_decided_bytes(id, certificate, intent.tbs));
  store::Intent decided = as_recorded(record);
  decided.request_id = request;
  decided.issuer = intent.issuer;
  decided.profile = intent.profile;
  if (const auto profile = intent.profiles.find(intent.profile)) decided.kind = to_string(profile->kind());
  decided.succession = std::nullopt;
  ANTIN_CHECK(check_columns(record, decided, certificate));
  return certificate;
}

Status ApprovalLog::check_encryption(const std::string& id, const std::string& request, const Intent& intent) {
  ANTIN_TRY(const x509::Certificate certificate, decided_certificate(id, request, intent));
  const EncryptionKey& named = encryption_keys_[request];
  const bool fits = equal(certificate.public_key_info(), named.public_key_info) && !certificate.is_ca() &&
                    certificate.subject().rfc4514() == named.subject &&
                    certificate.key_usage() == x509::KeyUsage{.key_agreement = true};
  if (fits) return {};
  return fail(ErrorCode::permission_denied,
              "approvals: the certificate " + id + " is not for the encryption key that its officer named");
}

// The issuer that officers decided on, whose certificate this request asks for; none of other requests.
const RegisteredIssuer* ApprovalLog::decided_issuer(const std::string& request) const {
  const std::string prefix = issuer_request_id("");
  if (!request.starts_with(prefix)) return nullptr;
  const std::string hash = request.substr(prefix.size(), request.find('/', prefix.size()) - prefix.size());
  const RegisteredIssuer* issuer = roles_.issuers().of_proposal(hash);
  const bool known = request == issuer_request_id(hash) || request == link_request_id(hash, Link::new_with_old) ||
                     request == link_request_id(hash, Link::old_with_new);
  return known ? issuer : nullptr;
}

const RegisteredCross* ApprovalLog::decided_cross(const std::string& request) const {
  const std::string prefix = cross_request_id("");
  return request.starts_with(prefix) ? roles_.cross_of_proposal(request.substr(prefix.size())) : nullptr;
}

Status ApprovalLog::check_issuing(const LoggedAct& entry) const {
  ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
  const auto profile = roles_.profiles().find(entry.text("profile"));
  const auto wanted = profile ? profile->issuer_key() : std::nullopt;
  if (roles_.issuers().issues(entry.text("issuer"), at, wanted)) return {};
  const RegisteredIssuer* issuer = roles_.issuers().find(entry.text("issuer"));
  if (issuer != nullptr && issuer->stopped)
    return fail(ErrorCode::permission_denied, "approvals: the request " + entry.text("request") +
                                                  " was taken up by the issuer " + issuer->name +
                                                  " after its own certificate was revoked or suspended");
  return fail(ErrorCode::permission_denied, "approvals: the request " + entry.text("request") +
                                                " was taken up by the issuer " + entry.text("issuer") +
                                                ", which was not the one that issued then");
}

Status ApprovalLog::add_intent(const LoggedAct& entry) {
  const std::string request = entry.text("request");
  ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
  const Intent intent{entry.text("tbs"), entry.text("profile"), entry.text("issuer"), !ceremony_ended_,
                      roles_.profiles(), spread_of(entry),      at};
  if (!seen_.insert(request).second)
    return fail(ErrorCode::permission_denied, "approvals: the request " + request + " was taken up twice");
  open_[request] = intent;
  if (intent.of_ceremony || decided_issuer(request) != nullptr || decided_cross(request) != nullptr) return {};
  ANTIN_CHECK(check_issuing(entry));
  if (encryption_keys_.contains(request) || officers_.asks(request)) return {};
  const std::size_t count = approvals_of(request);
  if (count >= audit_.required) return {};
  return fail(ErrorCode::permission_denied, "approvals: the request " + request + " was taken up with " +
                                                std::to_string(count) + " of " + std::to_string(audit_.required) +
                                                " approvals: whoever holds an issuing key made it alone");
}

// A revocation is for ever, also that of an officer: nothing that is written behind it makes anybody valid again.
Status ApprovalLog::check_transition(const std::string& id, const std::string& type) {
  std::string& last = endings_[id];
  const bool legal = last != "certificate.revoke" && (last == "certificate.suspend") >= (type == "certificate.resume");
  if (!legal)
    return fail(ErrorCode::permission_denied,
                "approvals: the certificate " + id + " could not get " + type + " after what was done to it before");
  last = type;
  return {};
}

Status ApprovalLog::add_ending(const LoggedAct& entry) {
  if (!entry.text("incident").empty()) ANTIN_CHECK(incidents_.act(entry, audit_.required));
  ANTIN_CHECK(check_transition(entry.text("certificate"), entry.type()));
  roles_.set_stopped(entry.text("certificate"), entry.type() != "certificate.resume");
  return {};
}

// Who follows a body is what officers approved, and nothing that was written beside.
Status ApprovalLog::add_link(const LoggedAct& entry) {
  const std::string request = entry.text("request");
  if (approvals_of(request) < audit_.required || following_.contains(request))
    return not_approved_to_follow({entry.text("certificate"), entry.text("followed_by")});
  following_[request] = {entry.text("certificate"), entry.text("followed_by")};
  return {};
}

std::size_t ApprovalLog::approvals_of(const std::string& request) const {
  const auto approved = approvals_.find(request.substr(0, request.find('/')));
  return approved == approvals_.end() ? 0 : approved->second.size();
}

// Each decision makes one certificate, of the very bytes that were decided.
Status ApprovalLog::add_certificate(const LoggedAct& entry) {
  const std::string id = entry.text("certificate"), request = entry.text("request");
  const auto open = open_.find(request);
  if (open != open_.end() && open->second.of_ceremony && ceremony_ended_)
    return fail(ErrorCode::permission_denied,
                "approvals: the certificate " + id + " of the ceremony was made after its end");
  if (open == open_.end() || open->second.tbs != entry.text("tbs")) return other_bytes(id);
  if (encryption_keys_.contains(request)) {
    ANTIN_CHECK(check_encryption(id, request, open->second));
    open_.erase(open);
    return {};
  }
  if (officers_.asks(request)) {
    ANTIN_CHECK(check_officer(id, request, open->second));
    ++audit_.ceremony;
    open_.erase(open);
    return {};
  }
  if (const RegisteredIssuer* issuer = decided_issuer(request); issuer != nullptr && !open->second.of_ceremony) {
    ANTIN_CHECK(add_issuer(id, request, *issuer, open->second));
    open_.erase(open);
    return {};
  }
  if (const RegisteredCross* cross = decided_cross(request); cross != nullptr && !open->second.of_ceremony) {
    ANTIN_CHECK(add_cross(id, request, *cross, open->second));
    open_.erase(open);
    return {};
  }
  if (open->second.of_ceremony)
    ANTIN_CHECK(add_of_ceremony(id, request, open->second));
  else
    of_rows_[request] = {id, open->second.tbs, open->second.issuer, open->second.profiles, open->second.spread};
  ++(open->second.of_ceremony ? audit_.ceremony : audit_.approved);
  open_.erase(open);
  return {};
}

Status ApprovalLog::add_of_ceremony(const std::string& id, const std::string& request, const Intent& intent) {
  ANTIN_TRY(const x509::Certificate certificate, decided_certificate(id, request, intent));
  if (certificate.is_ca() && intent.profile != "root" && intent.profile != "issuing")
    return fail(
        ErrorCode::permission_denied,
        "approvals: the certificate " + id + " of the ceremony is of another authority: officers decide on those");
  if (intent.profile == "root" || intent.profile == "issuing")
    roles_.issuers().add_of_ceremony(request.substr(request.find('/') + 1), id, certificate);
  if (intent.profile == "officer") roles_.add_officer_of_ceremony(id, certificate);
  return {};
}

Status ApprovalLog::add_issuer(const std::string& id, const std::string& request, const RegisteredIssuer& issuer,
                               const Intent& intent) {
  ANTIN_TRY(x509::Certificate certificate, decided_certificate(id, request, intent));
  ++audit_.issuers;
  for (const Link link : {Link::new_with_old, Link::old_with_new})
    if (request == link_request_id(issuer.proposal_hash, link))
      return check_link_certificate(roles_.issuers(), issuer, link, intent.profiles, certificate);
  ANTIN_CHECK(check_issuer_certificate(roles_.issuers(), issuer, intent.profiles, certificate));
  roles_.issuers().set_certificate(std::string(issuer.name), id, std::move(certificate));
  return {};
}

Status ApprovalLog::add_cross(const std::string& id, const std::string& request, const RegisteredCross& cross,
                              const Intent& intent) {
  ANTIN_TRY(const x509::Certificate certificate, decided_certificate(id, request, intent));
  ++audit_.crosses;
  return check_cross_certificate(roles_.issuers(), cross, intent.profiles, intent.at, certificate);
}

// What the old system had done to it is what can follow here.
Status ApprovalLog::add_adopted_certificate(const LoggedAct& entry) {
  if (!entry.text("revoked_at").empty()) {
    const bool held = entry.text("reason") == x509::to_string(x509::RevocationReason::certificate_hold);
    endings_[entry.text("certificate")] = held ? "certificate.suspend" : "certificate.revoke";
  }
  return adoptions_.add_certificate(entry, roles_.issuers());
}

Status ApprovalLog::add_adopted(const LoggedAct& entry) {
  ANTIN_TRY(const std::uint64_t certificates, adoptions_.take(entry, roles_.issuers()));
  audit_.adopted += certificates;
  return {};
}

Status ApprovalLog::add_in_service(const LoggedAct& entry) {
  if (roles_.issuers().put_in_service(entry.text("issuer"))) return {};
  return fail(ErrorCode::permission_denied,
              "approvals: the issuer " + entry.text("issuer") + " was put in service without the officers' decision");
}

}  // namespace antin::authority
