// Roll-over: what is done for an issuer that officers decided on, step by step. Each step finds what an earlier run
// left and goes on from there.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "cli/commands/ca_session.h"

namespace antin::commands {

// The names of the steps in order, for --dry-run and the progress.
std::vector<std::string_view> roll_over_steps(const authority::RegisteredIssuer& wanted);
// Certificate, for a root its link certificates too, first list, in service. unavailable while a token is not there.
Status complete_roll_over(Session& session, OpenHome& home, const authority::RegisteredIssuer& wanted,
                          const std::function<void(std::string_view step)>& at_step);

}  // namespace antin::commands
