// `antin incident report`: what happened, for the regulator: JSON with every certificate, and a page to sign.
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/encoding.h"
#include "base/file.h"
#include "ca/authority/incident_reissue.h"
#include "cli/commands/command.h"
#include "cli/commands/incident_page.h"
#include "cli/commands/incident_value.h"
#include "signer/page/print.h"

namespace antin::commands {
namespace {

struct ReportOptions {
  std::string incident, out;
  bool force = false;
};

// Certificates of one issuer, kind, profile and kind of key.
struct Group {
  std::uint64_t certificates = 0, done = 0;
};
using Groups = std::map<std::tuple<std::string, std::string, std::string, std::string>, Group>;

Json groups_value(const Groups& groups) {
  Json all = Json::array();
  for (const auto& [of, group] : groups)
    all.push_back({{"issuer", std::get<0>(of)},
                   {"kind", std::get<1>(of)},
                   {"profile", std::get<2>(of)},
                   {"key", std::get<3>(of)},
                   {"certificates", group.certificates},
                   {"done", group.done}});
  return all;
}

// Why a certificate of the incident is not ended by it; empty when it is.
std::string why_not(const Session& session, const authority::IncidentEntry& entry) {
  if (!entry.hit.obstacle.empty()) return session.text(entry.hit.obstacle);
  if (!entry.at) return session.text("incident.open");
  return entry.outcome == "done" ? "" : session.text("incident.found." + entry.outcome);
}

Json entry_value(const authority::IncidentEntry& entry) {
  Json value = {{"id", entry.hit.id},
                {"subject", entry.hit.subject},
                {"subscriber", entry.hit.subscriber},
                {"kind", entry.hit.kind},
                {"profile", entry.hit.profile},
                {"key", entry.key},
                {"status", to_string(entry.hit.status)}};
  if (!entry.hit.obstacle.empty()) value["rule"] = entry.hit.obstacle;
  if (entry.at) {
    value["outcome"] = entry.outcome;
    value["at"] = to_rfc3339(*entry.at);
  }
  return value;
}

Status add_entries(Session& session, OpenHome& home, const authority::Incident& incident, Json& report) {
  Groups groups;
  report["list"] = Json::array();
  report["not_ended"] = Json::array();
  ANTIN_CHECK(authority::for_each_entry(*home.store, incident, session.now(), [&](const auto& entry) -> Status {
    report["list"].push_back(entry_value(entry));
    if (const std::string why = why_not(session, entry); !why.empty())
      report["not_ended"].push_back({{"id", entry.hit.id}, {"subject", entry.hit.subject}, {"message", why}});
    if (!entry.hit.obstacle.empty()) return {};
    Group& group = groups[{entry.issuer, entry.hit.kind, entry.hit.profile, entry.key}];
    ++group.certificates;
    if (entry.outcome == "done") ++group.done;
    return {};
  }));
  report["groups"] = groups_value(groups);
  return {};
}

Result<Json> report_value(Session& session, OpenHome& home, const authority::IncidentState& state) {
  ANTIN_TRY(Json report, incident_value(session, home, state));
  ANTIN_TRY(const auto history, authority::incident_history(*home.store, state.record));
  report["format"] = "antin-incident-report-1";
  report["made_at"] = to_rfc3339(session.now());
  report["list_sha256"] = state.incident.certificates.sha256;
  report["approved_by"] = Json::array();
  for (const auto& approval : history.approvals)
    report["approved_by"].push_back(
        {{"officer", approval.officer}, {"subject", approval.subject}, {"at", to_rfc3339(approval.at)}});
  if (state.incident.reissue) {
    ANTIN_TRY(const authority::Reissue made, authority::reissue(home.context(session), state, {}));
    report["replaced"] = made.replaced;
  }
  report["content"] = Json::parse(text_of(state.record.content));
  ANTIN_CHECK(add_entries(session, home, state.incident, report));
  return report;
}

Status require_free(const Path& file, bool force) {
  std::error_code error;
  if (force || !std::filesystem::exists(file, error)) return {};
  return fail(ErrorCode::already_exists, "report: " + file.string() + " is there: name another place, or give --force");
}

// `x.json` alone; else the same name with `.json` and `.pdf`.
Result<ExitCode> report(Session& session, const ReportOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const authority::IncidentState state, authority::find_incident(home.context(session), options.incident));
  ANTIN_TRY(const Json value, report_value(session, home, state));
  const Path out(options.out);
  const bool printed = out.extension() != ".json";
  const Path base = out.extension() == ".pdf" || !printed ? Path(out).replace_extension() : out;
  const Path json(base.string() + ".json"), pdf(base.string() + ".pdf");
  const std::string content = value.dump() + "\n", digest = to_hex(sha256(bytes_of(content)));
  Bytes page;
  ANTIN_CHECK(require_free(json, options.force));
  if (printed) {
    ANTIN_CHECK(require_free(pdf, options.force));
    ANTIN_TRY(page, in("report",
                       page::print(incident_page(session, value, json.filename().string(), digest, session.now()))));
  }
  if (!session.dry_run) ANTIN_CHECK(write_file(json, content));
  if (!session.dry_run && printed) ANTIN_CHECK(write_file(pdf, page));
  for (const Path& file : {json, pdf})
    if (file == json || printed)
      session.say(session.dry_run ? "report.would_write" : "report.written", {file.string()});
  Json said = {{"json", json.string()}, {"sha256", digest}};
  if (printed) said["pdf"] = pdf.string();
  said["dry_run"] = session.dry_run;
  if (session.json) session.print(said);
  return exit_done;
}

}  // namespace

void add_incident_report(Command incident) {
  add_command<ReportOptions>(
      incident, "report", "incident.report",
      [](Command command, ReportOptions& options) {
        command.operand("INCIDENT", options.incident, "incident.which").required();
        command.option("-o,--out", options.out, "incident.out").required().value_name("FILE");
        command.flag("--force", options.force, "form.force");
      },
      report);
}

}  // namespace antin::commands
