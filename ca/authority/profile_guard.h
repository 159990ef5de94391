// The profiles in force, as a fact of the store: whoever decides to sign asks in the same transaction whether they are
// still those by which the row was built. Only for ca/authority.
#pragma once

#include "ca/authority/role_register.h"

namespace antin::authority {

Status note_profiles_in_force(store::Transaction& transaction, const issuance::ProfileSet& profiles);
// failed_precondition when officers put others in force meanwhile. Within a transaction.
Status guard_profiles(store::Store& store, const issuance::ProfileSet& profiles);
// As of now, by approvals that are verified anew.
Result<issuance::ProfileSet> profiles_in_force(store::Store& store, Time now);
// The same for whoever issues: in production find() refuses a profile for tests, whenever it came into force.
Result<issuance::ProfileSet> issuing_profiles(const Context& context, Time now);

}  // namespace antin::authority
