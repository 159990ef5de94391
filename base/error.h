// Error: what went wrong, for one of a dozen coarse reasons, with a message that says what, where and what to do.
//
// The code decides what a caller does (exit code, HTTP status, retry or not); the message is for a person. Messages are
// English, one line, lower case at the start, and never hold a PIN, a key, a citizen number or a document's content.
// Context is added on the way up: `issue row 7: token: login: CKR_PIN_LOCKED`.
#pragma once

#include <string>
#include <string_view>

namespace antin {

enum class ErrorCode {
  invalid_argument,     // the input is wrong and will stay wrong
  not_found,            // the named thing does not exist
  already_exists,       // the thing to be made is there already
  failed_precondition,  // the state does not allow it now (not approved, home not initialised, clock went back)
  permission_denied,    // policy refuses it to this caller
  unauthenticated,      // no or wrong credentials (PIN, API token)
  resource_exhausted,   // a limit was met (disk full, body too large, quota)
  unavailable,          // token, store or network is not there; trying again later may help
  aborted,              // interrupted by the user or a shutdown
  data_loss,            // something stored is damaged
  unimplemented,        // the module or library on this machine cannot do it
  internal,             // a defect of ours, or two libraries that disagree
};

// The code's name as it is written in JSON: `failed_precondition`.
std::string_view to_string(ErrorCode code) noexcept;

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;

  // Puts `where` in front of the message: `where: message`.
  Error&& in(std::string_view where) &&;
  Error in(std::string_view where) const&;
};

}  // namespace antin
