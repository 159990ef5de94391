// `antin roster check|submit|approve|issue|status|list`; `sample`, `diff` and `reorganise` are in files of their own.
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/roster_due.h"
#include "cli/commands/authority_jobs.h"
#include "cli/commands/command.h"
#include "cli/commands/officer_key.h"
#include "cli/commands/progress.h"
#include "cli/commands/roster_findings.h"
#include "cli/wiring/disk_space.h"
#include "cli/wiring/tokens.h"

namespace antin::commands {
namespace {

struct FileOptions {
  std::string file;
};
struct ApproveOptions {
  std::string roster, officer, token;
};
struct IssueOptions {
  std::string roster;
  unsigned threads = 2;
  bool via_authority = false;
};

Result<std::pair<authority::Roster, Sha256>> read(const std::string& file) {
  ANTIN_TRY(Bytes content, read_file(file));
  ANTIN_TRY(authority::Roster roster, in(file, authority::read_roster(content)));
  return std::pair{std::move(roster), sha256(content)};
}

Json finding_value(const Session& session, const authority::Finding& finding) {
  return {{"row", finding.row},
          {"field", finding.field},
          {"rule", finding.rule},
          {"severity", finding.error ? "error" : "warning"},
          {"message", finding_text(session, finding)}};
}

struct Checked {
  std::uint64_t errors = 0, warnings = 0;
  Json findings = Json::array();
};

Result<Checked> check_rows(Session& session, OpenHome& home, const authority::Roster& roster) {
  ANTIN_TRY(std::vector<authority::Finding> findings, authority::check_roster(home.context(session), roster));
  Checked checked;
  for (const authority::Finding& finding : findings) {
    (finding.error ? checked.errors : checked.warnings) += 1;
    checked.findings.push_back(finding_value(session, finding));
    session.say(finding.error ? "roster.finding.error" : "roster.finding.warning",
                {std::to_string(finding.row), finding.field, finding_text(session, finding)});
  }
  return checked;
}

Result<ExitCode> check_file(Session& session, const FileOptions& options, bool submits) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(auto file, read(options.file));
  ANTIN_TRY(Checked checked, check_rows(session, home, file.first));
  const std::string rows = std::to_string(file.first.rows.size());
  session.say("roster.checked",
              {file.first.name, rows, std::to_string(checked.errors), std::to_string(checked.warnings)});
  if (session.dry_run && checked.errors == 0 && submits) session.say("roster.would_submit", {file.first.name});
  if (session.json) {
    session.print({{"name", file.first.name},
                   {"rows", file.first.rows.size()},
                   {"errors", checked.errors},
                   {"warnings", checked.warnings},
                   {"findings", checked.findings}});
  }
  return checked.errors == 0 ? exit_done : exit_refused;
}

Result<ExitCode> check(Session& session, const FileOptions& options) { return check_file(session, options, false); }

bool wants_token(const authority::Roster& roster) {
  for (const authority::Roster::Row& row : roster.rows) {
    if (row.key == "token") return true;
  }
  return false;
}

Result<Bytes> submit_rows(Session& session, OpenHome& home, const authority::Roster& roster) {
  std::optional<wiring::Tokens> service;
  std::shared_ptr<hsm::Token> seals;
  if (wants_token(roster)) {
    ANTIN_TRY(service, wiring::open_service(session.home, home.config));
    ANTIN_TRY(seals, service->token("seals"));
  }
  Progress progress(session, session.text("progress.submit"));
  return authority::submit_roster(home.context(session), roster, seals.get(), progress.callback());
}

Result<ExitCode> submit(Session& session, const FileOptions& options) {
  if (session.dry_run) return check_file(session, options, true);
  ANTIN_TRY(OpenHome home, open_home(session, Access::write));
  ANTIN_CHECK(wiring::require_disk_space(session.home, home.config));
  ANTIN_TRY(const auto file, read(options.file));
  const std::string& name = file.first.name;
  const std::size_t rows = file.first.rows.size();
  // The authority checks the rows itself and refuses at the first finding; `roster check` and --dry-run list them all.
  Result<Bytes> hash = submit_rows(session, home, file.first);
  if (!hash) return fail(roster_refusal(session, home, file.first, std::move(hash).error()));
  ANTIN_CHECK(remember_roster_file(home, file.second, *hash));
  ANTIN_TRY(const store::RosterRecord record, home.store->roster(*hash));
  session.say(record.issued == record.rows ? "roster.submitted_before" : "roster.submitted",
              {name, std::to_string(rows), to_hex(*hash)});
  if (session.json)
    session.print({{"roster", to_hex(*hash)}, {"name", name}, {"rows", rows}, {"issued", record.issued}});
  return exit_done;
}

Result<ExitCode> approve(Session& session, const ApproveOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::write));
  ANTIN_TRY(store::RosterRecord roster, find_roster(session, home, options.roster));
  ANTIN_TRY(const store::CertificateRecord officer, find_officer(session, home, options.officer));
  if (session.dry_run) {
    session.say("roster.would_approve", {roster.name, officer.id});
    if (session.json) session.print({{"roster", to_hex(roster.hash)}, {"officer", officer.id}, {"dry_run", true}});
    return exit_done;
  }
  ANTIN_TRY(const OfficerKey opened, open_officer_key(session, home, officer.id, options.token));
  ANTIN_CHECK(
      in("approve " + roster.name, authority::approve(home.context(session), roster.hash, officer.id, *opened.key)));
  ANTIN_TRY(unsigned approvals, authority::valid_approvals(home.context(session), roster.hash));
  session.say("roster.approved",
              {roster.name, officer.id, std::to_string(approvals), std::to_string(home.config.required_approvals)});
  if (session.json) {
    session.print({{"roster", to_hex(roster.hash)},
                   {"officer", officer.id},
                   {"approvals", approvals},
                   {"required", home.config.required_approvals}});
  }
  return exit_done;
}

