// The catalogue of the command line: one table of messages by id, Vietnamese and English.
#pragma once

#include <span>

#include "base/message.h"

namespace antin::commands {

// Messages of commands, errors and hints, then the texts of --help.
std::span<const Message> messages();
// The texts of --help alone (cli/help_messages.cc).
std::span<const Message> help_messages();

}  // namespace antin::commands
