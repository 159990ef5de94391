#include "ca/authority/role_register.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/adoption.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/logged_act.h"
#include "ca/authority/officer_ceremony.h"
#include "hsm/public_key.h"

namespace antin::authority {
namespace {

std::unexpected<Error> unreadable(std::uint64_t number, const std::string& why) {
  return fail(ErrorCode::data_loss, "proposal " + std::to_string(number) + ": " + why);
}

}  // namespace

void RoleRegister::add_officer(const std::string& id, const x509::Certificate& certificate) {
  officers_[id] = {certificate.subject().rfc4514(), to_bytes(certificate.public_key_info()), certificate.not_before(),
                   certificate.not_after()};
  persons_.add(id, certificate);
}

void RoleRegister::add_officer_of_ceremony(const std::string& id, const x509::Certificate& certificate) {
  add_officer(id, certificate);
  holders_.push_back({Role::officer, id, officers_[id].subject, {}, 0});
}

void RoleRegister::set_stopped(const std::string& certificate_id, bool stopped) {
  if (stopped)
    stopped_.insert(certificate_id);
  else
    stopped_.erase(certificate_id);
  issuers_.set_stopped(certificate_id, stopped);
}

Status RoleRegister::propose(ByteView hash, ByteView content, bool at_once) {
  const std::uint64_t next = proposals_.size() + 1;
  if (!equal(sha256(content), hash)) return unreadable(next, "its content has another hash");
  ANTIN_TRY(Proposal proposal, read_proposal(content));
  if (proposal.number != next)
    return unreadable(next, "the one that follows calls itself " + std::to_string(proposal.number));
  numbers_[to_hex(hash)] = next;
  State& state = proposals_[next];
  state.proposal = std::move(proposal);
  state.hash = to_bytes(hash);
  if (at_once && next == 1 && std::holds_alternative<ProfileChange>(state.proposal.change)) return put_in_force(state);
  return {};
}

Status RoleRegister::approve(ByteView hash, const std::string& officer_id, Time at, ByteView signature) {
  const auto number = numbers_.find(to_hex(hash));
  if (number == numbers_.end()) return {};
  if (officer(officer_id, at) == nullptr || !signed_by(officer_id, proposal_statement(hash, officer_id), signature))
    return {};
  State& state = proposals_.at(number->second);
  persons_.count(state.approved_by, officer_id);
  if (state.in_force || state.approved_by.size() < std::max(1u, required(state.proposal))) return {};
  return put_in_force(state);
}

Status RoleRegister::put_in_force(State& state) {
  state.in_force = true;
  if (const auto* change = std::get_if<ProfileChange>(&state.proposal.change)) {
    profiles_ = change->profiles;
    return {};
  }
  if (const auto* change = std::get_if<IssuerChange>(&state.proposal.change)) {
    issuers_.add(*change, state.proposal.number, to_hex(state.hash));
    return {};
  }
  if (const auto* change = std::get_if<CrossChange>(&state.proposal.change)) {
    add_cross(*change, state);
    return {};
  }
  return change_role(std::get<RoleChange>(state.proposal.change), state.proposal.number);
}

Status RoleRegister::change_role(const RoleChange& change, std::uint64_t number) {
  const auto same = [&](const RoleHolder& holder) {
    return holder.role == change.role && holder.certificate_id == change.certificate_id;
  };
  std::erase_if(holders_, same);
  if (change.role == Role::officer) officers_.erase(change.certificate_id);
  if (!change.grant) return {};
  ANTIN_TRY(const x509::Certificate certificate, find_(change.certificate_id));
  if (to_hex(sha256(certificate.der())) != change.certificate_sha256 || certificate.is_ca())
    return unreadable(number, change.certificate_id + " is not the certificate that was approved");
  if (change.role == Role::officer) add_officer(change.certificate_id, certificate);
  holders_.push_back({change.role, change.certificate_id, certificate.subject().rfc4514(), change.account, number});
  return {};
}

void RoleRegister::add_cross(const CrossChange& change, const State& state) {
  if (find_cross(change.name) != nullptr || !check_cross_form(change)) return;
  crosses_.push_back({change, state.proposal.number, to_hex(state.hash), {}});
}

const RegisteredCross* RoleRegister::find_cross(std::string_view name) const {
  const auto found = std::ranges::find(crosses_, name, [](const RegisteredCross& one) { return one.change.name; });
  return found == crosses_.end() ? nullptr : &*found;
}

const RegisteredCross* RoleRegister::cross_of_proposal(std::string_view proposal_hash) const {
  const auto found = std::ranges::find(crosses_, proposal_hash, &RegisteredCross::proposal_hash);
  return found == crosses_.end() ? nullptr : &*found;
}

void RoleRegister::set_cross_certificate(std::string_view proposal_hash, const std::string& certificate_id) {
  const auto found = std::ranges::find(crosses_, proposal_hash, &RegisteredCross::proposal_hash);
  if (found != crosses_.end()) found->certificate_id = certificate_id;
}

const std::string* RoleRegister::officer(const std::string& certificate_id, Time at) const {
  const auto found = officers_.find(certificate_id);
  if (found == officers_.end() || stopped_.contains(certificate_id)) return nullptr;
  // A certificate of the last seconds may be older than an act that is recorded after it.
  if (at + clock_tolerance < found->second.not_before || at > found->second.not_after) return nullptr;
  return &found->second.subject;
}

const std::string* RoleRegister::officer_today(const std::string& certificate_id, Time now) const {
  const auto found = officers_.find(certificate_id);
  return found == officers_.end() ? nullptr : officer(certificate_id, std::max(now, found->second.not_before));
}

bool RoleRegister::signed_by(const std::string& officer_id, ByteView statement, ByteView signature) const {
  const Bytes* key = officer_key(officer_id);
  if (key == nullptr) return false;
  const auto algorithm = hsm::key_algorithm_of(*key);
  if (!algorithm) return false;
  return hsm::verify_signature(*key, hsm::default_scheme(*algorithm), statement, signature).value_or(false);
}

const Bytes* RoleRegister::officer_key(const std::string& certificate_id) const {
  const auto found = officers_.find(certificate_id);
  return found == officers_.end() ? nullptr : &found->second.public_key_info;
}

std::size_t RoleRegister::officers_at(Time at, const std::string& without) const {
  std::set<std::string> different;
  for (const auto& [id, one] : officers_)
    if (id != without && officer(id, at) != nullptr) persons_.count(different, id);
  return different.size();
}

const RoleRegister::State* RoleRegister::find(ByteView hash) const {
  const auto number = numbers_.find(to_hex(hash));
  return number == numbers_.end() ? nullptr : &proposals_.at(number->second);
}

namespace {

using Event = store::RevocationEvent;

// By the last event until then.
bool stopped_at(const std::vector<Event>& events, Time at) {
  bool stopped = false;
  for (const Event& event : events)
    if (event.at <= at) stopped = event.act != Event::Act::resume;
  return stopped;
}

// What is on record now holds now, also when its second is a little later.
Result<bool> stopped_now(store::Store& store, const std::string& id, Time now) {
  ANTIN_TRY(const auto events, store.revocations(id));
  return stopped_at(events, now + clock_tolerance);
}

// Whether the officer's certificate was revoked or suspended by an entry before that of the approval.
Result<bool> stopped_in_log(store::Store& store, const store::Approval& approval, bool by_time) {
  const std::string proposal = to_hex(approval.subject_hash);
  bool stopped = false;
  std::optional<bool> at_approval;
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
    if (at_approval) return {};
    ANTIN_TRY(const LoggedAct entry, LoggedAct::read(logged));
    const std::string type = entry.type();
    const bool its_kind = type == "proposal.approve" && entry.text("proposal") == proposal;
    if (its_kind && entry.text("officer") == approval.officer_id) at_approval = stopped;
    if (entry.text("certificate") != approval.officer_id) return {};
    if (type == "certificate.revoke" || type == "certificate.suspend") stopped = true;
    if (type == "certificate.resume") stopped = false;
    return {};
  }));
  return at_approval.value_or(by_time);
}

