// `antin roster diff`: a body's lists of two months become a roster of the acts between them.
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "ca/authority/roster_diff.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"
#include "cli/commands/roster_findings.h"

namespace antin::commands {
namespace {

struct DiffOptions {
  std::string before, after, out, requested_by;
  unsigned renew_within = 0;  // 0: nothing is renewed
};

Result<authority::Roster> read(const std::string& file) {
  ANTIN_TRY(const Bytes content, read_file(file));
  return in(file, authority::read_roster(content));
}

Result<ExitCode> refuse(Session& session, const authority::RosterDifference& difference) {
  Json refusals = Json::array();
  for (const authority::Finding& finding : difference.refusals) {
    const std::string message = finding_text(session, finding);
    session.say("roster.finding.error", {std::to_string(finding.row), finding.field, message});
    refusals.push_back({{"row", finding.row}, {"field", finding.field}, {"rule", finding.rule}, {"message", message}});
  }
  session.say("diff.refused", {std::to_string(difference.refusals.size())});
  if (session.json) session.print({{"refusals", refusals}});
  return exit_refused;
}

std::map<policy::Act, std::uint64_t> counts(const authority::Roster& roster) {
  std::map<policy::Act, std::uint64_t> count;
  for (const authority::Roster::Row& row : roster.rows) ++count[row.act];
  return count;
}

void tell(Session& session, const DiffOptions& options, const authority::RosterDifference& difference) {
  auto count = counts(difference.acts);
  const auto number = [&](policy::Act act) { return std::to_string(count[act]); };
  session.say("diff.summary",
              {difference.acts.name, number(policy::Act::issue), number(policy::Act::renew), number(policy::Act::rekey),
               number(policy::Act::change), number(policy::Act::revoke), std::to_string(difference.unchanged)});
  if (difference.without_certificate > 0)
    session.say("diff.without_certificate", {std::to_string(difference.without_certificate)});
  if (difference.acts.rows.empty())
    session.say("diff.nothing");
  else
    session.say(session.dry_run ? "diff.would_write" : "diff.written", {options.out});
  if (!session.json) return;
  session.print({{"file", difference.acts.rows.empty() ? "" : options.out},
                 {"name", difference.acts.name},
                 {"rows", difference.acts.rows.size()},
                 {"issue", count[policy::Act::issue]},
                 {"renew", count[policy::Act::renew]},
                 {"rekey", count[policy::Act::rekey]},
                 {"change", count[policy::Act::change]},
                 {"revoke", count[policy::Act::revoke]},
                 {"unchanged", difference.unchanged},
                 {"without_certificate", difference.without_certificate},
                 {"dry_run", session.dry_run}});
}

authority::DifferenceOptions wanted(const DiffOptions& options) {
  authority::DifferenceOptions made{.requested_by = options.requested_by};
  if (options.renew_within != 0) made.renew_within = days(options.renew_within);
  return made;
}

Result<ExitCode> diff(Session& session, const DiffOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const authority::Roster before, read(options.before));
  ANTIN_TRY(const authority::Roster after, read(options.after));
  ANTIN_TRY(const authority::RosterDifference difference,
            authority::roster_difference(home.context(session), before, after, wanted(options)));
  if (!difference.refusals.empty()) return refuse(session, difference);
  if (!session.dry_run && !difference.acts.rows.empty())
    ANTIN_CHECK(write_file(options.out, authority::roster_file(difference.acts)));
  tell(session, options, difference);
  return exit_done;
}

}  // namespace

void add_roster_diff(Command roster) {
  add_command<DiffOptions>(
      roster, "diff", "roster.diff",
      [](Command command, DiffOptions& options) {
        command.operand("OLD", options.before, "roster.diff.old").required();
        command.operand("NEW", options.after, "roster.diff.new").required();
        command.option("-o,--out", options.out, "roster.sample.out").required().value_name("FILE");
        command.option("--requested-by", options.requested_by, "roster.diff.requested_by").value_name("CODE");
        command.option("--renew-within", options.renew_within, "roster.diff.renew_within")
            .between(1, 3660)
            .value_name("DAYS");
      },
      diff);
}

}  // namespace antin::commands
