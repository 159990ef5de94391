// The ceremony of a roll-over: the key of a new generation is made and put before the officers; when it is in service,
// what was made is written down.
#pragma once

#include "cli/commands/ceremony_transcript.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

enum class RollOverStage { officers_decide, to_complete, in_service };

// failed_precondition when the issuer is not the next generation of its bloc, or its token has another key or serial;
// unavailable when its token is not there.
Result<RollOverStage> hold_roll_over(Session& session, OpenHome& home, const wiring::RollOverCeremony& next,
                                     const CeremonyWatch& watch);
// Who is an officer now.
Result<std::vector<Participant>> officers_now(Session& session, OpenHome& home);

}  // namespace antin::commands
