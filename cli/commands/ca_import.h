// `antin ca import propose|complete`, which `antin ca` offers.
#pragma once

#include "cli/commands/command.h"

namespace antin::commands {

void add_ca_import(Command ca);

}  // namespace antin::commands
