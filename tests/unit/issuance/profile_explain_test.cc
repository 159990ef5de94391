#include "ca/issuance/profile_explain.h"

#include <algorithm>
#include <regex>

#include "ca/issuance/json_lines.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::issuance;

namespace {

const Time now = time_at(2022, 12, 28);

const ExplainedPart& part(const std::vector<ExplainedPart>& parts, const std::string& name) {
  const auto found = std::ranges::find(parts, name, &ExplainedPart::part);
  INFO(name);
  REQUIRE(found != parts.end());
  return *found;
}

std::string line_of(std::string_view text, unsigned number) {
  for (; number > 1; --number) text.remove_prefix(text.find('\n') + 1);
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

TEST_CASE("every built-in profile is explained, and each line named holds the member that its pointer ends with") {
  for (const std::string& name : built_in_profile_names()) {
    INFO(name);
    const std::string_view text = built_in_profile_text(name).value();
    const auto parts = explain_profile(text, now);
    REQUIRE(parts.has_value());
    CHECK(parts->size() > 6);
    for (const ExplainedPart& one : *parts) {
      INFO(one.part << " " << one.pointer);
      CHECK(one.pointer.empty() == (one.line == 0));
      const std::string last = one.pointer.substr(one.pointer.rfind('/') + 1);
      if (one.line != 0 && !std::isdigit(static_cast<unsigned char>(last.front())))
        CHECK(line_of(text, one.line).find("\"" + last + "\"") != std::string::npos);
    }
  }
}

TEST_CASE("the parts say what the certificate has") {
  const auto parts = explain_profile(built_in_profile_text("personal").value(), now).value();
  CHECK(part(parts, "keyUsage").value == "digitalSignature, nonRepudiation");
  CHECK(part(parts, "keyUsage").critical);
  CHECK(part(parts, "basicConstraints").value == "CA:FALSE");
  CHECK(part(parts, "basicConstraints").pointer == "/leaf");
  CHECK(part(parts, "validity").value == "1825 days");
  CHECK(part(parts, "subject.CN").pointer == "/subject/3");
  CHECK(part(parts, "subjectAltName").value == "email:mau@lamdong.test");
  CHECK(part(parts, "authorityKeyIdentifier").pointer.empty());
  const auto root = explain_profile(built_in_profile_text("root").value(), now).value();
  CHECK(part(root, "basicConstraints").value.starts_with("CA:TRUE"));
}

TEST_CASE("a profile that could issue nothing is refused with the linter's finding") {
  std::string text(built_in_profile_text("personal").value());
  const auto replace = [&](const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  };
  SECTION("eleven years") {
    replace("\"years\": 5", "\"years\": 11");
    const auto refused = explain_profile(text, now);
    CHECK(refused.error().message.find("validity") != std::string::npos);
  }
  SECTION("no signing") {
    replace("[\"digitalSignature\", \"nonRepudiation\"]", "[\"keyEncipherment\"]");
    CHECK(explain_profile(text, now).error().code == ErrorCode::failed_precondition);
  }
  SECTION("a leaf that asks to be an authority") {
    replace("\"leaf\": {\"mail\": \"optional\", \"dns\": \"forbidden\"}", "\"authority\": {}");
    CHECK(explain_profile(text, now).error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("lines of a JSON text are found by pointer, whatever its layout") {
  const auto lines = lines_of("{\n \"a\": [1,\n  {\"b/c\": \"x\\\"y,{\"},\n  [true, null]],\n\n \"d~\": {}\n}");
  CHECK(lines.at("/a") == 2);
  CHECK(lines.at("/a/0") == 2);
  CHECK(lines.at("/a/1") == 3);
  CHECK(lines.at("/a/1/b~1c") == 3);
  CHECK(lines.at("/a/2/1") == 4);
  CHECK(lines.at("/d~0") == 6);
  CHECK(lines.size() == 8);
}
