#include "ca/authority/recorded_acts.h"

#include <cstdlib>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/authority/adoption.h"
#include "ca/authority/incident_steps.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/logged_act.h"
#include "ca/authority/officer_ceremony.h"
#include "ca/x509/certificate.h"

namespace antin::authority {
namespace {

using Act = store::RevocationEvent::Act;

std::string approval_line(const std::string& officer, const std::string& signature, const std::string& at) {
  return officer + "|" + signature + "|" + at;
}

std::string approval_line(const LoggedAct& entry) {
  return approval_line(entry.text("officer"), entry.text("signature"), entry.text("at"));
}

std::string approval_line(const store::Approval& approval) {
  return approval_line(approval.officer_id, to_hex(approval.signature), to_rfc3339(approval.at));
}

// A decision that waits for its certificate.
std::string intent_line(const std::string& issuer, const std::string& serial, const std::string& profile,
                        const std::string& tbs, const std::string& act, const std::string& predecessor) {
  return issuer + "|" + serial + "|" + profile + "|" + tbs + "|" + act + "|" + predecessor;
}

std::string certificate_line(const std::string& hash, const std::string& act, const std::string& predecessor) {
  return hash + "|" + act + "|" + predecessor;
}

std::string event_line(std::string_view type, const std::string& at, const std::string& reason,
                       const std::string& invalidity_date, const std::string& remark,
                       const std::string& followed_by = {}) {
  return std::string(type) + "|" + at + "|" + reason + "|" + invalidity_date + "|" + followed_by + "|" + remark;
}

// The event that came along with an adopted certificate or serial.
std::string adopted_line(const LoggedAct& entry) {
  const bool suspended = entry.text("reason") == x509::to_string(x509::RevocationReason::certificate_hold);
  return event_line(suspended ? "certificate.suspend" : "certificate.revoke", entry.text("revoked_at"),
                    entry.text("reason"), entry.text("invalidity_date"), "");
}

std::string request_line(const std::string& authority, const std::string& request, const std::string& row,
                         const std::string& until) {
  return authority + "|" + request + "|" + row + "|" + until;
}

std::string outcome_line(const std::string& act, const std::string& at, const std::string& certificate,
                         const std::string& remark) {
  return act + "|" + at + "|" + certificate + "|" + remark;
}

std::string outcome_name(const std::string& certificate, const std::string& incident) {
  return certificate + " in the incident " + incident;
}

std::string token_line(const std::string& label, const std::string& subscriber, const std::string& row,
                       const std::string& escrow) {
  return label + "|" + subscriber + "|" + row + "|" + escrow;
}

std::string token_event_line(std::string_view act, const std::string& at, const std::string& serial,
                             const std::string& request, const std::string& certificate, const std::string& remark) {
  return std::string(act) + "|" + at + "|" + serial + "|" + request + "|" + certificate + "|" + remark;
}

std::string log_type(store::RequestState state) {
  switch (state) {
    case store::RequestState::issued:
      return "issue";
    case store::RequestState::refused:
      return "refuse";
    case store::RequestState::collected:
    case store::RequestState::expired:
    case store::RequestState::exported:
      break;
  }
  return "export";
}

std::string_view log_type(Act act) {
  switch (act) {
    case Act::suspend:
      return "certificate.suspend";
    case Act::resume:
      return "certificate.resume";
    case Act::revoke:
      break;
  }
  return "certificate.revoke";
}

// A remark stands in the log in NFC, or in hexadecimal when it is no UTF-8.
std::string as_logged(const std::string& remark) { return to_nfc(remark).value_or(to_hex(bytes_of(remark))); }

Status add_entry(Acts& acts, const store::LogEntry& logged) {
  ANTIN_TRY(const LoggedAct entry, LoggedAct::read(logged));
  const std::string type = entry.type();
  if (type == "certificate.intent") {
    acts.open[entry.text("request")] = intent_line(entry.text("issuer"), entry.text("serial"), entry.text("profile"),
                                                   entry.text("tbs"), entry.text("act"), entry.text("predecessor"));
  } else if (type == "certificate.issue") {
    acts.open.erase(entry.text("request"));
    acts.certificates[entry.text("certificate")] =
        certificate_line(entry.text("sha256"), entry.text("act"), entry.text("predecessor"));
  } else if (type == "certificate.revoke" || type == "certificate.suspend" || type == "certificate.resume") {
    acts.revocations[entry.text("certificate")].push_back(event_line(type, entry.text("at"), entry.text("reason"),
                                                                     entry.text("invalidity_date"),
                                                                     entry.text("remark"), entry.text("followed_by")));
    if (const std::string incident = entry.text("incident"); !incident.empty())
      acts.outcomes[outcome_name(entry.text("certificate"), incident)] = "done|" + entry.text("at");
  } else if (type == "certificate.adopt") {
    acts.certificates[entry.text("certificate")] = certificate_line(entry.text("sha256"), "", "");
    if (!entry.text("revoked_at").empty()) acts.revocations[entry.text("certificate")].push_back(adopted_line(entry));
  } else if (type == "serial.adopt") {
    acts.listed[entry.text("issuer") + "-" + entry.text("serial")] = adopted_line(entry) + entry.text("not_after");
  } else if (type == "issuer.adopt") {
    acts.adopted[entry.text("issuer")] = entry.text("holdings");
  } else if (type == "roster.submit") {
    acts.rosters[entry.text("roster")] = entry.text("rows") + "|" + entry.text("at");
  } else if (type == "proposal") {
    acts.proposals[entry.text("proposal")] = to_hex(sha256(bytes_of(entry.text("content")))) + "|" + entry.text("at");
    if (!acts.ceremony_ended) acts.proposals_of_ceremony.insert(entry.text("proposal"));
  } else if (type == "ceremony") {
    acts.ceremony_ended = true;
  } else if (type == "incident") {
    acts.incidents[entry.text("incident")] = to_hex(sha256(bytes_of(entry.text("content")))) + "|" + entry.text("at");
  } else if (type == "incident.approve") {
    acts.approvals[entry.text("incident")].insert(approval_line(entry));
  } else if (type == "incident.omit") {
    acts.outcomes[outcome_name(entry.text("certificate"), entry.text("incident"))] =
        entry.text("found") + "|" + entry.text("at");
  } else if (type == "proposal.approve") {
    acts.approvals[entry.text("proposal")].insert(approval_line(entry));
  } else if (type == "roster.approve") {
    acts.approvals[entry.text("roster")].insert(approval_line(entry));
  } else if (type == "key.block") {
    acts.blocked[entry.text("key")] = entry.text("at") + "|" + entry.text("reason");
  } else if (type == "foreign.import") {
    acts.foreign[entry.text("certificate")] = entry.text("sha256") + "|" + entry.text("doubts");
  } else if (type == "foreign.revoke" || type == "foreign.suspend" || type == "foreign.resume") {
    acts.foreign_events[entry.text("certificate")].push_back(
        event_line(type.substr(8), entry.text("revoked_at"), entry.text("reason"), entry.text("invalidity_date"),
                   entry.text("list")));
  } else if (type == "request.collect") {
    acts.requests[entry.text("request")] =
        request_line(entry.text("authority"), entry.text("sha256"), entry.text("row"), entry.text("until"));
  } else if (type == "request.export" || type == "request.issue" || type == "request.refuse") {
    acts.request_events[entry.text("request")].push_back(
        outcome_line(type.substr(8), entry.text("at"), entry.text("certificate"),
                     type == "request.export" ? entry.text("list") : entry.text("remark")));
  } else if (type == "ceremony.officers") {
    acts.officers[entry.text("ceremony")] = to_hex(sha256(bytes_of(entry.text("content"))));
  } else if (type == "officers.in_force") {
    acts.officers[entry.text("ceremony") + ", in force"] = "";
  } else if (type == "issuer.in_service") {
    acts.issuers[entry.text("issuer")] = "";
  } else if (type == "token.begin") {
    acts.tokens[entry.text("token")] =
        token_line(entry.text("label"), entry.text("subscriber"), entry.text("row"), entry.text("escrow"));
  } else if (type.starts_with("token.")) {
    acts.token_events[entry.text("token")].push_back(
        token_event_line(type.substr(6), entry.text("at"), entry.text("serial"), entry.text("request"),
                         entry.text("certificate"), entry.text("letter") + entry.text("remark")));
  } else if (type == "crl") {
    acts.lists[entry.text("issuer")] = {std::strtoull(entry.text("number").c_str(), nullptr, 10),
                                        entry.text("sha256") + "|" + entry.text("entries")};
  }
  return {};
}

}  // namespace

Result<Acts> acts_in_log(store::Store& store) {
  Acts acts;
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& entry) { return add_entry(acts, entry); }));
  return acts;
}

