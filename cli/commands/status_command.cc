// `antin status`: what needs somebody's hands, now or soon; works with the daemon stopped and without any token.
#include <nlohmann/json.hpp>

#include "cli/commands/command.h"
#include "cli/commands/home_conditions.h"

namespace antin::commands {
namespace {

struct NoOptions {};

Json value_of(const Session& session, const Condition& one) {
  Json value = {{"what", one.what},
                {"of", one.of},
                {"need", to_string(one.need)},
                {"until", one.until ? Json(to_rfc3339(*one.until)) : Json(nullptr)},
                {"seconds_left", one.until ? Json((*one.until - session.now()).count()) : Json(nullptr)},
                {"message", session.text(one.message, one.arguments)}};
  return value;
}

Result<ExitCode> status(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const std::vector<Condition> conditions, home_conditions(session, home));
  std::size_t needs = 0;
  Json all = Json::array();
  for (const Condition& one : conditions) {
    if (one.need != Need::none) ++needs;
    session.say("status.line", {session.text("status.need." + std::string(to_string(one.need))),
                                session.text(one.message, one.arguments)});
    all.push_back(value_of(session, one));
  }
  session.say(needs == 0 ? "status.well" : "status.needs", {std::to_string(needs)});
  if (session.json)
    session.print({{"at", to_rfc3339(session.now())}, {"well", needs == 0}, {"needs", needs}, {"conditions", all}});
  return needs == 0 ? exit_done : exit_waiting;
}

}  // namespace

void add_status(Command antin) {
  add_command<NoOptions>(antin, "status", "status", [](Command, NoOptions&) {}, status);
}

}  // namespace antin::commands
