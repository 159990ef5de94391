#include "cli/commands/authority_jobs.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/turn.h"
#include "ca/store/store.h"
#include "cli/commands/exit_code.h"
#include "cli/wiring/disk_space.h"
#include "cli/wiring/publish.h"

namespace antin::commands {

Result<Json> issue_roster_job(Session& session, OpenHome& home, const OpenIssuers& issuers, const std::string& roster,
                              unsigned threads, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  ANTIN_TRY(store::RosterRecord record, find_roster(session, home, roster));
  ANTIN_CHECK(wiring::require_disk_space(session.home, home.config));
  // Two issuers of one roster would both begin with the same rows; the second finds them done.
  ANTIN_TRY(Turn turn, Turn::take(session.home.ca() / "issue.lock"));
  authority::IssuingPlan plan;
  for (const auto& [name, issuer] : issuers.issuers) plan.issuers[name] = issuer.get();
  plan.required_approvals = home.config.required_approvals;
  plan.threads = threads;
  Result<authority::IssueResult> issued = authority::issue_roster(home.context(session), record.hash, plan, progress);
  if (!issued) return fail(refused_by_policy(std::move(issued).error()));
  const authority::IssueResult& result = *issued;
  return Json{{"roster", to_hex(record.hash)},
              {"name", record.name},
              {"rows", record.rows},
              {"issued", result.issued},
              {"revoked", result.revoked},
              {"issued_before", result.issued_before},
              {"approvals_missing", result.approvals_missing}};
}

namespace {

// Beyond that a slip of the hand, or of a script, does too much to be undone; and one operator alone would give back
// what officers took (docs/decisions/0015).
constexpr std::size_t most_at_once = 100;

Result<x509::RevocationReason> reason_of(const RevokeJob& job) { return x509::revocation_reason(job.reason); }

// What the authority would refuse, for a dry run that writes nothing.
Status may_change(const authority::Context& context, const RevokeJob& job, const store::CertificateRecord& record) {
  const RevokeJob::Act act = job.act;
  const bool valid = record.status == store::CertificateStatus::valid;
  const bool suspended = record.status == store::CertificateStatus::suspended;
  const bool fits = act == RevokeJob::Act::revoke    ? valid || suspended
                    : act == RevokeJob::Act::suspend ? valid
                                                     : suspended;
  if (!fits)
    return fail(ErrorCode::failed_precondition,
                "certificate " + record.id + " is " + std::string(to_string(record.status)));
  if (act == RevokeJob::Act::revoke) return authority::may_revoke(record, job.requested_by, context.clock.now());
  return act == RevokeJob::Act::suspend ? authority::may_suspend(context, context.clock.now()) : Status();
}

Status revoke_one(Session& session, OpenHome& home, const RevokeJob& job, const std::string& id) {
  const authority::Context context = home.context(session);
  if (job.act == RevokeJob::Act::suspend) return authority::suspend(context, id, job.remark);
  if (job.act == RevokeJob::Act::resume) return authority::resume(context, id, job.remark);
  ANTIN_TRY(x509::RevocationReason reason, reason_of(job));
  std::optional<Time> since;
  if (!job.invalidity_date.empty()) {
    ANTIN_TRY(since, parse_rfc3339(job.invalidity_date));
  }
  return authority::revoke(context, id, reason, since, job.remark, job.requested_by);
}

}  // namespace

Result<Json> revoke_job(Session& session, OpenHome& home, const RevokeJob& job) {
  if (job.certificates.size() > most_at_once)
    return fail(ErrorCode::failed_precondition,
                "more than 100 certificates at once are an incident, which officers "
                "decide: see `antin incident create --help`");
  // All are found before the first is touched.
  std::vector<store::CertificateRecord> found;
  for (const std::string& which : job.certificates) {
    ANTIN_TRY(store::CertificateRecord record, home.store->certificate(which, session.now()));
    found.push_back(std::move(record));
  }
  Json done = Json::array();
  for (const store::CertificateRecord& record : found) {
    ANTIN_CHECK(in(record.id, session.dry_run ? may_change(home.context(session), job, record)
                                              : revoke_one(session, home, job, record.id)));
    ANTIN_TRY(store::CertificateRecord now, home.store->certificate(record.id, session.now()));
    done.push_back({{"id", now.id}, {"subject", now.subject}, {"status", to_string(now.status)}});
  }
  return Json{{"dry_run", session.dry_run}, {"certificates", done}};
}

Result<Json> build_crls_job(Session& session, OpenHome& home, const OpenIssuers& issuers, const std::string& issuer) {
  Json lists = Json::array();
  if (!issuer.empty()) ANTIN_CHECK(find_issuer(session, home, issuer));
  for (const auto& [name, signer] : issuers.issuers) {
    if (!issuer.empty() && issuer != name) continue;
    ANTIN_TRY(store::CrlRecord record,
              wiring::publish_crl(home.context(session), session.home, home.config, name, *signer));
    lists.push_back({{"issuer", name},
                     {"number", record.number},
                     {"this_update", to_rfc3339(record.this_update)},
                     {"next_update", to_rfc3339(record.next_update)},
                     {"entries", record.entries},
                     {"file", session.home.crl(name).string()}});
  }
  return Json{{"crls", lists}};
}

namespace {

Result<RevokeJob> revoke_request(const Json& request, RevokeJob::Act act) {
  RevokeJob job;
  job.act = act;
  job.certificates = request.at("certificates").get<std::vector<std::string>>();
  job.reason = request.value("reason", job.reason);
  job.invalidity_date = request.value("invalidity_date", "");
  job.requested_by = request.value("requested_by", "");
  job.remark = request.value("remark", "");
  return job;
}

Result<Json> do_request(Session& session, OpenHome& home, const OpenIssuers& issuers, const Json& request) {
  const std::string act = request.at("act").get<std::string>();
  if (act == "issue")
    return issue_roster_job(session, home, issuers, request.at("roster").get<std::string>(), 2,
                            [](std::uint64_t, std::uint64_t) {});
  if (act == "crl") return build_crls_job(session, home, issuers, request.value("issuer", ""));
  if (act == "incident") {
    ANTIN_TRY(Json done, run_incident_job(session, home, request.at("incident").get<std::string>(),
                                          [](std::uint64_t, std::uint64_t) {}));
    ANTIN_CHECK(publish_incident_job(session, home, issuers, done));
    return done;
  }
  if (act == "ping") return Json{{"version", wiring::version()}};
  for (auto [name, kind] : {std::pair{"revoke", RevokeJob::Act::revoke},
                            {"suspend", RevokeJob::Act::suspend},
                            {"resume", RevokeJob::Act::resume}}) {
    if (act != name) continue;
    ANTIN_TRY(RevokeJob job, revoke_request(request, kind));
    return revoke_job(session, home, job);
  }
  return fail(ErrorCode::invalid_argument, "authority: no act is named " + act);
}

Json error_value(const Error& error) {
  return {{"error", {{"code", to_string(error.code)}, {"message", error.message}}}};
}

}  // namespace

Json answer_request(Session& session, OpenHome& home, const OpenIssuers& issuers, const std::string& request) {
  try {
    Result<Json> answer = do_request(session, home, issuers, Json::parse(request));
    return answer ? *answer : error_value(answer.error());
  } catch (const nlohmann::json::exception& error) {
    return error_value({ErrorCode::invalid_argument, std::string("authority: request: ") + error.what()});
  }
}

}  // namespace antin::commands
