// `antin incident create|show|approve|run|status|list`; `reissue` and `report` are in files of their own.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/key_block.h"
#include "ca/issuance/key_gate.h"
#include "cli/commands/authority_jobs.h"
#include "cli/commands/command.h"
#include "cli/commands/incident_selection.h"
#include "cli/commands/incident_value.h"
#include "cli/commands/key_proof.h"
#include "cli/commands/officer_key.h"
#include "cli/commands/progress.h"
#include "cli/commands/say_error.h"

namespace antin::commands {
namespace {

using authority::IncidentState;

struct NoOptions {};
struct WhichOptions {
  std::string incident;
};
struct CreateOptions {
  std::string name, description, act = "revoke", reason, invalidity_date, deadline, found, proof;
  std::vector<std::string> select;
  bool reissue = false, anew = false;
};
struct ApproveOptions {
  std::string incident, officer, token;
};
struct RunOptions {
  std::string incident;
  bool without_lists = false, via_authority = false;
};

// ---- create

Result<x509::RevocationReason> reason_of(const CreateOptions& options) {
  if (options.act == "suspend") return x509::RevocationReason::certificate_hold;
  if (options.act == "resume") return x509::RevocationReason::unspecified;
  if (options.reason.empty() && !options.proof.empty()) return x509::RevocationReason::key_compromise;
  return x509::revocation_reason(options.reason);
}

// What goes with what; empty when all is well.
std::string misuse(const CreateOptions& options) {
  if (options.select.empty() && options.proof.empty()) return "one of --select and --proof is required";
  if (options.act != "revoke" && !options.reason.empty()) return "--reason does not go with --act " + options.act;
  // The proof blocks the key: nothing that has it comes back.
  if (options.act == "resume" && !options.proof.empty()) return "--proof does not go with --act resume";
  if (options.act == "revoke" && options.reason.empty() && options.proof.empty()) return "--reason is required";
  if (const auto span = read_time_to_act(options.deadline); !span) return span.error().message;
  return "";
}

authority::IncidentAct act_of(const CreateOptions& options) {
  if (options.act == "resume") return authority::IncidentAct::resume;
  return options.act == "suspend" ? authority::IncidentAct::suspend : authority::IncidentAct::revoke;
}

Result<authority::IncidentDraft> draft_of(Session& session, OpenHome& home, const CreateOptions& options) {
  authority::IncidentDraft draft;
  draft.name = options.name;
  draft.description = options.description;
  draft.act = act_of(options);
  draft.reissue = options.reissue;
  draft.anew = options.anew;
  ANTIN_TRY(draft.reason, reason_of(options));
  ANTIN_TRY(draft.time_to_act, read_time_to_act(options.deadline));
  ANTIN_TRY(draft.selection, read_selection(session, home, options.select));
  if (!options.invalidity_date.empty()) {
    ANTIN_TRY(draft.invalidity_date, in("--invalidity-date", parse_rfc3339(options.invalidity_date)));
  }
  if (!options.found.empty()) {
    ANTIN_TRY(draft.found_at, in("--found", parse_rfc3339(options.found)));
  }
  return draft;
}

Json hit_value(const Session& session, const authority::IncidentHit& hit) {
  Json value = {{"id", hit.id},           {"subject", hit.subject},       {"kind", hit.kind},
                {"profile", hit.profile}, {"subscriber", hit.subscriber}, {"status", to_string(hit.status)}};
  if (!hit.obstacle.empty()) {
    value["rule"] = hit.obstacle;
    value["message"] = session.text(hit.obstacle);
  }
  return value;
}

Json made_value(const Session& session, const authority::CreatedIncident& made) {
  const authority::Incident& incident = made.incident;
  return {{"incident", to_hex(made.hash)},
          {"number", incident.number},
          {"name", incident.name},
          {"selection", selection_words(incident.selection)},
          {"act", to_string(incident.act)},
          {"reason", x509::to_string(incident.reason)},
          {"deadline", to_rfc3339(incident.deadline)},
          {"certificates", incident.certificates.count},
          {"left_out", incident.left_out.count},
          {"revoked_before", incident.revoked_before},
          {"expired_before", incident.expired_before},
          {"known", made.known},
          {"dry_run", session.dry_run}};
}

void say_made(Session& session, const std::string& id, const authority::Incident& incident) {
  session.say(id, {std::to_string(incident.number), incident.name, std::to_string(incident.certificates.count),
                   for_people(incident.deadline)});
  session.say("incident.beside", {std::to_string(incident.left_out.count), std::to_string(incident.revoked_before),
                                  std::to_string(incident.expired_before)});
}

// Every certificate that would be hit, and every one that cannot be.
Result<ExitCode> foresee(Session& session, OpenHome& home, const authority::IncidentDraft& draft) {
  const authority::Context context = home.context(session);
  ANTIN_TRY(const authority::IncidentHits hits, authority::select_certificates(context, draft.selection, draft.act));
  ANTIN_TRY(const authority::CreatedIncident made, authority::foresee_incident(context, draft, hits));
  Json value = made_value(session, made);
  value["hits"] = Json::array();
  for (const authority::IncidentHit& hit : hits.hits) {
    if (hit.obstacle.empty())
      session.say("incident.hit", {hit.id, hit.subject});
    else
      session.say("incident.left_out", {hit.id, session.text(hit.obstacle), hit.subject});
    if (session.json) value["hits"].push_back(hit_value(session, hit));
  }
  say_made(session, made.known ? "incident.created_before" : "incident.would_create", made.incident);
  if (session.json) session.print(value);
  return exit_done;
}

Result<ExitCode> create(Session& session, const CreateOptions& options) {
  if (const std::string wrong = misuse(options); !wrong.empty()) return say_usage_error(session, wrong);
  std::optional<Bytes> key;
  if (!options.proof.empty()) {
    ANTIN_TRY(key, read_key_file(options.proof, proven_key));
  }
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(authority::IncidentDraft draft, draft_of(session, home, options));
  if (key) draft.selection.key_hashes.push_back(issuance::key_hash(*key));
  if (session.dry_run) return foresee(session, home, draft);
  ANTIN_TRY(const authority::CreatedIncident made, authority::create_incident(home.context(session), draft));
  // The proof is enough for that: nobody gets a certificate for the key while officers decide.
  if (key) ANTIN_CHECK(authority::block_key(home.context(session), *key, "incident " + made.incident.name));
  say_made(session, made.known ? "incident.created_before" : "incident.created", made.incident);
  session.say("incident.hash", {to_hex(made.hash)});
  if (session.json) session.print(made_value(session, made));
  return exit_waiting;
}

// ---- show, status, list

Json entry_value(const Session& session, const authority::IncidentEntry& entry) {
  Json value = hit_value(session, entry.hit);
  if (entry.at) {
    value["outcome"] = entry.outcome;
    value["at"] = to_rfc3339(*entry.at);
  }
  return value;
}

void say_entry(Session& session, const authority::IncidentEntry& entry) {
  const authority::IncidentHit& hit = entry.hit;
  if (!hit.obstacle.empty())
    session.say("incident.left_out", {hit.id, session.text(hit.obstacle), hit.subject});
  else if (!entry.at)
    session.say("incident.hit", {hit.id, hit.subject});
  else if (entry.outcome == "done")
    session.say("incident.hit_done", {hit.id, for_people(*entry.at), hit.subject});
  else
    session.say("incident.hit_found", {hit.id, session.text("cert.status." + entry.outcome), hit.subject});
}

Result<ExitCode> show(Session& session, const WhichOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const IncidentState state, authority::find_incident(home.context(session), options.incident));
  ANTIN_TRY(Json value, incident_value(session, home, state));
  say_incident(session, value);
  say_incident_details(session, value);
  value["content"] = Json::parse(text_of(state.record.content));
  value["list"] = Json::array();
  ANTIN_CHECK(authority::for_each_entry(*home.store, state.incident, session.now(), [&](const auto& entry) -> Status {
    say_entry(session, entry);
    if (session.json) value["list"].push_back(entry_value(session, entry));
    return {};
  }));
  if (session.json) session.print(value);
  return exit_done;
}

Result<ExitCode> status(Session& session, const WhichOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const IncidentState state, authority::find_incident(home.context(session), options.incident));
  ANTIN_TRY(const Json value, incident_value(session, home, state));
  say_incident(session, value);
  say_incident_details(session, value);
  if (session.json) session.print(value);
  return value.at("stage") == "waiting" ? exit_waiting : exit_done;
}

