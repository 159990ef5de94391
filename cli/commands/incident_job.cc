// The running of an incident, on the spot or in `antin authority run`.
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/incident_history.h"
#include "cli/commands/authority_jobs.h"

namespace antin::commands {

using authority::IncidentState;

Result<Json> run_incident_job(Session& session, OpenHome& home, const std::string& incident,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  const authority::Context context = home.context(session);
  ANTIN_TRY(const IncidentState before, authority::find_incident(context, incident));
  const unsigned required = home.config.required_approvals;
  authority::IncidentRun done{.before = before.record.done + before.record.omitted,
                              .approvals_missing = before.approvals < required ? required - before.approvals : 0};
  if (!session.dry_run) {
    ANTIN_TRY(done, authority::run_incident(context, before.record.hash, {.required_approvals = required}, progress));
  }
  ANTIN_TRY(const IncidentState after, authority::find_incident(context, to_hex(before.record.hash)));
  ANTIN_TRY(const authority::IncidentHistory history, authority::incident_history(*home.store, after.record));
  return Json{{"incident", to_hex(after.record.hash)},
              {"name", after.incident.name},
              {"certificates", after.record.certificates},
              {"done", done.done},
              {"omitted", done.omitted},
              {"before", done.before},
              {"left", after.left()},
              {"approvals_missing", done.approvals_missing},
              {"crls", Json::array()},
              {"lists_due", history.lists_due()},
              {"dry_run", session.dry_run}};
}

Status publish_incident_job(Session& session, OpenHome& home, const OpenIssuers& issuers, Json& done) {
  Json due = Json::array();
  for (const Json& name : done.at("lists_due")) {
    const std::string issuer = name.get<std::string>();
    if (issuers.find(issuer) == nullptr) {
      due.push_back(name);
      continue;
    }
    ANTIN_TRY(const Json built, build_crls_job(session, home, issuers, issuer));
    for (const Json& one : built.at("crls")) done["crls"].push_back(one);
  }
  done["lists_due"] = std::move(due);
  return {};
}

}  // namespace antin::commands
