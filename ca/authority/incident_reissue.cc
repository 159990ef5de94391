#include "ca/authority/incident_reissue.h"

#include <algorithm>
#include <set>

#include "ca/authority/incident_steps.h"
#include "ca/authority/roster_json.h"

namespace antin::authority {
namespace {

using store::CertificateStatus;
using Whose = std::pair<std::string, std::string>;  // subscriber code, kind

// The reasons that a row may give (docs/formats/roster.md); for others the incident's run revokes.
bool is_reason_of_row(x509::RevocationReason reason) {
  using Reason = x509::RevocationReason;
  return reason == Reason::affiliation_changed || reason == Reason::superseded ||
         reason == Reason::cessation_of_operation || reason == Reason::privilege_withdrawn ||
         reason == Reason::key_compromise;
}

struct Losses {
  std::map<Whose, store::CertificateRecord> lost;  // of each the one in force, or the last one
  std::set<std::string> ids;                       // all of the incident
};

Result<Losses> read_losses(const Context& context, const Incident& incident) {
  const Time now = context.clock.now();
  Losses losses;
  ANTIN_CHECK(
      for_each_certificate(context.store, incident.number, false, [&](const store::IncidentCertificate& one) -> Status {
        losses.ids.insert(one.id);
        if (!one.obstacle.empty() && one.obstacle != compromised_obstacle) return {};
        ANTIN_TRY(store::CertificateRecord record, context.store.certificate(one.id, now));
        const bool counts = record.kind == "organisation" || record.kind == "personal" || record.kind == "device";
        if (!counts) return {};
        const auto [known, fresh] = losses.lost.try_emplace({record.subscriber, record.kind}, record);
        const auto rank = [](const store::CertificateRecord& of) {
          return std::pair(of.status == CertificateStatus::valid, of.not_before);
        };
        if (!fresh && rank(known->second) < rank(record)) known->second = std::move(record);
        return {};
      }));
  return losses;
}

// Who has a certificate in force beside those of the incident.
Result<std::set<Whose>> read_served(const Context& context, const Losses& losses) {
  std::set<Whose> served;
  ANTIN_CHECK(context.store.for_each_certificate({.status = CertificateStatus::valid}, context.clock.now(),
                                                 [&](const store::CertificateRecord& record) -> Status {
                                                   if (!losses.ids.contains(record.id))
                                                     served.emplace(record.subscriber, record.kind);
                                                   return {};
                                                 }));
  return served;
}

// The last row with fields of each subscriber who lost one.
Result<std::map<Whose, Roster::Row>> read_rows(const Context& context, const Losses& losses) {
  std::map<Whose, Roster::Row> rows;
  ANTIN_TRY(const auto rosters, context.store.rosters());
  for (const store::RosterRecord& roster : rosters)
    ANTIN_CHECK(context.store.for_each_row(roster.hash, 1, [&](const store::RosterRow& stored) -> Status {
      ANTIN_TRY(Roster::Row row, row_from_canonical(roster.format, stored.content));
      Whose whose{row.code, row.kind};
      if (!row.fields.empty() && losses.lost.contains(whose)) rows[std::move(whose)] = std::move(row);
      return {};
    }));
  return rows;
}

// What the row does: it follows a certificate in force; for one that has ended it issues anew.
void follow(Roster::Row& row, const store::CertificateRecord& lost, const Incident& incident) {
  row.act = policy::Act::issue;
  row.replaces.clear();
  row.reason.reset();
  row.invalidity_date.reset();
  if (lost.status != CertificateStatus::valid) return;
  row.act = policy::Act::rekey;
  row.replaces = lost.id;
  if (!is_reason_of_row(incident.reason)) return;
  row.reason = incident.reason;
  row.invalidity_date = incident.invalidity_date;
}

// False when the subscriber must bring a request first.
bool take_key(Roster::Row& row, const store::CertificateRecord& lost, const Incident& incident,
              const ReissueOptions& options) {
  row.request.clear();
  row.key_uri.clear();
  if (lost.key_location == "token") {
    if (row.key != "token" || !incident.selection.keys.empty()) row.key_spec = {};
    row.key = "token";
    return true;
  }
  const auto brought = options.requests.find(row.code);
  if (brought == options.requests.end()) return false;
  row.key = "csr";
  row.key_spec = {};
  row.request = brought->second;
  return true;
}

}  // namespace

Result<Reissue> reissue(const Context& context, const IncidentState& state, const ReissueOptions& options) {
  const Incident& incident = state.incident;
  if (incident.act != IncidentAct::revoke)
    return fail(ErrorCode::failed_precondition,
                "incident: what is not revoked has no invalidity date and no successor");
  ANTIN_TRY(const Losses losses, read_losses(context, incident));
  ANTIN_TRY(const std::set<Whose> served, read_served(context, losses));
  ANTIN_TRY(auto rows, read_rows(context, losses));
  Reissue made;
  made.roster.name = incident.name;
  made.roster.format = 2;
  for (const auto& [whose, lost] : losses.lost) {
    if (served.contains(whose)) {
      ++made.replaced;
      continue;
    }
    const auto found = rows.find(whose);
    if (found == rows.end()) {
      made.waiting.push_back({lost.id, lost.subscriber, lost.subject, "reissue.no_row"});
      continue;
    }
    Roster::Row row = std::move(found->second);
    follow(row, lost, incident);
    if (row.requested_by.empty()) row.requested_by = options.requested_by;
    if (!take_key(row, lost, incident, options)) {
      made.waiting.push_back({lost.id, lost.subscriber, lost.subject, "reissue.needs_request"});
      continue;
    }
    row.row = made.roster.rows.size() + 1;
    made.roster.rows.push_back(std::move(row));
  }
  return made;
}

}  // namespace antin::authority
