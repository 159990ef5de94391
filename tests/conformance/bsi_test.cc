#include <filesystem>

#include "ca/x509/path_validator.h"
#include "tests/catch.h"
#include "tests/conformance/corpus.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

// Files of the case in their roles, by their names: TA anchor, ca helper, TC the certificate to judge. False:
// unreadable.
bool load(const Path& folder, TrustMaterial& material, std::optional<Certificate>& leaf) {
  bool readable = true;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (file.is_directory() || name == "description.txt") continue;
    const std::string text = text_file(file.path());
    if (file.path().parent_path().filename() == "crls") {
      if (const auto crl = Crl::from_file_bytes(bytes_of(text))) material.crls.push_back(*crl);
      continue;
    }
    if (!name.ends_with(".crt")) continue;
    const auto certificate = Certificate::from_file_bytes(bytes_of(text));
    if (!certificate) {
      readable = false;
      continue;
    }
    if (name.contains(".TA."))
      material.anchors.push_back(*certificate);
    else if (name.contains(".TC."))
      leaf = *certificate;
    else
      material.intermediates.push_back(*certificate);
  }
  return readable && leaf.has_value();
}

bool judged_good(const Path& folder, bool check_revocation) {
  TrustMaterial material;
  std::optional<Certificate> leaf;
  if (!load(folder, material, leaf)) return false;
  const PathResult result =
      validate_path(*leaf, material, {.at = time_at(2017, 8, 19, 12), .check_revocation = check_revocation});
  UNSCOPED_INFO(to_string(result.status) << " " << result.detail);
  return result.status == PathStatus::valid;
}

}  // namespace

TEST_CASE("BSI: certification paths", "[bsi]") {
  std::size_t agreed = 0, all = 0;
  for (const std::string& line : split(text_file(conformance_folder() / "bsi/expected.txt"), '\n')) {
    const std::size_t dollar = line.find('$');
    if (dollar == std::string::npos || line.starts_with('#')) continue;
    const std::string name = line.substr(0, dollar), verdict = line.substr(dollar + 1);
    const bool good = verdict == "Verified" || verdict.starts_with("Warning");
    const bool ours = judged_good(conformance_folder() / "bsi" / name, name.starts_with("CRL"));
    INFO(name << ": expected " << verdict);
    CHECK(ours == good);
    agreed += ours == good;
    ++all;
  }
  WARN("BSI: " << agreed << " of " << all << " agree");
  CHECK(all == 54);
}
