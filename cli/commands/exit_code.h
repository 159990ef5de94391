// Exit codes of `antin`, stable and documented in docs/cli.md.
#pragma once

#include <string_view>

#include "base/error.h"

namespace antin::commands {

enum ExitCode : int {
  exit_done = 0,
  exit_failed = 1,  // also a file that cannot be read
  exit_usage = 2,
  exit_refused = 3,      // by policy; or the document, roster or CRL is not good
  exit_waiting = 4,      // for approval
  exit_unavailable = 5,  // token, store or network needed and not there
};

ExitCode exit_code(ErrorCode code) noexcept;
// The message id of what to do about an error of this kind: `hint.unavailable`.
std::string_view hint(ErrorCode code) noexcept;

}  // namespace antin::commands
