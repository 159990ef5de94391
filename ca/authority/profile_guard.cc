#include "ca/authority/profile_guard.h"

namespace antin::authority {
namespace {
constexpr const char* fact = "profiles.in_force";
}

Status note_profiles_in_force(store::Transaction& transaction, const issuance::ProfileSet& profiles) {
  return transaction.set_fact(fact, profiles.digest());
}

// A store that knows of no proposal has no such fact, and issues by the profiles of the program.
Status guard_profiles(store::Store& store, const issuance::ProfileSet& profiles) {
  ANTIN_TRY(const auto noted, store.fact(fact));
  if (!noted || *noted == profiles.digest()) return {};
  return fail(ErrorCode::failed_precondition,
              "profiles: officers put others in force meanwhile: run again, what is left is issued by those");
}

Result<issuance::ProfileSet> profiles_in_force(store::Store& store, Time now) {
  ANTIN_TRY(const auto known, store.proposals());
  if (known.empty()) return issuance::ProfileSet();
  ANTIN_TRY(const RoleRegister roles, read_roles(store, now));
  return roles.profiles();
}

Result<issuance::ProfileSet> issuing_profiles(const Context& context, Time now) {
  ANTIN_TRY(issuance::ProfileSet profiles, profiles_in_force(context.store, now));
  return context.settings.production ? profiles.for_production() : profiles;
}

}  // namespace antin::authority
