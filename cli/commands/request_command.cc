// `antin request collect|refuse|list`: certificates that are asked for at another authority; `export` is in a file of
// its own, and `cert import` brings the answers.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/foreign/requests.h"
#include "cli/commands/calendar_span.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"
#include "cli/commands/request_row.h"
#include "cli/commands/roster_findings.h"
#include "cli/commands/say_error.h"

namespace antin::commands {
namespace {

struct CollectOptions {
  std::string file, authority, within = "90d";
};
struct RefuseOptions {
  std::vector<std::string> requests;
  std::string remark;
};
struct ListOptions {
  std::string state, authority;
};

Json ids(const std::vector<store::OutsideRequest>& requests) {
  Json all = Json::array();
  for (const store::OutsideRequest& one : requests) all.push_back(one.id);
  return all;
}

Result<ExitCode> collect(Session& session, const CollectOptions& options) {
  const auto span = read_calendar_span(options.within);
  if (!span) return say_usage_error(session, span.error().message);
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const Bytes content, read_file(options.file));
  ANTIN_TRY(const authority::Roster roster, in(options.file, authority::read_roster(content)));
  ANTIN_TRY(const std::string authority, in("request", to_nfc(options.authority)));
  ANTIN_TRY(const foreign::Collected collected,
            foreign::collect_requests(home.context(session), roster, authority, after(session.now(), *span),
                                      session.dry_run));
  std::uint64_t errors = 0;
  Json findings = Json::array();
  for (const authority::Finding& finding : collected.findings) {
    const std::string text = finding_text(session, finding);
    errors += finding.error ? 1 : 0;
    session.say(finding.error ? "roster.finding.error" : "roster.finding.warning",
                {std::to_string(finding.row), finding.field, text});
    findings.push_back({{"row", finding.row},
                        {"field", finding.field},
                        {"rule", finding.rule},
                        {"severity", finding.error ? "error" : "warning"},
                        {"message", text}});
  }
  const char* said = errors != 0       ? "request.refused_file"
                     : session.dry_run ? "request.would_collect"
                                       : "request.collected";
  session.say(said, {std::to_string(errors != 0 ? errors : collected.taken.size()), authority,
                     std::to_string(collected.known.size())});
  if (session.json)
    session.print({{"authority", authority},
                   {"collected", ids(collected.taken)},
                   {"known", ids(collected.known)},
                   {"errors", errors},
                   {"findings", findings},
                   {"dry_run", session.dry_run}});
  return errors == 0 ? exit_done : exit_refused;
}

Result<ExitCode> refuse(Session& session, const RefuseOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  if (!session.dry_run) ANTIN_CHECK(foreign::refuse_requests(home.context(session), options.requests, options.remark));
  session.say(session.dry_run ? "request.would_refuse" : "request.refused", {std::to_string(options.requests.size())});
  if (session.json) session.print({{"refused", options.requests}, {"dry_run", session.dry_run}});
  return exit_done;
}

Result<ExitCode> list(Session& session, const ListOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const auto rows, request_rows(*home.store, session.now(), options.state, options.authority));
  Json all = Json::array();
  for (const RequestRow& row : rows) {
    Json value = request_value(row, session.now());
    session.say("request.line", {row.request.id, session.text("request.state." + std::string(to_string(row.state))),
                                 row.row.code, value.at("name").get<std::string>(), row.request.authority});
    all.push_back(std::move(value));
  }
  session.say("request.count", {std::to_string(rows.size())});
  if (session.json) session.print(all);
  return exit_done;
}

}  // namespace

void add_request(Command antin) {
  Command group = antin.group("request");
  add_command<CollectOptions>(
      group, "collect", "request.collect",
      [](Command command, CollectOptions& options) {
        command.operand("FILE", options.file, "request.file").required();
        command.option("--authority", options.authority, "request.authority").required().value_name("NAME");
        command.option("--within", options.within, "request.within").value_name("90d|12w|6m|1y").show_default();
      },
      collect);
  add_request_export(group);
  add_command<RefuseOptions>(
      group, "refuse", "request.refuse",
      [](Command command, RefuseOptions& options) {
        command.operand("REQUEST", options.requests, "request.request").required();
        command.option("--remark", options.remark, "request.remark").required();
      },
      refuse);
  add_command<ListOptions>(
      group, "list", "request.list",
      [](Command command, ListOptions& options) {
        command.option("--state", options.state, "request.state")
            .one_of({"collected", "exported", "issued", "refused", "expired"});
        command.option("--authority", options.authority, "request.only_authority").value_name("NAME");
      },
      list);
}

}  // namespace antin::commands
