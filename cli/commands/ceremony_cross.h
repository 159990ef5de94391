// The ceremony of a cross certificate: what the file says is put before the officers; when it is made, that is written
// down.
#pragma once

#include "cli/commands/ceremony_roll_over.h"

namespace antin::commands {

// failed_precondition when it could not be decided on (authority::check_cross), and when officers decided on another
// one of that name.
Result<DecisionStage> hold_cross(Session& session, OpenHome& home, const wiring::CrossCeremony& held,
                                 const CeremonyWatch& watch);

}  // namespace antin::commands
