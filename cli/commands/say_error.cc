#include "cli/commands/say_error.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/words/words.h"

namespace antin::commands {
namespace {

void say(Session& session, const Json& error) {
  if (session.json) {
    session.print({{"error", error}});
    return;
  }
  session.err() << session.text("error.line", {error.at("message").get<std::string>()}) << '\n'
                << session.text("error.hint", {error.at("hint").get<std::string>()}) << '\n';
}

}  // namespace

Json error_value(const Session& session, const Error& error) {
  return {
      {"code", to_string(error.code)}, {"message", session.words(error.message)}, {"hint", session.text(hint(error))}};
}

ExitCode say_error(Session& session, const Error& error) {
  say(session, error_value(session, error));
  return exit_code(error);
}

ExitCode say_usage_error(Session& session, const std::string& message) {
  say(session, {{"code", "usage"}, {"message", session.words(message)}, {"hint", session.text("hint.usage")}});
  return exit_usage;
}

}  // namespace antin::commands
