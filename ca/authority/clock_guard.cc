#include "ca/authority/clock_guard.h"

namespace antin::authority {

namespace {

// The last act on record; none before the first.
Result<std::optional<Time>> last_act(store::Store& store) {
  ANTIN_TRY(const auto text, store.fact("authority.last_act"));
  if (!text) return std::nullopt;
  ANTIN_TRY(const Time last, in("store: authority.last_act", parse_rfc3339(*text)));
  return last;
}

Status not_before(Time now, const std::optional<Time>& last) {
  if (!last || now + clock_tolerance >= *last) return {};
  return fail(ErrorCode::failed_precondition, "the clock went backwards: it is " + to_rfc3339(now) +
                                                  ", but the last act on record is of " + to_rfc3339(*last) +
                                                  "; set the clock right and try again");
}

}  // namespace

Status check_clock(store::Store& store, Time now) {
  ANTIN_TRY(const std::optional<Time> last, last_act(store));
  return not_before(now, last);
}

Status guard_clock(store::Store& store, store::Transaction& transaction, Time now) {
  ANTIN_TRY(const std::optional<Time> last, last_act(store));
  ANTIN_CHECK(not_before(now, last));
  if (last && now <= *last) return {};
  return transaction.set_fact("authority.last_act", to_rfc3339(now));
}

}  // namespace antin::authority
