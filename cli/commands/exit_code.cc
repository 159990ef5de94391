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

namespace {

// `PATH: open: Permission denied`, as base/file.cc words it.
bool is_of_a_file(std::string_view message) noexcept {
  for (const std::string_view act : {": open: ", ": read: ", ": stat: ", ": write: ", ": create: ", ": rename: ",
                                     ": flush: ", ": set mode: ", ": make directory: "}) {
    if (message.find(act) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

ExitCode exit_code(const Error& error) noexcept {
  if (error.code == ErrorCode::permission_denied && is_of_a_file(error.message)) return exit_failed;
  return exit_code(error.code);
}

std::string_view hint(const Error& error) noexcept {
  if (error.message.find("no certificate is known") != std::string::npos) return "hint.no_certificate";
  if (error.message.find("this user may not read") != std::string::npos) return "hint.file_permission";
  if (!is_of_a_file(error.message)) return hint(error.code);
  switch (error.code) {
    case ErrorCode::not_found:
      return "hint.file_not_found";
    case ErrorCode::permission_denied:
      return "hint.file_permission";
    case ErrorCode::invalid_argument:
      return "hint.file_kind";
    default:
      return hint(error.code);
  }
}

Error refused_by_policy(Error error) {
  if (error.code == ErrorCode::invalid_argument) error.code = ErrorCode::permission_denied;
  return error;
}

}  // namespace antin::commands
