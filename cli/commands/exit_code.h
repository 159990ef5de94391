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
// The same, but for a file that may not be read or written: that is a failure, no policy of ours.
ExitCode exit_code(const Error& error) noexcept;
// The message id of what to do about an error of this kind: `hint.unavailable`.
std::string_view hint(ErrorCode code) noexcept;
// The same, with words of their own for files.
std::string_view hint(const Error& error) noexcept;
// What a row or request was refused for at issue (key, profile, linter) is refused by policy, not wrong usage.
Error refused_by_policy(Error error);

}  // namespace antin::commands
