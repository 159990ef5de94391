// The version of a store's schema, asked for without opening the store: who only looks migrates nothing.
#pragma once

#include <cstdint>

#include "base/file.h"
#include "base/result.h"

namespace antin::store {

struct StoreVersions {
  std::uint64_t file = 0, newest = 0;  // what the file has; what this program knows
};
// not_found without a file; data_loss for another program's database and for a version that is newer than this program.
Result<StoreVersions> store_versions(const Path& file);

}  // namespace antin::store
