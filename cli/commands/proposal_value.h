// A proposal as it is said and printed.
#pragma once

#include "ca/authority/role_register.h"
#include "cli/commands/exit_code.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

Json proposal_value(const authority::RoleRegister& roles, const authority::RoleRegister::State& state);
void say_proposal(Session& session, const authority::RoleRegister& roles, const authority::RoleRegister::State& state);
// What a proposer is told: its number and hash, and how many officers must approve.
Result<ExitCode> say_proposed(Session& session, OpenHome& home, ByteView hash);

}  // namespace antin::commands
