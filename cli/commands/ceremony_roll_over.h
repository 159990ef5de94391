// The ceremony of a roll-over: the key of a new generation is made and put before the officers; when it is in service,
// what was made is written down.
#pragma once

#include "cli/commands/ceremony_transcript.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

// How far a ceremony is whose officers decide in between.
enum class DecisionStage { officers_decide, to_complete, made };

// failed_precondition when the issuer is not the next generation of its bloc, or its token has another key or serial;
// unavailable when its token is not there.
Result<DecisionStage> hold_roll_over(Session& session, OpenHome& home, const wiring::RollOverCeremony& next,
                                     const CeremonyWatch& watch);
// The step that tells which proposal was handed in, or found.
Status note_proposal(const CeremonyWatch& watch, const std::string& of, std::uint64_t number, const std::string& hash,
                     bool found);
// Who is an officer now.
Result<std::vector<Participant>> officers_now(Session& session, OpenHome& home);

}  // namespace antin::commands