Result<Json> issue_here(Session& session, const IssueOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::write));
  ANTIN_TRY(store::RosterRecord roster, find_roster(session, home, options.roster));
  // Asked before a token is opened, so that waiting needs no PIN.
  ANTIN_TRY(unsigned approvals, authority::valid_approvals(home.context(session), roster.hash));
  const unsigned required = home.config.required_approvals;
  if (approvals < required || session.dry_run) {
    return Json{{"roster", to_hex(roster.hash)},
                {"name", roster.name},
                {"rows", roster.rows},
                {"issued", 0},
                {"revoked", 0},
                {"issued_before", roster.issued},
                {"approvals_missing", approvals < required ? required - approvals : 0}};
  }
  ANTIN_TRY(const std::vector<std::string> names, issuers_at_work(session, home));
  ANTIN_TRY(OpenIssuers issuers, open_issuers(session, home, names));
  Progress progress(session, session.text("progress.issue"));
  return issue_roster_job(session, home, issuers, to_hex(roster.hash), options.threads, progress.callback());
}

Result<ExitCode> issue(Session& session, const IssueOptions& options) {
  const Json request = {{"act", "issue"}, {"roster", options.roster}};
  Result<Json> answer =
      options.via_authority && !session.dry_run ? ask_authority(session, request) : issue_here(session, options);
  if (!answer) return fail(answer.error());
  if (session.dry_run) (*answer)["dry_run"] = true;
  if (options.via_authority && session.dry_run) say_would_ask(session, request, *answer);
  if (session.json) session.print(*answer);
  const Json& value = *answer;
  const unsigned missing = value.at("approvals_missing").get<unsigned>();
  if (missing != 0) {
    session.say("roster.waiting", {value.at("name").get<std::string>(), std::to_string(missing)});
    return exit_waiting;
  }
  const auto count = [&](const char* name) { return value.at(name).get<std::uint64_t>(); };
  const std::uint64_t issued = session.dry_run ? count("rows") - count("issued_before") : count("issued");
  session.say(session.dry_run ? "roster.would_issue" : "roster.issued",
              {value.at("name").get<std::string>(), std::to_string(issued), std::to_string(count("issued_before")),
               std::to_string(count("rows"))});
  const auto revoked = value.value("revoked", std::uint64_t{0});  // an older authority does not say it
  if (revoked > 0) session.say("roster.revoked", {value.at("name").get<std::string>(), std::to_string(revoked)});
  return exit_done;
}

