// A new PIN for a subscriber's token and the letter that tells it: the PIN is made in the moment of its letter and is
// kept nowhere, and a letter that was recorded leaves this program once.
#pragma once

#include "cli/commands/personal_desk.h"

namespace antin::commands {

// Fails before anything is done when `out` is there, or when the letter cannot be drawn. A process that is killed on
// the way has recorded nothing, and asking again makes another PIN; or has recorded the letter, which
// hand_out_letters() then brings to its place. `act` is `letter` or `unblock`.
Status write_letter(Session& session, OpenHome& home, Desk& desk, const store::PersonalToken& token,
                    store::PersonalAct act, const Path& out);

// Letters that were recorded and did not get to their place because the process died: each goes to the place that was
// meant for it. Drafts of letters that were not recorded are removed. Returns the places.
// With the desk open, so that no letter is on its way in another process.
Result<std::vector<Path>> hand_out_letters(Session& session, OpenHome& home);

}  // namespace antin::commands
