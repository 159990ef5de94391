// Who opens backups: the officers' encryption certificates of a store.
#pragma once

#include <vector>

#include "ca/backup/container.h"
#include "ca/store/store.h"

namespace antin::backup {

// Those that are valid at `now`, in the order of their ids.
Result<std::vector<Recipient>> recipients_of(store::Store& store, Time now);

}  // namespace antin::backup
