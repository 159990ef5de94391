// Subscriber numbers: tax codes and citizen numbers as certificates carry them in UID: `MST:0000000017`,
// `CCCD:099085000123`.
//
// Pure: only what a number tells of itself is judged; whose it is, no check digit knows. Numbers are personal data: no
// message, log or file name holds one, so whoever refuses one names its kind alone.
#pragma once

#include <string_view>

namespace antin::policy {

// undecided: another kind of number, or one whose rule does not say. That is no fault: no certificate is refused for
// it.
enum class NumberVerdict { good, undecided, malformed, wrong_check_digit };

// `MST:` has 10 digits, the last of which checks the others; or 13, with or without a hyphen after the tenth, the last
// three of which are a branch from 001; or 12, a citizen number in the place of a tax code, which cannot be decided.
// Nor can a code whose check digit would be 10. `CCCD:` has 12 digits and no check digit. All else is undecided.
NumberVerdict judge_number(std::string_view uid);
// `MST` of `MST:0000000017`; empty when there is no colon.
std::string_view number_kind(std::string_view uid);

}  // namespace antin::policy
