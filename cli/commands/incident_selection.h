// A selection of an incident as people write it: `issuer=party`, `key=rsa-2048`, `unit=…`.
#pragma once

#include <string>
#include <vector>

#include "ca/authority/incident.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

// Each is NAME=VALUE: issuer, kind, profile, key (a kind of key, `weak`, or the SHA-256 of one), unit, roster (as
// find_roster() takes it), issued-from and issued-until (RFC 3339, or a day of +07:00, counted in). invalid_argument
// names the one that is none.
Result<authority::IncidentSelection> read_selection(Session& session, OpenHome& home,
                                                    const std::vector<std::string>& criteria);
// The same words again; a roster by its hash.
std::vector<std::string> selection_words(const authority::IncidentSelection& selection);

// `24h`, `5d`. invalid_argument for anything else.
Result<seconds> read_time_to_act(const std::string& text);

}  // namespace antin::commands
