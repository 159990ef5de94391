#include "ca/authority/logged_act.h"

#include <nlohmann/json.hpp>

namespace antin::authority {

Result<LoggedAct> LoggedAct::read(const store::LogEntry& logged) {
  const auto entry = nlohmann::json::parse(text_of(logged.entry), nullptr, false);
  if (!entry.is_object())
    return fail(ErrorCode::data_loss, "log: entry " + std::to_string(logged.index) + " is no JSON object");
  LoggedAct act;
  for (const auto& [name, value] : entry.items())
    if (value.is_string()) act.members_.emplace(name, value.get<std::string>());
  return act;
}

std::string LoggedAct::text(const std::string& member) const {
  const auto found = members_.find(member);
  return found == members_.end() ? std::string() : found->second;
}

}  // namespace antin::authority
