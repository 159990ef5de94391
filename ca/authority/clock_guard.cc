#include "ca/authority/clock_guard.h"

namespace antin::authority {

Status guard_clock(store::Store& store, store::Transaction& transaction, Time now) {
  ANTIN_TRY(const auto last, store.fact("authority.last_act"));
  const std::string text = to_rfc3339(now);
  if (last && text < *last)
    return fail(ErrorCode::failed_precondition, "the clock went backwards: it is " + text + ", but the last act on record is of " + *last + "; set the clock right and try again");
  if (last && *last == text) return {};
  return transaction.set_fact("authority.last_act", text);
}

}  // namespace antin::authority
