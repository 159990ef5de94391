// The clock guard: no act of the authority is dated before one that is on record.
#pragma once

#include "ca/store/store.h"

namespace antin::authority {

// failed_precondition when `now` is before the last act's time; else writes `now` as the last, inside the act's transaction.
Status guard_clock(store::Store& store, store::Transaction& transaction, Time now);

}  // namespace antin::authority
