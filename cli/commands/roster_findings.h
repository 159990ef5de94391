// What the check of a roster found, for people and programs.
#pragma once

#include "ca/authority/authority.h"
#include "cli/commands/home_session.h"
#include "cli/commands/session.h"

namespace antin::commands {

// The finding as a sentence in the session's language.
std::string finding_text(const Session& session, const authority::Finding& finding);

// The authority refuses a roster by the name of a rule; the error that this gives tells the first finding as a
// sentence. Errors of other kinds stay as they are.
Error roster_refusal(Session& session, OpenHome& home, const authority::Roster& roster, Error error);

}  // namespace antin::commands
