#include "cli/wiring/profiles.h"

#include <algorithm>

namespace antin::wiring {
namespace {

Result<std::vector<Path>> profile_files(const Path& folder) {
  std::vector<Path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".json") files.push_back(at->path());
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(ErrorCode::unavailable, "profiles: " + folder.string() + ": " + error.message());
  std::ranges::sort(files);
  return files;
}

}  // namespace

Result<issuance::ProfileSet> asked_profiles(const Home& home, const Config& config) {
  std::vector<std::string> texts;
  ANTIN_TRY(const std::vector<Path> files, profile_files(home.profiles()));
  for (const Path& file : files) {
    ANTIN_TRY(const Bytes text, read_file(file, 65536));
    ANTIN_CHECK(in(file.string(), issuance::Profile::from_json(text_of(text))));
    texts.emplace_back(text_of(text));
  }
  ANTIN_TRY(issuance::ProfileSet set, issuance::ProfileSet::compose(texts, config.policies));
  if (config.production) ANTIN_CHECK(set.check_production());
  return set;
}

}  // namespace antin::wiring
