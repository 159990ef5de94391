// Result<T>: a value or an Error. Functions of ours do not throw; exceptions of libraries are caught in their adapters.
//
//   Result<Certificate> read(const Path& path) {
//     ANTIN_TRY(Bytes bytes, read_file(path));
//     ANTIN_CHECK(require_small(bytes));
//     return Certificate::from_der(bytes);
//   }
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace antin {

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}
[[nodiscard]] inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

// Adds `where` to the error, if there is one.
template <class T>
[[nodiscard]] Result<T> in(std::string_view where, Result<T> result) {
  if (!result) return std::unexpected(std::move(result.error()).in(where));
  return result;
}

}  // namespace antin

#define ANTIN_CONCAT_(a, b) a##b
#define ANTIN_CONCAT(a, b) ANTIN_CONCAT_(a, b)
#define ANTIN_TRY_(name, declaration, ...)                    \
  auto&& name = (__VA_ARGS__);                                \
  if (!name) return std::unexpected(std::move(name).error()); \
  declaration = *std::move(name)
// Declares or assigns `declaration` from the value of a Result, or returns its error.
#define ANTIN_TRY(declaration, ...) ANTIN_TRY_(ANTIN_CONCAT(antin_try_, __LINE__), declaration, __VA_ARGS__)
// Returns the error of a Result whose value is not wanted.
#define ANTIN_CHECK(...)                                                        \
  do {                                                                          \
    auto&& antin_check_ = (__VA_ARGS__);                                        \
    if (!antin_check_) return std::unexpected(std::move(antin_check_).error()); \
  } while (false)