// When the approval was recorded. Acts of the same seconds stand in the order of the log, by which the audit goes too.
Result<bool> stopped_then(store::Store& store, const store::Approval& approval) {
  ANTIN_TRY(const auto events, store.revocations(approval.officer_id));
  const bool by_time = stopped_at(events, approval.at);
  const bool near = std::ranges::any_of(events, [&](const Event& event) {
    return event.at <= approval.at + clock_tolerance && approval.at <= event.at + clock_tolerance;
  });
  return near ? stopped_in_log(store, approval, by_time) : by_time;
}

Status read_ceremony(store::Store& store, Time now, RoleRegister& roles) {
  constexpr std::string_view prefix = "ceremony/";
  ANTIN_TRY(const auto requests, store.known_requests(std::string(prefix)));
  for (const std::string& request : requests) {
    ANTIN_TRY(const auto record, store.certificate_by_request(request, now));
    const bool officer = record && record->kind == "officer";
    const bool authority = record && (record->kind == "root" || record->kind == "issuing");
    if (!officer && !authority) continue;
    ANTIN_TRY(x509::Certificate certificate, in(record->id, x509::Certificate::from_der(record->der)));
    if (officer)
      roles.add_officer_of_ceremony(record->id, certificate);
    else
      roles.issuers().add_of_ceremony(request.substr(prefix.size()), record->id, std::move(certificate));
  }
  ANTIN_TRY(const auto later, officers_of_ceremonies(store, now));
  for (const store::CertificateRecord& record : later) {
    ANTIN_TRY(const x509::Certificate certificate, in(record.id, x509::Certificate::from_der(record.der)));
    roles.add_officer_of_ceremony(record.id, certificate);
  }
  return {};
}

