// run: one run of `antin`: parses the command line, does one command and returns its exit code.
#pragma once

#include <iosfwd>

namespace antin::commands {

// `argv` as main() has it. Text goes to `out`, errors and progress to `err`.
int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace antin::commands
