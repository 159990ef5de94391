#include "cli/commands/session.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/messages.h"
#include "cli/words/words.h"

namespace antin::commands {

std::string Session::text(std::string_view id, const std::vector<std::string>& arguments) const {
  return to_text(messages(), id, language, arguments);
}

std::string Session::words(std::string_view error_message) const { return words::error_text(error_message, language); }

void Session::say(std::string_view id, const std::vector<std::string>& arguments) {
  if (!json) out_ << text(id, arguments) << '\n';
}

void Session::print(const Json& value) { out_ << value.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n'; }

const Clock& Session::clock() const {
  if (!at) return system_clock_;
  if (!fixed_clock_) fixed_clock_.emplace(*at);
  return *fixed_clock_;
}

std::string for_people(Time time) { return to_rfc3339(time, vietnam_offset); }

std::string for_people(const std::string& text) {
  const Result<Time> time = parse_rfc3339(text);
  return time ? for_people(*time) : text;
}

Language environment_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return antin::language(value).value_or(Language::en);
  }
  return Language::en;
}

}  // namespace antin::commands