namespace {

std::string stored_line(const store::RevocationEvent& event) {
  return event_line(log_type(event.act), to_rfc3339(event.at), std::string(x509::to_string(event.reason)),
                    event.invalidity_date ? to_rfc3339(*event.invalidity_date) : std::string(), as_logged(event.remark),
                    as_logged(event.followed_by));
}

Result<std::vector<std::string>> events_of(store::Store& store, const std::string& id) {
  std::vector<std::string> lines;
  ANTIN_TRY(const auto events, store.revocations(id));
  for (const store::RevocationEvent& event : events) lines.push_back(stored_line(event));
  return lines;
}

Status read_adopted(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto taken, taken_holdings(store));
  for (const TakenHoldings& one : taken) acts.adopted[one.issuer] = one.digest;
  ANTIN_TRY(const auto listed, store.listed_serials());
  for (const store::ListedSerial& one : listed)
    acts.listed[one.issuer + "-" + one.serial.hex()] = stored_line(one.event) + to_rfc3339(one.not_after);
  return {};
}

Status read_certificates(store::Store& store, Time now, Acts& acts, std::set<std::string>& issuers) {
  return store.for_each_certificate({}, now, [&](const store::CertificateRecord& record) -> Status {
    const store::Succession followed = record.succession.value_or(store::Succession());
    acts.certificates[record.id] = certificate_line(to_hex(sha256(record.der)), followed.act, followed.predecessor);
    issuers.insert(record.issuer);
    ANTIN_TRY(auto events, events_of(store, record.id));
    if (!events.empty()) acts.revocations[record.id] = std::move(events);
    return {};
  });
}

