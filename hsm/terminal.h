// Terminal: asks a person for a secret, without echo. Whatever ends the question (an answer, Ctrl-C, a signal from
// outside), the terminal is left as it was; after Ctrl-Z and `fg` the question is asked again.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace antin::hsm {

// unauthenticated when there is no terminal, nothing was typed, the input ended, or the line is longer than `most`.
// `what` begins the message.
Result<Secret> ask_terminal(const std::string& question, const std::string& what, std::size_t most);
// Shows `text` to whoever is at the terminal; to nobody when there is none.
void tell_terminal(const std::string& text);

}  // namespace antin::hsm