// Certificates that were made for issuers whose proposals are in force, and those that are in service.
Status read_made_issuers(store::Store& store, Time now, IssuerRegister& issuers) {
  const std::vector<RegisteredIssuer> known = issuers.all();
  for (const RegisteredIssuer& issuer : known) {
    if (issuer.proposal == 0 || issuer.in_service) continue;
    ANTIN_TRY(const auto record, store.certificate_by_request(issuer_request_id(issuer.proposal_hash), now));
    if (!record) continue;
    ANTIN_TRY(x509::Certificate certificate, in(record->id, x509::Certificate::from_der(record->der)));
    issuers.set_certificate(issuer.name, record->id, std::move(certificate));
  }
  ANTIN_TRY(const std::vector<TakenHoldings> taken, taken_holdings(store));
  for (const TakenHoldings& one : taken) ANTIN_CHECK(issuers.take_holdings(one.issuer, one.digest));
  ANTIN_TRY(const std::vector<std::string> in_service, names_in_service(store));
  for (const std::string& name : in_service) ANTIN_CHECK(issuers.put_in_service(name));
  return {};
}

// Adopted ones have none in the store.
std::vector<std::string> certificates_of(const IssuerRegister& issuers) {
  std::vector<std::string> ids;
  for (const RegisteredIssuer& issuer : issuers.all())
    if (!issuer.certificate_id.empty()) ids.push_back(issuer.certificate_id);
  return ids;
}

Status read_made_crosses(store::Store& store, Time now, RoleRegister& roles) {
  const std::vector<RegisteredCross> known = roles.crosses();
  for (const RegisteredCross& cross : known) {
    ANTIN_TRY(const auto record, store.certificate_by_request(cross_request_id(cross.proposal_hash), now));
    if (record) roles.set_cross_certificate(cross.proposal_hash, record->id);
  }
  return {};
}

}  // namespace

Result<RoleRegister> read_roles(store::Store& store, Time now) {
  RoleRegister roles([&store, now](const std::string& id) -> Result<x509::Certificate> {
    ANTIN_TRY(const store::CertificateRecord record, store.certificate(id, now));
    return x509::Certificate::from_der(record.der);
  });
  ANTIN_CHECK(read_ceremony(store, now, roles));
  ANTIN_TRY(const auto proposals, store.proposals());
  for (const store::ProposalRecord& one : proposals) ANTIN_CHECK(roles.propose(one.hash, one.content, one.of_ceremony));
  ANTIN_TRY(const auto approvals, store.proposal_approvals());
  for (const store::Approval& approval : approvals) {
    if (roles.officer_key(approval.officer_id) == nullptr) continue;
    ANTIN_TRY(const bool stopped, stopped_then(store, approval));
    roles.set_stopped(approval.officer_id, stopped);
    ANTIN_CHECK(roles.approve(approval.subject_hash, approval.officer_id, approval.at, approval.signature));
  }
  ANTIN_CHECK(read_made_issuers(store, now, roles.issuers()));
  ANTIN_CHECK(read_made_crosses(store, now, roles));
  for (const RoleHolder& holder : roles.holders()) {
    ANTIN_TRY(const bool stopped, stopped_now(store, holder.certificate_id, now));
    roles.set_stopped(holder.certificate_id, stopped);
  }
  for (const std::string& id : certificates_of(roles.issuers())) {
    ANTIN_TRY(const bool stopped, stopped_now(store, id, now));
    roles.set_stopped(id, stopped);
  }
  return roles;
}

}  // namespace antin::authority
