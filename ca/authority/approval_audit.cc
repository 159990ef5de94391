#include "ca/authority/approval_audit.h"

#include <cstdlib>
#include <map>
#include <set>

#include "base/encoding.h"
#include "ca/authority/adoption_audit.h"
#include "ca/authority/cross_making.h"
#include "ca/authority/encryption_key.h"
#include "ca/authority/incident_register.h"
#include "ca/authority/issue_steps.h"
#include "ca/authority/issuer_audit.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/logged_act.h"
#include "ca/authority/role_register.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"
#include "ca/issuance/profile_set.h"

namespace antin::authority {
namespace {

struct Intent {
  std::string tbs, profile, issuer;  // SHA-256 of the to-be-signed bytes
  bool of_ceremony = false;
  issuance::ProfileSet profiles;  // in force when it was decided
  Spread spread = {};
  Time at = {};  // when it was decided
};

// The certificate that a decision became: its id, and the digest of the bytes that were decided.
struct Issued {
  std::string id, tbs, issuer;
  issuance::ProfileSet profiles;
  Spread spread = {};
};
using OfRows = std::map<std::string, Issued>;  // by request
// What the log says of an ended certificate: who follows its subscriber.
struct Followed {
  std::string certificate, followed_by;
};
using Following = std::map<std::string, Followed>;  // by request

std::unexpected<Error> other_bytes(const std::string& id) {
  return fail(ErrorCode::permission_denied,
              "approvals: the certificate " + id + " is not what was decided before it was signed");
}

std::unexpected<Error> no_link(const std::string& certificate, const std::string& followed_by) {
  return fail(ErrorCode::permission_denied, "approvals: that " + followed_by + " follows the certificate " +
                                                certificate + " is what no approved row says");
}

Status check_bytes(const std::string& id, const x509::Certificate& certificate, const std::string& tbs) {
  if (to_hex(sha256(certificate.tbs())) != tbs) return other_bytes(id);
  return {};
}

Spread spread_of(const LoggedAct& entry) {
  return {days(std::strtoul(entry.text("earlier").c_str(), nullptr, 10)),
          static_cast<unsigned>(std::strtoul(entry.text("spread").c_str(), nullptr, 10))};
}

// Of an officer, who named it with a signature.
struct EncryptionKey {
  std::string subject;
  Bytes public_key_info;
};

// The log, read from its beginning: what was approved when. What is certain comes from its own entries and from
// certificates whose digest stands there; columns of the store are not asked.
class Reader {
 public:
  Reader(store::Store& store, unsigned otherwise, unsigned at_least)
      : store_(store), at_least_(at_least), adoptions_(store), roles_([&store](const std::string& id) -> Result<x509::Certificate> {
          ANTIN_TRY(const store::CertificateRecord record, store.certificate(id, Time{}));
          return x509::Certificate::from_der(record.der);
        }) {
    audit_.required = std::max(otherwise, at_least);
  }

  Status add(const store::LogEntry& logged) {
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
    if (type == "incident") return incidents_.add(entry);
    if (type == "incident.approve") return incidents_.approve(entry, roles_);
    if (type == "incident.omit") return incidents_.act(entry, audit_.required);
    if (type == "certificate.revoke" || type == "certificate.suspend" || type == "certificate.resume")
      ANTIN_CHECK(add_ending(entry));
    if (!entry.text("followed_by").empty()) return add_link(entry);
    return {};
  }

  Result<ApprovalAudit> audit() const {
    ANTIN_CHECK(adoptions_.finish());
    if (ceremony_ended_ || audit_.ceremony + audit_.approved == 0) return audit_;
    return fail(ErrorCode::data_loss, "approvals: the log has no end of the ceremony: run `antin init` again");
  }
  Status check_incidents() {
    audit_.ended = incidents_.ended();
    return incidents_.check_lists(store_);
  }
  OfRows take_rows() { return std::move(of_rows_); }
  Following take_following() { return std::move(following_); }
  const IssuerRegister& issuers() const { return roles_.issuers(); }

 private:
  // The first one counts: another ends nothing.
  Status end_ceremony(const LoggedAct& entry) {
    if (ceremony_ended_) return {};
    ceremony_ended_ = true;
    const auto recorded = static_cast<unsigned>(std::strtoul(entry.text("required_approvals").c_str(), nullptr, 10));
    if (recorded != 0) audit_.required = std::max(recorded, at_least_);
    return {};
  }

