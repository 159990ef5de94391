#include "ca/authority/roster_due.h"

#include <algorithm>

#include "ca/authority/roster_json.h"

namespace antin::authority {

Result<std::optional<Due>> roster_due(const Context& context, const store::RosterRecord& roster) {
  if (roster.issued == roster.rows) return std::nullopt;
  const auto policy = policy::policy_at(roster.submitted_at);
  if (!policy && policy.error().code == ErrorCode::not_found) return std::nullopt;
  if (!policy) return fail(policy.error());
  std::optional<Due> due;
  ANTIN_CHECK(context.store.for_each_row(roster.hash, 1, [&](const store::RosterRow& stored) -> Status {
    ANTIN_TRY(const Roster::Row row, row_from_canonical(roster.format, stored.content));
    const Time at = policy::due(*policy, row.act, roster.submitted_at);
    due = Due{due ? std::min(due->at, at) : at, policy->name};
    return {};
  }));
  return due;
}

}  // namespace antin::authority
