// `antin ca check`, which `antin ca` offers.
#pragma once

#include "cli/commands/command.h"

namespace antin::commands {

void add_ca_check(Command ca);

}  // namespace antin::commands
