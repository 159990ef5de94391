// Where SoftHSM2 is and what its home looks like.
#include <cstdlib>
#include <set>
#include <sstream>

#include "hsm/pkcs11/module.h"

namespace antin::hsm::pkcs11 {
namespace {

ModuleConfig config_for(Path library, const Path& directory) {
  ModuleConfig config;
  config.library = std::move(library);
  config.environment["SOFTHSM2_CONF"] = std::filesystem::absolute(directory / "softhsm2.conf").string();
  config.softhsm2 = std::filesystem::absolute(directory);
  return config;
}

}  // namespace

Result<Path> find_softhsm2() {
  if (const char* named = std::getenv("SOFTHSM2_MODULE"); named != nullptr && *named != 0) return Path(named);
  for (const char* place :
       {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
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
  ANTIN_CHECK(write_file(configuration,
                         "directories.tokendir = " + (absolute / "tokens").string() +
                             "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n",
                         0600));
  return config_for(std::move(library), absolute);
}

// The folder may have been moved or copied since it was made; then its configuration is written anew.
Result<ModuleConfig> softhsm2_home(const Path& directory) {
  const Path configuration = directory / "softhsm2.conf";
  if (!std::filesystem::exists(configuration))
    return fail(ErrorCode::not_found, configuration.string() + " is not there; `antin init` makes it");
  ANTIN_TRY(const Bytes text, read_file(configuration, 65536));
  const std::string tokens = (std::filesystem::absolute(directory) / "tokens").string();
  if (text_of(text).find("directories.tokendir = " + tokens + "\n") == std::string_view::npos)
    return make_softhsm2_home(directory);
  ANTIN_TRY(Path library, find_softhsm2());
  return config_for(std::move(library), directory);
}

namespace {

Path making(const Path& directory) { return directory / "making"; }

Result<std::set<std::string>> token_folders(const Path& directory) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory / "tokens", error), end; !error && at != end;
       at.increment(error))
    names.insert(at->path().filename().string());
  if (error) return fail(ErrorCode::unavailable, (directory / "tokens").string() + ": " + error.message());
  return names;
}

Status remove_tree(const Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return error ? Status(fail(ErrorCode::unavailable, path.string() + ": " + error.message())) : Status();
}

}  // namespace

Status begin_softhsm2_token(const Path& directory) {
  ANTIN_TRY(const std::set<std::string> before, token_folders(directory));
  std::string list;
  for (const std::string& name : before) list += name + "\n";
  return write_file(making(directory), list, 0600);
}

Status end_softhsm2_token(const Path& directory) { return remove_tree(making(directory)); }

Status discard_half_made_softhsm2_token(const Path& directory) {
  const Result<Bytes> list = read_file(making(directory), 1u << 20);
  if (!list) return list.error().code == ErrorCode::not_found ? Status() : Status(fail(list.error()));
  std::set<std::string> before;
  std::istringstream lines{std::string(text_of(*list))};
  for (std::string name; std::getline(lines, name);) before.insert(name);
  ANTIN_TRY(const std::set<std::string> now, token_folders(directory));
  for (const std::string& name : now) {
    if (!before.contains(name)) ANTIN_CHECK(remove_tree(directory / "tokens" / name));
  }
  return end_softhsm2_token(directory);
}

Status keep_softhsm2_tokens(const Path& directory) {
  ANTIN_TRY(const std::set<std::string> names, token_folders(directory));
  for (const std::string& name : names) {
    const Path file = directory / "tokens" / name / "token.object", copy = directory / "kept" / (name + ".object");
    Result<Bytes> present = read_file(file, 1u << 20), kept = read_file(copy, 1u << 20);
    const std::size_t size = present ? present->size() : 0;
    if (kept && size < kept->size()) {
      ANTIN_CHECK(write_file(file, *kept, 0600));
    } else if (size > 0 && (!kept || !equal(*kept, *present))) {
      ANTIN_CHECK(make_directories(directory / "kept", 0700));
      ANTIN_CHECK(write_file(copy, *present, 0600, false));
    }
  }
  return {};
}

}  // namespace antin::hsm::pkcs11