  // No fewer approvals put one in force than certificates need.
  Status add_proposal(const LoggedAct& entry) {
    roles_.require(audit_.required);
    const auto hash = from_hex(entry.text("proposal"));
    if (!hash) return fail(ErrorCode::data_loss, "approvals: a proposal without a hash");
    return roles_.propose(*hash, bytes_of(entry.text("content")), !ceremony_ended_);
  }

  Status add_proposal_approval(const LoggedAct& entry) {
    ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
    const auto hash = from_hex(entry.text("proposal"));
    const auto signature = from_hex(entry.text("signature"));
    if (!hash || !signature) return {};
    return roles_.approve(*hash, entry.text("officer"), at, *signature);
  }

  // One that does not hold is no approval; it is refused where it is missing.
  Status add_approval(const LoggedAct& entry) {
    const std::string id = entry.text("officer");
    ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
    const std::string* subject = roles_.officer(id, at);
    const auto roster = from_hex(entry.text("roster"));
    const auto signature = from_hex(entry.text("signature"));
    if (subject == nullptr || !roster || !signature) return {};
    if (roles_.signed_by(id, approval_statement(*roster, id), *signature)) approvals_[to_hex(*roster)].insert(*subject);
    return {};
  }

  // An officer's word for the key that backups are sealed to: one officer is enough for a certificate that signs
  // nothing.
  Status add_encryption_key(const LoggedAct& entry) {
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

  Status check_encryption(const std::string& id, const std::string& request, const std::string& tbs) {
    ANTIN_TRY(const store::CertificateRecord record, store_.certificate(id, Time{}));
    ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
    ANTIN_CHECK(check_bytes(id, certificate, tbs));
    const EncryptionKey& named = encryption_keys_[request];
    const bool fits = equal(certificate.public_key_info(), named.public_key_info) && !certificate.is_ca() &&
                      certificate.subject().rfc4514() == named.subject &&
                      certificate.key_usage() == x509::KeyUsage{.key_agreement = true};
    if (fits) return {};
    return fail(ErrorCode::permission_denied,
                "approvals: the certificate " + id + " is not for the encryption key that its officer named");
  }

  // The issuer that officers decided on, whose certificate this request asks for; none of other requests.
  const RegisteredIssuer* decided_issuer(const std::string& request) const {
    const std::string prefix = issuer_request_id("");
    if (!request.starts_with(prefix)) return nullptr;
    const std::string hash = request.substr(prefix.size(), request.find('/', prefix.size()) - prefix.size());
    const RegisteredIssuer* issuer = roles_.issuers().of_proposal(hash);
    const bool known = request == issuer_request_id(hash) || request == link_request_id(hash, Link::new_with_old) ||
                       request == link_request_id(hash, Link::old_with_new);
    return known ? issuer : nullptr;
  }

  const RegisteredCross* decided_cross(const std::string& request) const {
    const std::string prefix = cross_request_id("");
    return request.starts_with(prefix) ? roles_.cross_of_proposal(request.substr(prefix.size())) : nullptr;
  }

  Status check_issuing(const LoggedAct& entry) const {
    ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
    const auto profile = roles_.profiles().find(entry.text("profile"));
    const auto wanted = profile ? profile->issuer_key() : std::nullopt;
    if (roles_.issuers().issues(entry.text("issuer"), at, wanted)) return {};
    return fail(ErrorCode::permission_denied, "approvals: the request " + entry.text("request") +
                                                  " was taken up by the issuer " + entry.text("issuer") +
                                                  ", which was not the one that issued then");
  }

  Status add_intent(const LoggedAct& entry) {
    const std::string request = entry.text("request");
    ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
    const Intent intent{entry.text("tbs"),
                        entry.text("profile"),
                        entry.text("issuer"),
                        !ceremony_ended_,
                        roles_.profiles(),
                        spread_of(entry),
                        at};
    if (!seen_.insert(request).second)
      return fail(ErrorCode::permission_denied, "approvals: the request " + request + " was taken up twice");
    open_[request] = intent;
    if (intent.of_ceremony || decided_issuer(request) != nullptr || decided_cross(request) != nullptr) return {};
    ANTIN_CHECK(check_issuing(entry));
    if (encryption_keys_.contains(request)) return {};
    const std::size_t count = approvals_of(request);
    if (count >= audit_.required) return {};
    return fail(ErrorCode::permission_denied, "approvals: the request " + request + " was taken up with " +
                                                  std::to_string(count) + " of " + std::to_string(audit_.required) +
                                                  " approvals: whoever holds an issuing key made it alone");
  }

  // A revocation is for ever, also that of an officer: nothing that is written behind it makes anybody valid again.
  Status check_transition(const std::string& id, const std::string& type) {
    std::string& last = endings_[id];
    const bool legal = last != "certificate.revoke" &&
                       (last == "certificate.suspend") >= (type == "certificate.resume");
    if (!legal)
      return fail(ErrorCode::permission_denied, "approvals: the certificate " + id + " could not get " + type +
                                                    " after what was done to it before");
    last = type;
    return {};
  }

  Status add_ending(const LoggedAct& entry) {
    if (!entry.text("incident").empty()) ANTIN_CHECK(incidents_.act(entry, audit_.required));
    ANTIN_CHECK(check_transition(entry.text("certificate"), entry.type()));
    roles_.set_stopped(entry.text("certificate"), entry.type() != "certificate.resume");
    return {};
  }

  // Who follows a body is what officers approved, and nothing that was written beside.
  Status add_link(const LoggedAct& entry) {
    const std::string request = entry.text("request");
    if (approvals_of(request) < audit_.required || following_.contains(request))
      return no_link(entry.text("certificate"), entry.text("followed_by"));
    following_[request] = {entry.text("certificate"), entry.text("followed_by")};
    return {};
  }

  std::size_t approvals_of(const std::string& request) const {
    const auto approved = approvals_.find(request.substr(0, request.find('/')));
    return approved == approvals_.end() ? 0 : approved->second.size();
  }

  // Each decision makes one certificate, of the very bytes that were decided.
  Status add_certificate(const LoggedAct& entry) {
    const std::string id = entry.text("certificate"), request = entry.text("request");
    const auto open = open_.find(request);
    if (open != open_.end() && open->second.of_ceremony && ceremony_ended_)
      return fail(ErrorCode::permission_denied,
                  "approvals: the certificate " + id + " of the ceremony was made after its end");
    if (open == open_.end() || open->second.tbs != entry.text("tbs")) return other_bytes(id);
    if (encryption_keys_.contains(request)) {
      ANTIN_CHECK(check_encryption(id, request, open->second.tbs));
      open_.erase(open);
      return {};
    }
    if (const RegisteredIssuer* issuer = decided_issuer(request); issuer != nullptr && !open->second.of_ceremony) {
      ANTIN_CHECK(add_issuer(id, request, *issuer, open->second));
      open_.erase(open);
      return {};
    }
    if (const RegisteredCross* cross = decided_cross(request); cross != nullptr && !open->second.of_ceremony) {
      ANTIN_CHECK(add_cross(id, *cross, open->second));
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

  Status add_of_ceremony(const std::string& id, const std::string& request, const Intent& intent) {
    ANTIN_TRY(const store::CertificateRecord record, store_.certificate(id, Time{}));
    ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
    ANTIN_CHECK(check_bytes(id, certificate, intent.tbs));
    if (certificate.is_ca() && intent.profile != "root" && intent.profile != "issuing")
      return fail(
          ErrorCode::permission_denied,
          "approvals: the certificate " + id + " of the ceremony is of another authority: officers decide on those");
    if (intent.profile == "root" || intent.profile == "issuing")
      roles_.issuers().add_of_ceremony(request.substr(request.find('/') + 1), id, certificate);
    if (intent.profile == "officer") roles_.add_officer_of_ceremony(id, certificate);
    return {};
  }

  Status add_issuer(const std::string& id, const std::string& request, const RegisteredIssuer& issuer,
                    const Intent& intent) {
    ANTIN_TRY(const store::CertificateRecord record, store_.certificate(id, Time{}));
    ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
    ANTIN_CHECK(check_bytes(id, certificate, intent.tbs));
    ++audit_.issuers;
    for (const Link link : {Link::new_with_old, Link::old_with_new})
      if (request == link_request_id(issuer.proposal_hash, link))
        return check_link_certificate(roles_.issuers(), issuer, link, intent.profiles, certificate);
    ANTIN_CHECK(check_issuer_certificate(roles_.issuers(), issuer, intent.profiles, certificate));
    roles_.issuers().set_certificate(std::string(issuer.name), id, std::move(certificate));
    return {};
  }

  Status add_cross(const std::string& id, const RegisteredCross& cross, const Intent& intent) {
    ANTIN_TRY(const store::CertificateRecord record, store_.certificate(id, Time{}));
    ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
    ANTIN_CHECK(check_bytes(id, certificate, intent.tbs));
    ++audit_.crosses;
    return check_cross_certificate(roles_.issuers(), cross, intent.profiles, intent.at, certificate);
  }

  // What the old system had done to it is what can follow here.
  Status add_adopted_certificate(const LoggedAct& entry) {
    if (!entry.text("revoked_at").empty()) {
      const bool held = entry.text("reason") == x509::to_string(x509::RevocationReason::certificate_hold);
      endings_[entry.text("certificate")] = held ? "certificate.suspend" : "certificate.revoke";
    }
    return adoptions_.add_certificate(entry, roles_.issuers());
  }

  Status add_adopted(const LoggedAct& entry) {
    ANTIN_TRY(const std::uint64_t certificates, adoptions_.take(entry, roles_.issuers()));
    audit_.adopted += certificates;
    return {};
  }

  Status add_in_service(const LoggedAct& entry) {
    if (roles_.issuers().put_in_service(entry.text("issuer"))) return {};
    return fail(ErrorCode::permission_denied, "approvals: the issuer " + entry.text("issuer") +
                                                  " was put in service without the officers' decision");
  }

  store::Store& store_;
  unsigned at_least_;
  ApprovalAudit audit_;
  AdoptionAudit adoptions_;
  RoleRegister roles_;
  IncidentRegister incidents_;
  bool ceremony_ended_ = false;
  std::map<std::string, EncryptionKey> encryption_keys_;    // by request
  std::map<std::string, std::set<std::string>> approvals_;  // roster hash: subjects of officers who approved it
  std::map<std::string, Intent> open_;                      // request: decided, not yet issued
  std::set<std::string> seen_;                              // requests
  std::map<std::string, std::string> endings_;              // certificate id: type of the last act that ended it or not
  OfRows of_rows_;
  Following following_;
};

// What the approved row says of its certificate; a renewed one says what the one before said.
struct Approved {
  x509::Name subject;
  std::vector<std::string> mails, dns_names;
  Bytes public_key_info;
};

Result<Approved> approved_content(store::Store& store, const issuance::ProfileSet& profiles, const Roster::Row& row,
                                  const store::RosterRow& stored, Time now) {
  std::optional<x509::Certificate> before;
  if (!row.replaces.empty()) {
    ANTIN_TRY(const store::CertificateRecord record, store.certificate(row.replaces, now));
    ANTIN_TRY(before, x509::Certificate::from_der(record.der));
  }
  const bool same_key = before && row.key == "same";
  ANTIN_TRY(Bytes key, same_key ? Result<Bytes>(to_bytes(before->public_key_info())) : public_key_of(stored.request));
  if (before && row.act == policy::Act::renew)
    return Approved{before->subject(), before->mails(), before->dns_names(), std::move(key)};
  ANTIN_TRY(const issuance::Profile profile, profiles.find(row.profile));
  ANTIN_TRY(x509::Name subject, profile.subject(row.fields));
  std::vector<std::string> mails;
  if (std::string mail = field_of(row, "mail"); !mail.empty()) mails.push_back(std::move(mail));
  return Approved{std::move(subject), std::move(mails), dns_names_of(row), std::move(key)};
}

// Beyond the content: issuer, purposes and length of life are those of the row's bloc and profile.
Status check_frame(const Reader& reader, const Roster::Row& row, const Issued& issued,
                   const x509::Certificate& certificate) {
  ANTIN_TRY(const issuance::Profile profile, issued.profiles.find(row.profile));
  ANTIN_TRY(const auto longest, profile.validity(certificate.not_before(), std::nullopt));
  const RegisteredIssuer* issuer = reader.issuers().find(issued.issuer);
  const bool fits = issuer != nullptr && bloc_of(issuer->name) == row.bloc && issued_by(*issuer, certificate) &&
                    !certificate.is_ca() &&
                    certificate.key_usage() == profile.key_usage() &&
                    certificate.extended_key_usage() == profile.extended_key_usage() &&
                    (issued.profiles.of_program() || certificate.policies() == profile.policies()) &&
                    certificate.not_after() + issued.spread.earlier <= longest.not_after + days(1);
  if (fits) return {};
  return fail(ErrorCode::data_loss,
              "approvals: the certificate " + issued.id +
                  " comes from another CA, for other purposes or for longer than its approved row says");
}

// That an end was put earlier is what the recorded days make of roster and row: computed anew.
Status check_spread(const store::RosterRecord& roster, const Roster::Row& row, const Issued& issued,
                    const x509::Certificate& certificate) {
  const days earlier = issued.spread.earlier;
  const seconds whole = certificate.not_after() + earlier - certificate.not_before();
  if (earlier == days(0) ||
      earlier == policy::spread(issued.spread.over, roster.hash, row.row, roster.rows, whole))
    return {};
  return fail(ErrorCode::data_loss,
              "approvals: the certificate " + issued.id + " ends on another day than policy and roster say");
}

Status check_content(store::Store& store, const Reader& reader, const store::RosterRecord& roster,
                     const store::RosterRow& stored, const Issued& issued) {
  ANTIN_TRY(const store::CertificateRecord record, store.certificate(issued.id, roster.submitted_at));
  ANTIN_TRY(const Roster::Row row, row_from_canonical(roster.format, stored.content));
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_CHECK(check_bytes(issued.id, certificate, issued.tbs));
  ANTIN_TRY(const Approved approved, approved_content(store, issued.profiles, row, stored, roster.submitted_at));
  const std::string& id = issued.id;
  const Bytes binding = request_binding_of_stored(row, stored, approved.public_key_info);
  if (!equal(approved.public_key_info, certificate.public_key_info()) ||
      !equal(canonical_row(roster.format, row, binding), stored.content))
    return fail(ErrorCode::data_loss, "approvals: the certificate " + id + " has another key than its approved row");
  if (!equal(approved.subject.der(), certificate.subject().der()))
    return fail(ErrorCode::data_loss,
                "approvals: the certificate " + id + " has another subject than its approved row");
  if (certificate.mails() != approved.mails || certificate.dns_names() != approved.dns_names)
    return fail(ErrorCode::data_loss,
                "approvals: the certificate " + id + " has other mail addresses or host names than its approved row");
  ANTIN_CHECK(check_spread(roster, row, issued, certificate));
  return check_frame(reader, row, issued, certificate);
}

Status check_link(const store::RosterRecord& roster, const store::RosterRow& stored, const Followed& link) {
  ANTIN_TRY(const Roster::Row row, row_from_canonical(roster.format, stored.content));
  if (row.act == policy::Act::revoke && row.replaces == link.certificate && row.followed_by == link.followed_by)
    return {};
  return no_link(link.certificate, link.followed_by);
}

Status check_roster_content(store::Store& store, const Reader& reader, const store::RosterRecord& roster,
                            OfRows& of_rows, Following& following) {
  const std::string hash = to_hex(roster.hash);
  std::vector<Bytes> canonical;
  ANTIN_CHECK(store.for_each_row(roster.hash, 1, [&](const store::RosterRow& stored) -> Status {
    canonical.push_back(stored.content);
    const std::string request = hash + "/" + std::to_string(stored.row);
    if (const auto link = following.extract(request); !link.empty()) return check_link(roster, stored, link.mapped());
    const auto issued = of_rows.extract(request);
    if (issued.empty()) return {};
    return check_content(store, reader, roster, stored, issued.mapped());
  }));
  return check_unchanged(roster, canonical);
}

}  // namespace

Result<ApprovalAudit> audit_approvals(store::Store& store, unsigned otherwise, unsigned at_least) {
  Reader reader(store, otherwise, at_least);
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& entry) { return reader.add(entry); }));
  ANTIN_CHECK(reader.check_incidents());
  ANTIN_TRY(const auto rosters, store.rosters());
  OfRows of_rows = reader.take_rows();
  Following following = reader.take_following();
  for (const store::RosterRecord& roster : rosters)
    ANTIN_CHECK(check_roster_content(store, reader, roster, of_rows, following));
  if (!following.empty()) return no_link(following.begin()->second.certificate, following.begin()->second.followed_by);
  if (of_rows.empty()) return reader.audit();
  return fail(ErrorCode::permission_denied, "approvals: the certificate " + of_rows.begin()->second.id +
                                                " is of a row that its roster does not have");
}

}  // namespace antin::authority