Result<ExitCode> list(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const auto all, authority::read_incidents(home.context(session)));
  Json values = Json::array();
  for (const IncidentState& state : all) {
    ANTIN_TRY(Json value, incident_value(session, home, state));
    say_incident(session, value);
    values.push_back(std::move(value));
  }
  if (session.json) session.print(values);
  return exit_done;
}

// ---- approve

Result<ExitCode> approve(Session& session, const ApproveOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const IncidentState state, authority::find_incident(home.context(session), options.incident));
  ANTIN_TRY(const store::CertificateRecord officer, find_officer(session, home, options.officer));
  const std::string& name = state.incident.name;
  if (session.dry_run) {
    session.say("incident.would_approve", {name, officer.id, std::to_string(state.incident.certificates.count)});
    if (session.json)
      session.print({{"incident", to_hex(state.record.hash)}, {"officer", officer.id}, {"dry_run", true}});
    return exit_done;
  }
  ANTIN_TRY(const OfficerKey opened, open_officer_key(session, home, officer.id, options.token));
  ANTIN_TRY(const unsigned approvals,
            in("approve " + name,
               authority::approve_incident(home.context(session), state.record.hash, officer.id, *opened.key)));
  const unsigned required = home.config.required_approvals;
  session.say("incident.approved", {name, officer.id, std::to_string(approvals), std::to_string(required),
                                    std::to_string(state.incident.certificates.count)});
  if (session.json)
    session.print({{"incident", to_hex(state.record.hash)},
                   {"officer", officer.id},
                   {"approvals", approvals},
                   {"required", required}});
  return exit_done;
}

