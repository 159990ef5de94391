#include "ca/authority/clock_guard.h"

namespace antin::authority {

Status guard_clock(store::Store& store, store::Transaction& transaction, Time now) {
  ANTIN_TRY(const auto text, store.fact("authority.last_act"));
  if (text) {
    ANTIN_TRY(const Time last, in("store: authority.last_act", parse_rfc3339(*text)));
    if (now + clock_tolerance < last)
      return fail(ErrorCode::failed_precondition, "the clock went backwards: it is " + to_rfc3339(now) +
                                                      ", but the last act on record is of " + *text +
                                                      "; set the clock right and try again");
    if (now <= last) return {};
  }
  return transaction.set_fact("authority.last_act", to_rfc3339(now));
}

}  // namespace antin::authority
