// An incident's state as programs and people read it.
#pragma once

#include "ca/authority/incident_history.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

// The members of `incident status --json`.
Result<Json> incident_value(Session& session, OpenHome& home, const authority::IncidentState& state);
// One line, and how it stands with its deadline.
void say_incident(Session& session, const Json& value);
// The rest of what `incident status` says: what is selected, lists, what became of its certificates.
void say_incident_details(Session& session, const Json& value);

// `3 h 20 min`, `2 d 4 h`.
std::string span_text(const Session& session, seconds span);

}  // namespace antin::commands
