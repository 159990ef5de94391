// The codes of the corpus for our rules.
#pragma once

#include <string_view>

#include "ca/lint/findings.h"

namespace antin::tests {

// The code that a rule of ours has there; the rule's own id when it has none, which then counts as a difference.
std::string_view code_of(lint::Rule rule);
// The code that a row is compared by; empty for one that is about another profile than RFC 5280 or about the other
// program itself.
std::string_view comparable_code(std::string_view code);
// Whether the profile of that folder has another rule in this one's place.
bool replaced_in(lint::Rule rule, std::string_view family);

}  // namespace antin::tests
