// The clock guard: an authority whose clock went backwards stops.
#pragma once

#include "ca/store/store.h"

namespace antin::authority {

// Writers read the clock before they wait up to ten seconds for the store, so their acts may be recorded out of order
// by that much.
inline constexpr seconds clock_tolerance{15};

// failed_precondition when `now` is more than clock_tolerance before the last act on record. Writes nothing.
Status check_clock(store::Store& store, Time now);
// failed_precondition when `now` is more than clock_tolerance before the last act on record; else keeps the later of
// the two as the last act, inside the act's transaction.
Status guard_clock(store::Store& store, store::Transaction& transaction, Time now);

}  // namespace antin::authority
