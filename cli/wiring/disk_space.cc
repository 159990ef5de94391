#include "cli/wiring/disk_space.h"

#include <filesystem>

namespace antin::wiring {

Result<DiskSpace> disk_space(const Home& home, const Config& config) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(home.store().parent_path(), error);
  if (error)
    return fail(ErrorCode::unavailable, "disk: " + home.store().parent_path().string() + ": " + error.message());
  return DiskSpace{space.available / 1'000'000, config.least_free_mb};
}

Status require_disk_space(const Home& home, const Config& config) {
  if (config.least_free_mb == 0) return {};
  ANTIN_TRY(const DiskSpace space, disk_space(home, config));
  if (!space.low()) return {};
  return fail(ErrorCode::resource_exhausted,
              "disk: " + std::to_string(space.free_mb) + " MB are free and " + std::to_string(space.least_mb) +
                  " MB are wanted: nothing new is issued until there is room; lists, revocations and reading go on");
}

}  // namespace antin::wiring
