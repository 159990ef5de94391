#include "base/error.h"

namespace antin {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::already_exists:
      return "already_exists";
    case ErrorCode::failed_precondition:
      return "failed_precondition";
    case ErrorCode::permission_denied:
      return "permission_denied";
    case ErrorCode::unauthenticated:
      return "unauthenticated";
    case ErrorCode::resource_exhausted:
      return "resource_exhausted";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::aborted:
      return "aborted";
    case ErrorCode::data_loss:
      return "data_loss";
    case ErrorCode::unimplemented:
      return "unimplemented";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

Error&& Error::in(std::string_view where) && {
  message.insert(0, ": ").insert(0, where);
  return std::move(*this);
}

Error Error::in(std::string_view where) const& {
  Error copy = *this;
  return std::move(copy).in(where);
}

}  // namespace antin
