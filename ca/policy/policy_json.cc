#include <nlohmann/json.hpp>

#include "ca/policy/policy.h"

namespace antin::policy {
namespace {

using Json = nlohmann::json;

// Midnight in Vietnam, where the law is in force.
Result<Time> day(const std::string& text) { return parse_rfc3339(text + "T00:00:00+07:00"); }

Rule rule_of(const Json& json) {
  Rule rule;
  if (json.contains("longest_months")) rule.longest_months = json.at("longest_months").get<unsigned>();
  rule.by_managing_body = json.value("by_managing_body", false);
  rule.spread_days = json.value("spread_days", 0U);
  const Json& deadline = json.at("deadline");
  rule.deadline = {deadline.value("working_days", 0U), deadline.value("hours", 0U)};
  return rule;
}

}  // namespace

Result<Policy> Policy::from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Policy policy;
    policy.text = text;
    json.at("name").get_to(policy.name);
    json.at("title").get_to(policy.title);
    ANTIN_TRY(policy.from, day(json.at("from").get<std::string>()));
    if (json.contains("until")) {
      ANTIN_TRY(policy.until, day(json.at("until").get<std::string>()));
    }
    for (const Act act : all_acts)
      policy.rules_[static_cast<std::size_t>(act)] = rule_of(json.at("acts").at(std::string(to_string(act))));
    const Json& renewal = json.at("renewal");
    if (renewal.contains("at_most")) policy.renewals_at_most = renewal.at("at_most").get<unsigned>();
    policy.renewal_days_left = renewal.value("days_left", 0U);
    policy.remind_days = renewal.value("remind_days", 0U);
    policy.suspension = json.value("suspension", false);
    json.at("unverified").get_to(policy.unverified);
    return policy;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::invalid_argument, "policy: " + std::string(error.what()));
  }
}

}  // namespace antin::policy
