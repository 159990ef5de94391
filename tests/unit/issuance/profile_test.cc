#include "ca/issuance/profile.h"

#include <algorithm>

#include "ca/issuance/profile_explain.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::issuance;

namespace {

const std::string good = R"({"name":"thu","version":1,"kind":"personal","test":true,
  "subject":[{"type":"C","value":"VN"},{"type":"O","field":"o"},{"type":"CN","field":"cn"}],
  "validity":{"years":2},"key_usage":["digitalSignature"],"extended_key_usage":["1.3.6.1.5.5.7.3.36"],
  "leaf":{"mail":"optional","dns":"forbidden"},"subject_key_id":"sha256"})";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("all profiles are built in and read") {
  const auto names = built_in_profile_names();
  CHECK(names.size() == 14);
  for (const std::string& name : names) {
    const auto profile = built_in_profile(name);
    INFO(name << (profile ? "" : ": " + profile.error().message));
    REQUIRE(profile.has_value());
    CHECK(profile->name() == name);
    CHECK_FALSE(profile->for_tests());
    CHECK(profile->digest().size() == 64);
    CHECK(profile->is_authority() == (name == "root" || name == "issuing" || name == "link" || name == "cross"));
  }
  const auto unknown = built_in_profile("nobody");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().code == ErrorCode::not_found);
  CHECK(unknown.error().message.contains("personal"));
}

TEST_CASE("the profile of cross certificates leaves path length and policies to the decision") {
  std::string cross(built_in_profile_text("cross").value());
  CHECK(Profile::from_json(cross).has_value());
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {R"("authority": {})", R"("authority": {"path_length": 3})"},
           {R"("authority": {})", R"("policies": ["2.5.29.32.0"], "authority": {})"}}) {
    const auto read = Profile::from_json(replaced(cross, from, to));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().message.contains("decided with it"));
  }
}

TEST_CASE("a profile of one's own is read, and its digest does not depend on its layout") {
  const Profile profile = Profile::from_json(good).value();
  CHECK(profile.for_tests());
  CHECK(profile.digest() ==
        Profile::from_json(replaced(good, "\"version\":1,", " \"version\" : 1 ,\n")).value().digest());
  CHECK(profile.digest() != Profile::from_json(replaced(good, "\"version\":1", "\"version\":2")).value().digest());
}

TEST_CASE("a profile names the kind of its issuer's key, and the kinds of ML-DSA that it takes from subscribers") {
  const Profile plain = Profile::from_json(good).value();
  CHECK_FALSE(plain.issuer_key());
  CHECK(plain.takes(hsm::KeyAlgorithm::rsa));
  CHECK_FALSE(plain.takes(hsm::KeyAlgorithm::ml_dsa_65));
  const Profile profile =
      Profile::from_json(replaced(good, R"("test":true,)",
                                  R"("test":true,"issuer_key":"ml-dsa-65","subject_keys":["ml-dsa-44","ml-dsa-87"],)"))
          .value();
  CHECK(profile.issuer_key() == hsm::KeyAlgorithm::ml_dsa_65);
  CHECK(profile.takes(hsm::KeyAlgorithm::ml_dsa_44));
  CHECK(profile.takes(hsm::KeyAlgorithm::ml_dsa_87));
  CHECK_FALSE(profile.takes(hsm::KeyAlgorithm::ml_dsa_65));
  for (const char* bad :
       {R"("subject_keys":[])", R"("subject_keys":["rsa"])", R"("issuer_key":"ml-dsa")", R"("issuer_key":"ed25519")"})
    CHECK_FALSE(Profile::from_json(replaced(good, R"("test":true)", bad)).has_value());
}

TEST_CASE("a leaf profile cannot say that it makes an authority") {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {R"("leaf":{"mail":"optional","dns":"forbidden"})", R"("authority":{"path_length":0})"},
           {R"("leaf":{)", R"("authority":{},"leaf":{)"},
           {R"("leaf":{)", R"("leaf":{"ca":true,)"},
           {R"(["digitalSignature"])", R"(["digitalSignature","keyCertSign"])"},
           {R"(["digitalSignature"])", R"(["cRLSign"])"},
           {R"("kind":"personal")", R"("kind":"issuing")"},
       }) {
    INFO(to);
    CHECK_FALSE(Profile::from_json(replaced(good, from, to)).has_value());
  }
}

