// What stands against a row's act: the certificate that it is about, and the policy of the day. Only for ca/authority.
#pragma once

#include "ca/authority/replaced.h"
#include "ca/issuance/profile_set.h"

namespace antin::authority {

// `asked`: when the act was asked for, which chooses the policy and counts for its limits; `now`: when it would be
// done. Findings of the dry run, which issuing asks for again.
std::vector<Finding> check_succession(const issuance::ProfileSet& profiles, const Roster::Row& row,
                                      const std::optional<Replaced>& replaced, Time asked, Time now);

}  // namespace antin::authority
