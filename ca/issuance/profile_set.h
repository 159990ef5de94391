// ProfileSet: the profiles by which an authority issues, by name: those of the program, or a set that its officers
// approved.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ca/issuance/profile.h"

namespace antin::issuance {

// Dotted object identifiers by the name of the profile whose `policies` they take the place of.
using PolicyIds = std::map<std::string, std::vector<std::string>>;

class ProfileSet {
 public:
  ProfileSet() = default;  // the profiles that are built into the program
  // A JSON object of profiles by name. invalid_argument names profile and JSON pointer: one that is none, has another
  // name, is of another kind than the program's of that name, or would be one more authority. It may lack profiles that
  // a later program has: they are not in force.
  static Result<ProfileSet> from_json(std::string_view json);
  // The built-in ones, with those of `files` (JSON texts) in place of or beside them, and with these policies.
  // invalid_argument also names a policy of a profile that is not there.
  static Result<ProfileSet> compose(const std::vector<std::string>& files, const PolicyIds& policies);

  bool of_program() const noexcept { return content_ == nullptr; }  // nobody recorded a set

  // The same profiles, of which find() hands out none that is for tests.
  ProfileSet for_production() const;

  // not_found names those that there are, permission_denied is said of one for tests in production.
  Result<Profile> find(std::string_view name) const;
  std::vector<std::string> names() const;  // sorted
  // The profile's JSON on lines: as the program has it, or with sorted keys.
  Result<std::string> text(std::string_view name) const;
  // Sorted keys and no white space; from_json() gives the same set back.
  const std::string& json() const;
  std::string digest() const;  // SHA-256 of json(), hex
  // permission_denied names the first one that is for tests.
  Status check_production() const;

  // failed_precondition names a profile that says something else than in `before` beyond its policies, with no greater
  // version.
  Status check_versions_after(const ProfileSet& before) const;

 private:
  struct Content;
  explicit ProfileSet(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  const Content& content() const;
  std::shared_ptr<const Content> content_;  // none: built in
  bool for_production_ = false;
};

}  // namespace antin::issuance
