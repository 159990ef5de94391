// A ceremony by a reviewed file: held step by step, written down, ended in the log; run again, it goes on.
#pragma once

#include "cli/commands/ceremony.h"
#include "cli/wiring/ceremony_file.h"

namespace antin::commands {

// What the file says in words, a line each, in the language of the run: what reviewers read and participants sign.
std::vector<std::string> ceremony_words(const Session& session, const wiring::CeremonyFile& file);
// Whether it can be held as it stands: names fit the profiles, years are theirs. invalid_argument or
// failed_precondition says what does not fit.
Status check_ceremony(Session& session, const wiring::CeremonyFile& file);

struct HeldCeremony {
  std::string name;
  Sha256 transcript{};
  bool was_complete = false;
  std::string waits_for;  // a message id: who has to do what before the next run; empty: it ended
};
// failed_precondition when a ceremony of this name was begun by another file, when the home was begun otherwise, and
// before the root's ceremony. unavailable while another one runs.
Result<HeldCeremony> run_ceremony(Session& session, const wiring::CeremonyFile& file,
                                  const std::function<void(std::string_view step)>& at_step);

}  // namespace antin::commands