// What a list is made of: every entry is of a certificate or serial that is there, and stays until its end.
Status read_revoked(store::Store& store, Time now, const std::string& issuer, Acts& acts) {
  return store.for_each_revoked(issuer, [&](const x509::CrlEntry& entry, Time not_after) -> Status {
    const std::string id = issuer + "-" + entry.serial.hex();
    if (acts.listed.contains(id)) return {};
    ANTIN_TRY(const auto record, store.certificate_by_serial(issuer, entry.serial, now));
    if (!record)
      acts.revocations[id];  // of no certificate: the log has none of it
    else if (record->not_after != not_after)
      acts.revocations[id].emplace_back("until " + to_rfc3339(not_after));
    return {};
  });
}

Status read_open(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto open, store.open_intents());
  for (const store::Intent& intent : open) {
    const store::Succession after = intent.succession.value_or(store::Succession());
    acts.open[intent.request_id] = intent_line(intent.issuer, intent.serial.hex(), intent.profile,
                                               to_hex(sha256(intent.tbs)), after.act, after.predecessor);
  }
  return {};
}

Status read_rosters(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto rosters, store.rosters());
  for (const store::RosterRecord& roster : rosters) {
    const std::string hash = to_hex(roster.hash);
    acts.rosters[hash] = std::to_string(roster.rows) + "|" + to_rfc3339(roster.submitted_at);
    ANTIN_TRY(const auto approvals, store.approvals(roster.hash));
    for (const store::Approval& approval : approvals) acts.approvals[hash].insert(approval_line(approval));
  }
  return {};
}

Status read_proposals(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto proposals, store.proposals());
  for (const store::ProposalRecord& proposal : proposals) {
    const std::string hash = to_hex(proposal.hash);
    acts.proposals[hash] = to_hex(sha256(proposal.content)) + "|" + to_rfc3339(proposal.at);
    if (proposal.of_ceremony) acts.proposals_of_ceremony.insert(hash);
  }
  ANTIN_TRY(const auto approvals, store.proposal_approvals());
  for (const store::Approval& approval : approvals)
    acts.approvals[to_hex(approval.subject_hash)].insert(approval_line(approval));
  return {};
}

Status read_incidents(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto incidents, store.incidents());
  for (const store::IncidentRecord& incident : incidents) {
    const std::string hash = to_hex(incident.hash);
    acts.incidents[hash] = to_hex(sha256(incident.content)) + "|" + to_rfc3339(incident.at);
    ANTIN_TRY(const auto approvals, store.approvals(incident.hash));
    for (const store::Approval& approval : approvals) acts.approvals[hash].insert(approval_line(approval));
    ANTIN_CHECK(
        for_each_certificate(store, incident.number, false, [&](const store::IncidentCertificate& one) -> Status {
          if (one.at) acts.outcomes[outcome_name(one.id, hash)] = one.outcome + "|" + to_rfc3339(*one.at);
          return {};
        }));
  }
  return {};
}

