// `antin policy show`: what the law asks of the acts in a certificate's life, now or at --at.
#include <nlohmann/json.hpp>

#include "ca/policy/policy.h"
#include "cli/commands/command.h"

namespace antin::commands {
namespace {

struct NoOptions {};

void say_act(Session& session, const policy::Policy& policy, policy::Act act) {
  const policy::Rule& rule = policy.rule(act);
  const std::string name(policy::to_string(act));
  if (rule.longest_months) session.say("policy.longest", {name, std::to_string(*rule.longest_months)});
  if (rule.spread_days > 0) session.say("policy.spread", {name, std::to_string(rule.spread_days)});
  if (rule.by_managing_body) session.say("policy.body", {name});
  const bool by_day = rule.deadline.working_days > 0;
  session.say(by_day ? "policy.working_days" : "policy.hours",
              {name, std::to_string(by_day ? rule.deadline.working_days : rule.deadline.hours)});
}

void say_policy(Session& session, const policy::Policy& policy) {
  const auto day = [](Time time) { return to_rfc3339(time, vietnam_offset).substr(0, 10); };
  session.say(policy.until ? "policy.head" : "policy.head_open",
              {policy.name, policy.title, day(policy.from), policy.until ? day(*policy.until - days(1)) : ""});
  for (const policy::Act act : policy::all_acts) say_act(session, policy, act);
  if (policy.renewals_at_most) session.say("policy.renewals", {std::to_string(*policy.renewals_at_most)});
  if (policy.renewal_days_left > 0) session.say("policy.days_left", {std::to_string(policy.renewal_days_left)});
  if (policy.remind_days > 0) session.say("policy.remind", {std::to_string(policy.remind_days)});
  session.say(policy.suspension ? "policy.suspension" : "policy.no_suspension");
  for (const std::string& pointer : policy.unverified) session.say("policy.unverified", {pointer});
}

Result<ExitCode> show(Session& session, const NoOptions&) {
  ANTIN_TRY(const policy::Policy policy, policy::policy_at(session.now()));
  if (session.json)
    session.print(Json::parse(policy.text));
  else
    say_policy(session, policy);
  return exit_done;
}

}  // namespace

void add_policy(Command antin) {
  Command group = antin.group("policy");
  add_command<NoOptions>(group, "show", "policy.show", [](Command, NoOptions&) {}, show);
}

}  // namespace antin::commands
