// Disk space of a home: a store that runs full in the middle of issuing is worse than one that stopped before.
#pragma once

#include <cstdint>

#include "cli/wiring/config.h"

namespace antin::wiring {

struct DiskSpace {
  std::uint64_t free_mb = 0, least_mb = 0;  // for this user; what the configuration wants
  bool low() const noexcept { return free_mb < least_mb; }
};
// Of the disk with the store. unavailable when the system does not say.
Result<DiskSpace> disk_space(const Home& home, const Config& config);
// resource_exhausted below the configured space: asked before anything new is issued. Revocations, lists and reading go
// on: the space that is left is theirs.
Status require_disk_space(const Home& home, const Config& config);

}  // namespace antin::wiring
