#include "cli/wiring/home.h"

#include <cstdlib>
#include <system_error>

namespace antin::wiring {

Home find_home(const std::optional<std::string>& flag) {
  std::string chosen = "demo";
  if (const char* environment = std::getenv("ANTIN_HOME"); environment != nullptr && *environment != '\0')
    chosen = environment;
  if (flag && !flag->empty()) chosen = *flag;
  std::error_code error;
  Path absolute = std::filesystem::absolute(chosen, error);
  return Home{(error ? Path(chosen) : absolute).lexically_normal()};
}

Status require_initialised(const Home& home) {
  std::error_code error;
  if (std::filesystem::exists(home.config(), error)) return {};
  return fail(ErrorCode::unavailable,
              "home: " + home.root.string() + " has no antin.toml: run `antin init` or name another home with --home");
}

std::string_view version() noexcept { return ANTIN_VERSION; }

}  // namespace antin::wiring
