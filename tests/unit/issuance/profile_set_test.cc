#include "ca/issuance/profile_set.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace antin;
using namespace antin::issuance;

namespace {

std::string changed(const char* name, const char* member, const nlohmann::json& value) {
  auto text = nlohmann::json::parse(ProfileSet().text(name).value());
  text[member] = value;
  return text.dump();
}

}  // namespace

TEST_CASE("a set of profiles is read back from its JSON, and the built-in ones are the default") {
  const ProfileSet built_in;
  CHECK(built_in.names() == std::vector<std::string>{"citizen", "cross", "device", "document-service", "firm", "issuing", "link",
                                                     "ocsp-signer", "officer", "officer-encryption", "organisation",
                                                     "personal", "root", "tsa"});
  const ProfileSet again = ProfileSet::from_json(built_in.json()).value();
  CHECK(again.json() == built_in.json());
  CHECK(again.digest() == built_in.digest());
  for (const std::string& name : built_in.names())
    CHECK(again.find(name).value().digest() == built_in_profile(name).value().digest());
  CHECK(again.find("nobody").error().code == ErrorCode::not_found);
}

TEST_CASE("policies of the configuration take the place of those of a profile") {
  const ProfileSet set = ProfileSet::compose({}, {{"organisation", {"1.3.6.1.4.1.32473.9.1"}}}).value();
  CHECK(set.find("organisation").value().policies() == std::vector<std::string>{"1.3.6.1.4.1.32473.9.1"});
  CHECK(set.find("personal").value().digest() == built_in_profile("personal").value().digest());
  CHECK(set.check_versions_after(ProfileSet()));
  CHECK_FALSE(ProfileSet::compose({}, {{"organisation", {"not an oid"}}}));
  CHECK_FALSE(ProfileSet::compose({}, {{"nobody", {"1.2.3"}}}));
}

TEST_CASE("a profile that was changed has a greater version") {
  const auto years = nlohmann::json::parse(R"({"years": 3, "less_days": 1, "clip_to_issuer": true})");
  const std::string same_version = changed("personal", "validity", years);
  const ProfileSet set = ProfileSet::compose({same_version}, {}).value();
  CHECK(set.check_versions_after(ProfileSet()).error().code == ErrorCode::failed_precondition);
  auto next = nlohmann::json::parse(same_version);
  next["version"] = built_in_profile("personal").value().version() + 1;
  CHECK(ProfileSet::compose({next.dump()}, {}).value().check_versions_after(ProfileSet()));
}

TEST_CASE("a profile that a recorded set lacks is not in force, whatever the program has") {
  auto all = nlohmann::json::parse(ProfileSet().json());
  all.erase("device");
  const ProfileSet set = ProfileSet::from_json(all.dump()).value();
  CHECK(set.find("device").error().code == ErrorCode::not_found);
  CHECK(set.find("personal"));
}

TEST_CASE("a set cannot change the kind of a profile, or bring one more authority") {
  auto all = nlohmann::json::parse(ProfileSet().json());
  SECTION("has another kind") {
    all["officer"] = all["personal"];
    all["officer"]["name"] = "officer";
  }
  SECTION("calls itself otherwise") { all["staff"] = all["personal"]; }
  SECTION("one more authority") {
    all["issuing-2"] = all["issuing"];
    all["issuing-2"]["name"] = "issuing-2";
  }
  SECTION("is no profile") { all["personal"] = 1; }
  CHECK(ProfileSet::from_json(all.dump()).error().code == ErrorCode::invalid_argument);
}
