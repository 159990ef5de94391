// How an error reaches the person or program that called: in the run's language, with what to do about it.
#pragma once

#include <string>

#include "cli/commands/exit_code.h"
#include "cli/commands/session.h"

namespace antin::commands {

// {"code","message","hint"}: the message in the run's language; `code` is what programs read.
Json error_value(const Session& session, const Error& error);
// With --json on stdout, else two lines on stderr. Returns the error's exit code.
ExitCode say_error(Session& session, const Error& error);
// Wrong usage that shows only after parsing; `message` is English as in an Error. Returns exit_usage.
ExitCode say_usage_error(Session& session, const std::string& message);

}  // namespace antin::commands
