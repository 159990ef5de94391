// The ceremony of new officers: keys of officers and witnesses are made, the root's key signs who they are, and the
// government's CA certifies the officers. They count when every witness has signed the transcript
// (ca/authority/officer_ceremony.h).
#pragma once

#include "cli/commands/ceremony_transcript.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

// failed_precondition, before anything is written, when the officers who are there can decide, when a token was an
// officer's before, and when the root or the CA that certifies officers has ended.
Status may_make_officers(Session& session, OpenHome& home, const wiring::OfficersCeremony& wanted,
                         const std::string& name);
// Each step finds what an earlier run left.
Status make_new_officers(Session& session, OpenHome& home, const wiring::OfficersCeremony& wanted, const Sha256& file,
                         const CeremonyWatch& watch);
// Those of this ceremony, with their certificates.
Result<std::vector<Participant>> new_officers(Session& session, OpenHome& home, const wiring::OfficersCeremony& wanted);
// With the witness's token; `witness` is name or token of one of the ceremony. True: the officers count from now on.
Result<bool> sign_with_witness_token(Session& session, OpenHome& home, const std::string& ceremony,
                                     const std::string& witness, const std::string& token);

}  // namespace antin::commands
