#include "ca/policy/subscriber_number.h"

#include <algorithm>
#include <array>
#include <string>

namespace antin::policy {
namespace {

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// 10 − (Σ dᵢ·wᵢ mod 11) over the nine digits before it. A remainder of 0 would make it 10, which is no digit: some
// readers take 0 for it, others refuse the code.
NumberVerdict judge_check_digit(std::string_view ten) {
  constexpr std::array<unsigned, 9> weights{31, 29, 23, 19, 17, 13, 7, 5, 3};
  unsigned sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += static_cast<unsigned>(ten[i] - '0') * weights[i];
  const unsigned wanted = 10 - sum % 11;
  if (wanted == 10) return NumberVerdict::undecided;
  return static_cast<unsigned>(ten[9] - '0') == wanted ? NumberVerdict::good : NumberVerdict::wrong_check_digit;
}

NumberVerdict judge_tax_code(std::string code) {
  if (code.size() == 14 && code[10] == '-') code.erase(10, 1);
  if (!all_digits(code)) return NumberVerdict::malformed;
  if (code.size() == 12) return NumberVerdict::undecided;
  if (code.size() != 10 && code.size() != 13) return NumberVerdict::malformed;
  if (code.ends_with("000") && code.size() == 13) return NumberVerdict::malformed;
  return judge_check_digit(code);
}

}  // namespace

std::string_view number_kind(std::string_view uid) {
  const std::size_t colon = uid.find(':');
  return colon == std::string_view::npos ? std::string_view() : uid.substr(0, colon);
}

NumberVerdict judge_number(std::string_view uid) {
  const std::string_view kind = number_kind(uid);
  if (kind == "MST") return judge_tax_code(std::string(uid.substr(kind.size() + 1)));
  if (kind != "CCCD") return NumberVerdict::undecided;
  const std::string_view number = uid.substr(kind.size() + 1);
  return number.size() == 12 && all_digits(number) ? NumberVerdict::good : NumberVerdict::malformed;
}

}  // namespace antin::policy
