// What stands against a row's act: the certificate that it is about, and the policy of the day. Only for ca/authority.
#pragma once

#include "ca/authority/replaced.h"
#include "ca/issuance/profile_set.h"

namespace antin::authority {

// `asked`: when the act was asked for, which chooses the policy and counts for its limits; `now`: when it would be
// done. Findings of the dry run, which issuing asks for again.
std::vector<Finding> check_succession(const issuance::ProfileSet& profiles, const Roster::Row& row,
                                      const std::optional<Replaced>& replaced, Time asked, Time now);
// Whether the certificate is that of the row's subscriber. An adopted one that is nobody's yet is that of whoever a row
// that officers approve says, and no other row.
bool is_of_subscriber(const store::CertificateRecord& record, const Roster::Row& row);
// Made by rules of another authority: its kind is a guess, and no profile of ours made it.
bool is_adopted(const store::CertificateRecord& record);

}  // namespace antin::authority