Result<Json> roster_value(Session& session, OpenHome& home, const store::RosterRecord& roster) {
  ANTIN_TRY(unsigned approvals, authority::valid_approvals(home.context(session), roster.hash));
  const unsigned required = home.config.required_approvals;
  const char* state = roster.issued == roster.rows ? "issued"
                      : approvals < required       ? "waiting"
                      : roster.issued == 0         ? "approved"
                                                   : "issuing";
  return Json{{"roster", to_hex(roster.hash)},
              {"name", roster.name},
              {"state", state},
              {"rows", roster.rows},
              {"issued", roster.issued},
              {"approvals", approvals},
              {"required", required},
              {"submitted_at", to_rfc3339(roster.submitted_at)}};
}

void say_roster(Session& session, const Json& value) {
  session.say(
      "roster.line",
      {value.at("roster").get<std::string>().substr(0, 16), value.at("name").get<std::string>(),
       session.text("roster.state." + value.at("state").get<std::string>()),
       std::to_string(value.at("issued").get<std::uint64_t>()), std::to_string(value.at("rows").get<std::uint64_t>()),
       std::to_string(value.at("approvals").get<unsigned>()), std::to_string(value.at("required").get<unsigned>())});
}

Result<ExitCode> status(Session& session, const FileOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(store::RosterRecord roster, find_roster(session, home, options.file));
  ANTIN_TRY(Json value, roster_value(session, home, roster));
  ANTIN_TRY(const auto due, authority::roster_due(home.context(session), roster));
  if (due) value["due"] = {{"at", to_rfc3339(due->at)}, {"policy", due->policy}};
  if (session.json) session.print(value);
  say_roster(session, value);
  if (due)
    session.say(due->at < session.now() ? "roster.overdue" : "roster.due",
                {to_rfc3339(due->at, vietnam_offset), due->policy});
  return value.at("state") == "waiting" ? exit_waiting : exit_done;
}

struct NoOptions {};

Result<ExitCode> list(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(std::vector<store::RosterRecord> rosters, home.store->rosters());
  Json all = Json::array();
  for (const store::RosterRecord& roster : rosters) {
    ANTIN_TRY(Json value, roster_value(session, home, roster));
    say_roster(session, value);
    all.push_back(std::move(value));
  }
  if (session.json) session.print(all);
  return exit_done;
}

}  // namespace

void add_roster(Command antin) {
  Command group = antin.group("roster");
  auto file = [](Command command, FileOptions& options) {
    command.operand("FILE", options.file, "roster.file").required();
  };
  auto roster = [](Command command, FileOptions& options) {
    command.operand("ROSTER", options.file, "roster.roster").required();
  };
  add_roster_sample(group);
  add_roster_diff(group);
  add_roster_reorganise(group);
  add_command<FileOptions>(group, "check", "roster.check", file, check);
  add_command<FileOptions>(group, "submit", "roster.submit", file, submit);
  add_command<ApproveOptions>(
      group, "approve", "roster.approve",
      [](Command command, ApproveOptions& options) {
        command.operand("ROSTER", options.roster, "roster.roster").required();
        command.option("--officer", options.officer, "roster.officer").required().value_name("OFFICER");
        command.option("--token", options.token, "roster.officer_token").value_name("TOKEN");
      },
      approve);
  add_command<IssueOptions>(
      group, "issue", "roster.issue",
      [](Command command, IssueOptions& options) {
        command.operand("ROSTER", options.roster, "roster.roster").required();
        command.option("--threads", options.threads, "roster.threads").between(1, 64).show_default();
        command.flag("--via-authority", options.via_authority, "via_authority");
      },
      issue);
  add_command<FileOptions>(group, "status", "roster.status", roster, status);
  add_command<NoOptions>(group, "list", "roster.list", [](Command, NoOptions&) {}, list);
}

}  // namespace antin::commands
