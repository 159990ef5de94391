// When a roster must be done: the deadline of its most urgent act, by the policy of the day on which it was submitted.
#pragma once

#include "ca/authority/authority.h"

namespace antin::authority {

struct Due {
  Time at;
  std::string policy;
};
// None when every row is done, or no policy was in force.
Result<std::optional<Due>> roster_due(const Context& context, const store::RosterRecord& roster);

}  // namespace antin::authority
