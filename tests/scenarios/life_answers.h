// What steps and checks of a World have in common: a difference between program and model is thrown, with words.
#pragma once

#include <array>
#include <stdexcept>
#include <string>

#include "base/result.h"

namespace antin::life {

[[noreturn]] inline void differs(const std::string& what) { throw std::runtime_error(what); }
inline void require(bool holds, const std::string& what) {
  if (!holds) differs(what);
}
template <class T>
T have(Result<T> result, const std::string& what) {
  if (!result) differs(what + ": " + result.error().message);
  return *std::move(result);
}
// What the program answered must be what the model says.
template <class T>
void same_answer(const Result<T>& result, bool allowed, const std::string& what) {
  if (result.has_value() == allowed) return;
  differs(what + (allowed ? ": refused, and is allowed: " + result.error().message : ": done, and is not allowed"));
}

inline constexpr std::array act_names{"issue", "renew", "rekey", "change", "revoke"};

}  // namespace antin::life
