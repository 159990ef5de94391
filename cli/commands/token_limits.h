// What a token cannot do, in sentences for `token doctor`: not a fault of it, and good to know before it is chosen.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/commands/session.h"
#include "hsm/token.h"

namespace antin::commands {

// `signature`: how long one took; zero when none was made.
std::vector<std::string> limits_of(Session& session, const hsm::TokenAbilities& can,
                                   const std::vector<hsm::KeyInfo>& keys, std::chrono::milliseconds signature);

}  // namespace antin::commands