// ---- run

Result<Json> run_here(Session& session, const RunOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  Progress progress(session, session.text("progress.incident"));
  ANTIN_TRY(Json done, run_incident_job(session, home, options.incident, progress.callback()));
  progress.finish();
  const auto due = done.at("lists_due").get<std::vector<std::string>>();
  if (session.dry_run || options.without_lists || due.empty() || done.at("left") != 0) return done;
  ANTIN_TRY(const OpenIssuers issuers, open_issuers(session, home, due));
  ANTIN_CHECK(publish_incident_job(session, home, issuers, done));
  return done;
}

Result<ExitCode> run(Session& session, const RunOptions& options) {
  const Json request = {{"act", "incident"}, {"incident", options.incident}};
  Result<Json> answer =
      options.via_authority && !session.dry_run ? ask_authority(session, request) : run_here(session, options);
  if (!answer) return fail(answer.error());
  Json& value = *answer;
  if (options.via_authority && session.dry_run) say_would_ask(session, request, value);
  if (session.json) session.print(value);
  const auto count = [&](const char* name) { return std::to_string(value.at(name).get<std::uint64_t>()); };
  const std::string name = value.at("name").get<std::string>();
  if (value.at("approvals_missing") != 0) {
    session.say("incident.waiting", {name, count("approvals_missing")});
    return exit_waiting;
  }
  session.say(session.dry_run ? "incident.would_run" : "incident.ran",
              {name, count(session.dry_run ? "left" : "done"), count("omitted"), count("before")});
  for (const Json& one : value.at("crls"))
    session.say(
        "crl.built",
        {one.at("issuer").get<std::string>(), std::to_string(one.at("number").get<std::uint64_t>()),
         std::to_string(one.at("entries").get<std::uint64_t>()), for_people(one.at("next_update").get<std::string>())});
  for (const Json& issuer : value.at("lists_due")) session.say("incident.list_due", {issuer.get<std::string>()});
  return exit_done;
}

void add_create(Command group) {
  add_command<CreateOptions>(
      group, "create", "incident.create",
      [](Command command, CreateOptions& options) {
        command.operand("NAME", options.name, "incident.name").required();
        command.option("--select", options.select, "incident.select").value_name("NAME=VALUE");
        command.option("--proof", options.proof, "incident.proof").value_name("FILE");
        command.option("--act", options.act, "incident.act").one_of({"revoke", "suspend", "resume"}).show_default();
        command.option("--reason", options.reason, "cert.reason")
            .one_of({"unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation",
                     "privilegeWithdrawn", "cACompromise", "aACompromise"});
        command.option("--invalidity-date", options.invalidity_date, "cert.invalidity_date").value_name("TIME");
        command.flag("--reissue", options.reissue, "incident.reissue");
        command.option("--deadline", options.deadline, "incident.deadline").required().value_name("24h|5d");
        command.option("--found", options.found, "incident.found").value_name("TIME");
        command.option("--description", options.description, "incident.description");
        command.flag("--anew", options.anew, "incident.anew");
      },
      create);
}

}  // namespace

void add_incident(Command antin) {
  Command group = antin.group("incident");
  const auto which = [](Command command, WhichOptions& options) {
    command.operand("INCIDENT", options.incident, "incident.which").required();
  };
  add_create(group);
  add_command<WhichOptions>(group, "show", "incident.show", which, show);
  add_command<ApproveOptions>(
      group, "approve", "incident.approve",
      [](Command command, ApproveOptions& options) {
        command.operand("INCIDENT", options.incident, "incident.which").required();
        command.option("--officer", options.officer, "roster.officer").required().value_name("OFFICER");
        command.option("--token", options.token, "roster.officer_token").value_name("TOKEN");
      },
      approve);
  add_command<RunOptions>(
      group, "run", "incident.run",
      [](Command command, RunOptions& options) {
        command.operand("INCIDENT", options.incident, "incident.which").required();
        command.flag("--without-lists", options.without_lists, "incident.without_lists");
        command.flag("--via-authority", options.via_authority, "via_authority");
      },
      run);
  add_command<WhichOptions>(group, "status", "incident.status", which, status);
  add_incident_reissue(group);
  add_incident_report(group);
  add_command<NoOptions>(
      group, "list", "incident.list", [](Command, NoOptions&) {}, list);
}

}  // namespace antin::commands