TEST_CASE("what is wrong in a profile is named") {
  struct Row {
    const char *from, *to, *says;
  };
  for (const Row& row :
       {Row{R"("version":1)", R"("version":0)", "version"}, Row{R"("years":2)", R"("years":9)", "years"},
        Row{R"("years":2)", R"("years":"2")", "years"}, Row{R"("years":2)", R"("years":0)", "/validity"},
        Row{R"("1.3.6.1.5.5.7.3.36")", R"("1.99.1")", "/extended_key_usage/0"},
        Row{R"("type":"O")", R"("type":"Ô")", "/subject/1"}, Row{R"("test":true)", R"("tset":true)", "tset"},
        Row{R"("test":true)", R"("name":"khac")", "/name: is there twice"}, Row{"{", "[", "not JSON"},
        Row{"thu", "th\xff", "UTF-8"}}) {
    const auto read = Profile::from_json(replaced(good, row.from, row.to));
    INFO(row.to << " -> " << (read ? "accepted" : read.error().message));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::invalid_argument);
    CHECK(read.error().message.contains(row.says));
  }
  CHECK_FALSE(Profile::from_json(std::string(1 << 17, ' ')).has_value());
  CHECK_FALSE(Profile::from_json(std::string(40000, '[')).has_value());
  CHECK_FALSE(Profile::from_json("").has_value());
  std::string long_oid = "1";
  for (int i = 0; i < 20000; ++i) long_oid += ".1";
  CHECK_FALSE(Profile::from_json(replaced(good, "1.3.6.1.5.5.7.3.36", long_oid)).has_value());
}

TEST_CASE("a subject is the template filled, in its order") {
  const Profile profile = built_in_profile("organisation").value();
  CHECK(profile.subject({{"cn", "UBND THÀNH PHỐ ĐÀ LẠT"}, {"o", "TỈNH ỦY LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"}, {"l", "Đà Lạt"}})
            .value()
            .rfc4514() == "CN=UBND THÀNH PHỐ ĐÀ LẠT,O=TỈNH ỦY LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP),L=Đà Lạt,C=VN");
  const auto missing = profile.subject({{"o", "x"}});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message.contains("cn"));
  const auto too_long = profile.subject({{"o", "x"}, {"cn", std::string(65, 'a')}});
  REQUIRE_FALSE(too_long.has_value());
  CHECK(too_long.error().message.contains("cn"));
  CHECK(too_long.error().message.contains("64"));
}

TEST_CASE("a citizen and a firm have the subjects of a public authority: UID, CN, ST, C") {
  using Attributes = std::vector<std::pair<std::string, std::string>>;
  const auto text = [](const char* profile, const Attributes& fields) {
    const auto subject = built_in_profile(profile).value().subject(fields);
    return subject ? subject->rfc4514() : subject.error().message;
  };
  CHECK(text("citizen", {{"cn", "Ka Nhùm Thử"}, {"st", "Lâm Đồng"}, {"uid", "CCCD:099085000123"}}) ==
        "UID=CCCD:099085000123,CN=Ka Nhùm Thử,ST=Lâm Đồng,C=VN");
  CHECK(
      text("citizen",
           {{"cn", "Ka Nhùm Thử"}, {"st", "Lâm Đồng"}, {"uid", "CCCD:099085000123"}, {"firm_uid", "MST:0000000017"}}) ==
      "UID=CCCD:099085000123,UID=MST:0000000017,CN=Ka Nhùm Thử,ST=Lâm Đồng,C=VN");
  CHECK(text("firm", {{"cn", "CÔNG TY THỬ"}, {"st", "Lâm Đồng"}, {"uid", "MST:0000000017"}}) ==
        "UID=MST:0000000017,CN=CÔNG TY THỬ,ST=Lâm Đồng,C=VN");
  CHECK(text("firm", {{"cn", "CÔNG TY THỬ"}, {"st", "Lâm Đồng"}}).contains("uid"));
}

TEST_CASE("a CA profile asks for twenty years at most") {
  const auto root = [](const std::string& years) {
    return Profile::from_json(R"({"name":"root","version":9,"kind":"root",
      "subject":[{"type":"C","value":"VN"},{"type":"O","field":"o"},{"type":"CN","field":"cn"}],
      "validity":{"years":)" + years +
                              R"(},"key_usage":["keyCertSign","cRLSign"],"authority":{},"subject_key_id":"sha256"})");
  };
  CHECK(root("20").has_value());
  REQUIRE_FALSE(root("21").has_value());
  CHECK(root("21").error().message.contains("/validity/years"));
}

TEST_CASE("validity is years less a day, also over leap days, and is clipped to the issuer") {
  const Profile profile = built_in_profile("personal").value();
  CHECK(profile.validity(time_at(2025, 3, 13), std::nullopt).value().not_after == time_at(2030, 3, 12));
  CHECK(profile.validity(time_at(2024, 2, 29), std::nullopt).value().not_after == time_at(2029, 2, 27));
  CHECK(profile.validity(time_at(2025, 3, 13), time_at(2026, 1, 1)).value().not_after == time_at(2026, 1, 1));
  const auto too_late = profile.validity(time_at(2025, 3, 13), time_at(2025, 3, 13));
  REQUIRE_FALSE(too_late.has_value());
  CHECK(too_late.error().code == ErrorCode::failed_precondition);
  CHECK(Profile::from_json(good).value().validity(time_at(2025, 1, 1), time_at(2026, 1, 1)).error().code ==
        ErrorCode::failed_precondition);
}