// Nothing binds whose it is and of which kind: those are our guesses.
bool as_in_certificate(const store::ForeignCertificate& one) {
  const auto certificate = x509::Certificate::from_der(one.der);
  return certificate && equal(certificate->issuer().der(), one.issuer) && certificate->serial() == one.serial &&
         certificate->subject().rfc4514() == one.subject && certificate->not_before() == one.not_before &&
         certificate->not_after() == one.not_after && equal(sha256(certificate->public_key_info()), one.key_hash);
}

std::string foreign_line(const store::ForeignCertificate& one) {
  std::string line = to_hex(sha256(one.der)) + "|";
  for (const store::Doubt& doubt : one.doubts) line += (line.ends_with('|') ? "" : ",") + doubt.rule;
  return as_in_certificate(one) ? line : line + "|other columns";
}

Status read_foreign(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto certificates, store.foreign_certificates());
  for (const store::ForeignCertificate& one : certificates) {
    acts.foreign[one.id] = foreign_line(one);
    for (const store::ForeignEvent& event : one.events)
      acts.foreign_events[one.id].push_back(event_line(
          log_type(event.act).substr(12), to_rfc3339(event.at), std::string(x509::to_string(event.reason)),
          event.invalidity_date ? to_rfc3339(*event.invalidity_date) : std::string(), to_hex(event.list_sha256)));
  }
  return {};
}

Status read_requests(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto requests, store.outside_requests());
  for (const store::OutsideRequest& one : requests) {
    acts.requests[one.id] = request_line(as_logged(one.authority), to_hex(sha256(one.request)),
                                         to_hex(sha256(one.content)), to_rfc3339(one.until));
    for (const store::OutsideRequest::Event& event : one.events)
      acts.request_events[one.id].push_back(
          outcome_line(log_type(event.state), to_rfc3339(event.at), event.certificate, as_logged(event.remark)));
  }
  return {};
}

Status read_tokens(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto tokens, store.personal_tokens());
  for (const store::PersonalToken& one : tokens) {
    acts.tokens[one.id] = token_line(as_logged(one.label), as_logged(one.subscriber), to_hex(sha256(one.content)),
                                     to_hex(sha256(one.escrow)));
    for (const store::PersonalToken::Event& event : one.events)
      acts.token_events[one.id].push_back(token_event_line(
          to_string(event.act), to_rfc3339(event.at), as_logged(event.serial),
          event.request.empty() ? "" : to_hex(sha256(event.request)), event.certificate, as_logged(event.remark)));
  }
  return {};
}

Status read_officer_ceremonies(store::Store& store, Acts& acts) {
  ANTIN_TRY(const auto ceremonies, officer_ceremonies(store));
  for (const KnownOfficerCeremony& one : ceremonies) {
    acts.officers[one.name] = to_hex(one.content_sha256);
    if (one.in_force) acts.officers[one.name + ", in force"] = "";
  }
  return {};
}

}  // namespace

Result<Acts> acts_in_store(store::Store& store, Time now, std::set<std::string> issuers) {
  Acts acts;
  ANTIN_CHECK(read_certificates(store, now, acts, issuers));
  ANTIN_CHECK(read_rosters(store, acts));
  ANTIN_CHECK(read_proposals(store, acts));
  ANTIN_CHECK(read_incidents(store, acts));
  ANTIN_CHECK(read_foreign(store, acts));
  ANTIN_CHECK(read_requests(store, acts));
  ANTIN_CHECK(read_tokens(store, acts));
  ANTIN_CHECK(read_adopted(store, acts));
  ANTIN_CHECK(read_officer_ceremonies(store, acts));
  ANTIN_CHECK(read_open(store, acts));
  ANTIN_TRY(const auto blocked, store.blocked_keys());
  for (const store::BlockedKey& key : blocked)
    acts.blocked[to_hex(key.key_hash)] = to_rfc3339(key.at) + "|" + as_logged(key.reason);
  ANTIN_TRY(const auto in_service, names_in_service(store));
  for (const std::string& issuer : in_service) acts.issuers[issuer] = "";
  for (const std::string& issuer : issuers) {
    ANTIN_CHECK(read_revoked(store, now, issuer, acts));
    ANTIN_TRY(const auto list, store.last_crl(issuer));
    if (list && !list->sha256.empty())
      acts.lists[issuer] = {list->number, to_hex(list->sha256) + "|" + std::to_string(list->entries)};
  }
  return acts;
}

}  // namespace antin::authority
