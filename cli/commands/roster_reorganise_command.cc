// `antin roster reorganise`: what becomes of bodies at one moment, as a roster of acts.
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "ca/reorganisation/plan.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"
#include "cli/commands/roster_findings.h"

namespace antin::commands {
namespace {

struct ReorganiseOptions {
  std::string mapping, out;
};

Json finding_value(const Session& session, const authority::Finding& finding) {
  return {{"line", finding.row},
          {"field", finding.field},
          {"rule", finding.rule},
          {"message", finding_text(session, finding)}};
}

Json findings_value(const Session& session, const std::vector<authority::Finding>& findings) {
  Json values = Json::array();
  for (const authority::Finding& finding : findings) values.push_back(finding_value(session, finding));
  return values;
}

Result<ExitCode> refuse(Session& session, const reorganisation::Plan& plan) {
  for (const authority::Finding& finding : plan.refusals)
    session.say("reorganise.finding", {std::to_string(finding.row), finding.field, finding_text(session, finding)});
  session.say("reorganise.refused", {std::to_string(plan.refusals.size())});
  if (session.json) session.print({{"refusals", findings_value(session, plan.refusals)}});
  return exit_refused;
}

void say_row(Session& session, const authority::Roster::Row& row, const reorganisation::Told& told) {
  const std::string number = std::to_string(row.row);
  const std::string reason = row.reason ? std::string(x509::to_string(*row.reason)) : std::string();
  switch (row.act) {
    case policy::Act::issue:
      return session.say("reorganise.issue", {number, row.code, told.after});
    case policy::Act::rekey:
      return session.say("reorganise.rekey", {number, row.code, told.before, told.after, reason});
    case policy::Act::revoke:
      if (!row.followed_by.empty())
        return session.say("reorganise.followed", {number, row.code, told.before, reason, row.followed_by});
      return session.say("reorganise.revoke", {number, row.code, told.before, reason});
    case policy::Act::renew:
    case policy::Act::change:
      break;
  }
  session.say("reorganise.change", {number, row.code, told.before, told.after, reason});
}

Json row_value(const authority::Roster::Row& row, const reorganisation::Told& told) {
  return {{"row", row.row},
          {"act", policy::to_string(row.act)},
          {"code", row.code},
          {"certificate", row.replaces},
          {"before", told.before},
          {"after", told.after},
          {"reason", row.reason ? std::string(x509::to_string(*row.reason)) : ""},
          {"followed_by", row.followed_by}};
}

std::string doubt_text(const Session& session, const reorganisation::Doubtful& one) {
  return session.text(one.doubt.rule, one.doubt.arguments);
}

Json plan_value(const Session& session, const reorganisation::Plan& plan) {
  std::map<policy::Act, std::uint64_t> count;
  Json acts = Json::array(), doubtful = Json::array();
  for (std::size_t i = 0; i < plan.acts.rows.size(); ++i) {
    ++count[plan.acts.rows[i].act];
    acts.push_back(row_value(plan.acts.rows[i], plan.told[i]));
  }
  for (const reorganisation::Doubtful& one : plan.doubtful)
    doubtful.push_back(
        {{"certificate", one.certificate}, {"rule", one.doubt.rule}, {"message", doubt_text(session, one)}});
  return {{"name", plan.acts.name},
          {"rows", plan.acts.rows.size()},
          {"issue", count[policy::Act::issue]},
          {"rekey", count[policy::Act::rekey]},
          {"change", count[policy::Act::change]},
          {"revoke", count[policy::Act::revoke]},
          {"acts", std::move(acts)},
          {"notes", findings_value(session, plan.notes)},
          {"doubtful", std::move(doubtful)},
          {"untouched", plan.untouched}};
}

void say_plan(Session& session, const reorganisation::Plan& plan, const Json& value) {
  for (std::size_t i = 0; i < plan.acts.rows.size(); ++i) say_row(session, plan.acts.rows[i], plan.told[i]);
  for (const authority::Finding& finding : plan.notes)
    session.say("reorganise.note", {std::to_string(finding.row), finding.field, finding_text(session, finding)});
  for (const reorganisation::Doubtful& one : plan.doubtful)
    session.say("reorganise.doubtful", {one.certificate, doubt_text(session, one)});
  const auto number = [&](const char* name) { return std::to_string(value.at(name).get<std::uint64_t>()); };
  session.say("reorganise.summary", {plan.acts.name, number("issue"), number("rekey"), number("change"),
                                     number("revoke"), std::to_string(plan.doubtful.size()),
                                     std::to_string(plan.untouched.size())});
}

Result<ExitCode> reorganise(Session& session, const ReorganiseOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const Bytes file, read_file(options.mapping));
  ANTIN_TRY(const reorganisation::Mapping mapping, in(options.mapping, reorganisation::read_mapping(file)));
  if (!session.dry_run && session.now() < mapping.at)
    return fail(ErrorCode::failed_precondition, "reorganisation: it takes effect at " +
                                                    to_rfc3339(mapping.at, vietnam_offset) +
                                                    ": before that, only --dry-run says what it would do");
  ANTIN_TRY(const units::Units units, units::lam_dong());
  ANTIN_TRY(const reorganisation::Plan plan, reorganisation::plan(home.context(session), mapping, units));
  if (!plan.refusals.empty()) return refuse(session, plan);
  const bool writes = !session.dry_run && !plan.acts.rows.empty();
  if (writes) ANTIN_CHECK(write_file(options.out, authority::roster_file(plan.acts)));
  Json value = plan_value(session, plan);
  value["file"] = plan.acts.rows.empty() ? "" : options.out;
  value["dry_run"] = session.dry_run;
  say_plan(session, plan, value);
  if (plan.acts.rows.empty())
    session.say("reorganise.nothing");
  else
    session.say(session.dry_run ? "diff.would_write" : "diff.written", {options.out});
  if (session.json) session.print(value);
  return exit_done;
}

}  // namespace

void add_roster_reorganise(Command roster) {
  add_command<ReorganiseOptions>(
      roster, "reorganise", "roster.reorganise",
      [](Command command, ReorganiseOptions& options) {
        command.operand("MAPPING", options.mapping, "roster.reorganise.mapping").required();
        command.option("-o,--out", options.out, "roster.sample.out").required().value_name("FILE");
      },
      reorganise);
}

}  // namespace antin::commands
