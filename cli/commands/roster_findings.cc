#include "cli/commands/roster_findings.h"

namespace antin::commands {

// Its arguments may be messages of errors: why a key or a name is refused.
std::string finding_text(const Session& session, const authority::Finding& finding) {
  std::vector<std::string> arguments;
  for (const std::string& argument : finding.arguments) arguments.push_back(session.words(argument));
  return session.text(finding.rule, arguments);
}

Error roster_refusal(Session& session, OpenHome& home, const authority::Roster& roster, Error error) {
  if (error.code != ErrorCode::failed_precondition) return error;
  const auto findings = authority::check_roster(home.context(session), roster);
  if (!findings) return error;
  for (const authority::Finding& finding : *findings) {
    if (!finding.error) continue;
    error.message =
        session.text("roster.refused", {std::to_string(finding.row), finding.field, finding_text(session, finding)});
    break;
  }
  return error;
}

}  // namespace antin::commands
