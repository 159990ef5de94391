#include "ca/issuance/profile_set.h"

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/issuance/profile_explain.h"

namespace antin::issuance {

using Json = nlohmann::json;

struct ProfileSet::Content {
  std::map<std::string, Profile, std::less<>> profiles;
  std::map<std::string, std::string, std::less<>> texts;
  std::string canonical;
};

namespace {

constexpr std::size_t largest = 1U << 20;
constexpr std::size_t most = 100;

std::unexpected<Error> refuse(const std::string& why) { return fail(ErrorCode::invalid_argument, "profiles: " + why); }

// A profile that the program has by that name is of its kind, so that what asks for it by name gets what it means.
Status fits_program(const std::string& name, const Profile& profile) {
  if (profile.name() != name) return refuse(name + ": calls itself " + profile.name());
  const auto ours = built_in_profile(name);
  if (!ours && is_authority_kind(profile.kind()))
    return refuse(name + ": authorities are root, issuing, link and cross alone");
  if (ours && ours->kind() != profile.kind())
    return refuse(name + ": is of kind " + std::string(to_string(profile.kind())) + ", not " +
                  std::string(to_string(ours->kind())));
  return {};
}

Status refuse_for_tests(const Profile& profile) {
  if (!profile.for_tests()) return {};
  return fail(ErrorCode::permission_denied,
              "profiles: " + profile.name() + ": a production configuration refuses a test profile");
}

Result<Json> built_in_documents() {
  Json all = Json::object();
  for (const std::string& name : built_in_profile_names()) {
    ANTIN_TRY(const std::string_view text, built_in_profile_text(name));
    all[name] = Json::parse(text);
  }
  return all;
}

}  // namespace

Result<ProfileSet> ProfileSet::from_json(std::string_view text) {
  if (text.size() > largest) return refuse("larger than 1 MiB");
  const Json document = Json::parse(text, nullptr, false);
  if (!document.is_object()) return refuse("is not a JSON object of profiles");
  if (document.size() > most) return refuse("more than 100 profiles");
  auto content = std::make_shared<Content>();
  for (const auto& [name, value] : document.items()) {
    const std::string one = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    ANTIN_TRY(Profile profile, in(name, Profile::from_json(one)));
    ANTIN_CHECK(fits_program(name, profile));
    content->profiles.emplace(name, std::move(profile));
    content->texts.emplace(name, value.dump(2) + "\n");
  }
  content->canonical = document.dump();
  return ProfileSet(std::move(content));
}

Result<ProfileSet> ProfileSet::compose(const std::vector<std::string>& files, const PolicyIds& policies) {
  ANTIN_TRY(Json all, built_in_documents());
  for (const std::string& file : files) {
    ANTIN_TRY(const Profile profile, Profile::from_json(file));
    all[profile.name()] = Json::parse(file);
  }
  for (const auto& [name, ids] : policies) {
    if (!all.contains(name)) return refuse("policies of " + name + ": no profile has that name");
    all[name]["policies"] = ids;
  }
  return from_json(all.dump());
}

const ProfileSet::Content& ProfileSet::content() const {
  if (content_) return *content_;
  // A constant of the program, whose tests see to it that it can be read.
  static const ProfileSet built_in = [] { return compose({}, {}).value(); }();
  return *built_in.content_;
}

ProfileSet ProfileSet::for_production() const {
  ProfileSet same = *this;
  same.for_production_ = true;
  return same;
}

Result<Profile> ProfileSet::find(std::string_view name) const {
  const auto found = content().profiles.find(name);
  if (found != content().profiles.end()) {
    if (for_production_) ANTIN_CHECK(refuse_for_tests(found->second));
    return found->second;
  }
  std::string all;
  for (const auto& [known, profile] : content().profiles) all += (all.empty() ? "" : ", ") + known;
  return fail(ErrorCode::not_found, "profile: unknown: " + std::string(name) + ": choose one of " + all);
}

std::vector<std::string> ProfileSet::names() const {
  std::vector<std::string> names;
  for (const auto& [name, profile] : content().profiles) names.push_back(name);
  return names;
}

Result<std::string> ProfileSet::text(std::string_view name) const {
  ANTIN_TRY(const Profile profile, find(name));
  const auto ours = built_in_profile(name);
  if (!ours || ours->digest() != profile.digest()) return content().texts.find(name)->second;
  ANTIN_TRY(const std::string_view text, built_in_profile_text(name));
  return std::string(text);
}

const std::string& ProfileSet::json() const { return content().canonical; }

namespace {

// What a version stands for: policies come from configuration.
Json without_policies(const std::string& text) {
  Json value = Json::parse(text);
  value.erase("policies");
  return value;
}

}  // namespace

Status ProfileSet::check_versions_after(const ProfileSet& before) const {
  for (const auto& [name, profile] : content().profiles) {
    const auto earlier = before.content().profiles.find(name);
    if (earlier == before.content().profiles.end() || earlier->second.digest() == profile.digest()) continue;
    const bool same = without_policies(content().texts.at(name)) == without_policies(before.content().texts.at(name));
    if (same || profile.version() > earlier->second.version()) continue;
    return fail(ErrorCode::failed_precondition, "profiles: " + name + " was changed and is still version " +
                                                    std::to_string(profile.version()) + ": give it the next number");
  }
  return {};
}

Status ProfileSet::check_production() const {
  for (const auto& [name, profile] : content().profiles) ANTIN_CHECK(refuse_for_tests(profile));
  return {};
}

std::string ProfileSet::digest() const { return to_hex(sha256(bytes_of(json()))); }

}  // namespace antin::issuance
