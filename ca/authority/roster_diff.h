// Difference of two rosters: a body's full lists of two months become the acts between them.
//
// Who joined is issued to, who left is revoked, other fields are a change, another key is a rekey; rows that are alike
// are left out, unless their certificate ends soon and is to be renewed. Which certificate an act is about is looked up
// in the store. The same files and the same store give the same roster: first the rows of the later list in its order,
// then those who left in the order of the earlier one.
#pragma once

#include "ca/authority/authority.h"

namespace antin::authority {

struct RosterDifference {
  Roster acts;  // `antin-roster-2`; its rows are numbered from 1
  std::uint64_t unchanged = 0;
  std::uint64_t without_certificate = 0;  // who left and has no certificate in force: nothing is to be revoked
  std::vector<Finding> refusals;          // rows that cannot be compared; when there are any, `acts` is not to be used
};

struct DifferenceOptions {
  std::string requested_by;            // managing body of rows that do not name theirs
  std::optional<days> renew_within{};  // renew what ends within so many days; none: renew nothing
};
Result<RosterDifference> roster_difference(const Context& context, const Roster& before, const Roster& after,
                                           const DifferenceOptions& options);

}  // namespace antin::authority
