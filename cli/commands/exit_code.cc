#include "cli/commands/exit_code.h"

namespace antin::commands {

ExitCode exit_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::permission_denied:
    case ErrorCode::failed_precondition:
      return exit_refused;
    case ErrorCode::unavailable:
    case ErrorCode::unauthenticated:
      return exit_unavailable;
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::already_exists:
    case ErrorCode::resource_exhausted:
    case ErrorCode::aborted:
    case ErrorCode::data_loss:
    case ErrorCode::unimplemented:
    case ErrorCode::internal:
      return exit_failed;
  }
  return exit_failed;
}

std::string_view hint(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "hint.invalid_argument";
    case ErrorCode::not_found:
      return "hint.not_found";
    case ErrorCode::already_exists:
      return "hint.already_exists";
    case ErrorCode::failed_precondition:
      return "hint.failed_precondition";
    case ErrorCode::permission_denied:
      return "hint.permission_denied";
    case ErrorCode::unauthenticated:
      return "hint.unauthenticated";
    case ErrorCode::resource_exhausted:
      return "hint.resource_exhausted";
    case ErrorCode::unavailable:
      return "hint.unavailable";
    case ErrorCode::aborted:
      return "hint.aborted";
    case ErrorCode::data_loss:
      return "hint.data_loss";
    case ErrorCode::unimplemented:
      return "hint.unimplemented";
    case ErrorCode::internal:
      return "hint.internal";
  }
  return "hint.internal";
}

}  // namespace antin::commands
