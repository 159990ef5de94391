// The form of --help in the run's language: headings, and what each page says of the options that all commands have.
#pragma once

#include "cli/commands/session.h"

namespace CLI {
class App;
}

namespace antin::commands {

// Once all commands are added.
void format_help(const Session& session, CLI::App& app);

}  // namespace antin::commands
