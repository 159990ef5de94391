// Where SoftHSM2 is and what its home looks like.
#include <cstdlib>

#include "hsm/pkcs11/module.h"

namespace antin::hsm::pkcs11 {
namespace {

ModuleConfig config_for(Path library, const Path& configuration) {
  ModuleConfig config;
  config.library = std::move(library);
  config.environment["SOFTHSM2_CONF"] = std::filesystem::absolute(configuration).string();
  return config;
}

}  // namespace

Result<Path> find_softhsm2() {
  if (const char* named = std::getenv("SOFTHSM2_MODULE"); named != nullptr && *named != 0) return Path(named);
  for (const char* place : {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"})
    if (std::filesystem::exists(place)) return Path(place);
  return fail(ErrorCode::unavailable, "SoftHSM2 is not installed: install the package softhsm2 or set SOFTHSM2_MODULE");
}

Result<ModuleConfig> make_softhsm2_home(const Path& directory) {
  ANTIN_TRY(Path library, find_softhsm2());
  const Path absolute = std::filesystem::absolute(directory);
  ANTIN_CHECK(make_directories(absolute, 0700));
  ANTIN_CHECK(make_directories(absolute / "tokens", 0700));
  const Path configuration = absolute / "softhsm2.conf";
  ANTIN_CHECK(write_file(configuration, "directories.tokendir = " + (absolute / "tokens").string() +
                                            "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n", 0600));
  return config_for(std::move(library), configuration);
}

// The folder may have been moved or copied since it was made; then its configuration is written anew.
Result<ModuleConfig> softhsm2_home(const Path& directory) {
  const Path configuration = directory / "softhsm2.conf";
  if (!std::filesystem::exists(configuration)) return fail(ErrorCode::not_found, configuration.string() + " is not there; `antin init` makes it");
  ANTIN_TRY(const Bytes text, read_file(configuration, 65536));
  const std::string tokens = (std::filesystem::absolute(directory) / "tokens").string();
  if (text_of(text).find("directories.tokendir = " + tokens + "\n") == std::string_view::npos) return make_softhsm2_home(directory);
  ANTIN_TRY(Path library, find_softhsm2());
  return config_for(std::move(library), configuration);
}

}  // namespace antin::hsm::pkcs11
