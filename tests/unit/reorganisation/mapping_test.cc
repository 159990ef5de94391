#include "ca/reorganisation/mapping.h"

#include <initializer_list>
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/json_schema.h"

using namespace antin;
using nlohmann::json;
using reorganisation::Kind;
using Reason = x509::RevocationReason;

namespace {

const json head = {{"format", "antin-reorganisation-1"},
                   {"name", "Lâm Đồng 01/7/2025"},
                   {"at", "2025-07-01T00:00:00+07:00"},
                   {"requested_by", "000.00.90.H36"}};

json body(const std::string& code) {
  return {{"body", code},
          {"bloc", "government"},
          {"fields", {{"o", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG"}, {"l", "Lâm Đồng"}, {"cn", "CƠ QUAN " + code}}}};
}
json step(const std::string& from, const std::string& kind, const std::string& to = {}) {
  json line = {{"from", from}, {"kind", kind}};
  if (!to.empty()) line["to"] = to;
  return line;
}
// What is read fits the schema too.
Result<reorganisation::Mapping> read(std::initializer_list<json> lines) {
  std::string text = head.dump() + "\n";
  for (const json& line : lines) text += line.dump() + "\n";
  auto mapping = reorganisation::read_mapping(bytes_of(text));
  if (!mapping) return mapping;
  CHECK(tests::misfit("reorganisation.schema.json", head.dump()).empty());
  for (const json& line : lines) CHECK(tests::misfit("reorganisation.schema.json", line.dump()).empty());
  return mapping;
}
std::string refusal(std::initializer_list<json> lines) {
  const auto found = read(lines);
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == ErrorCode::invalid_argument);
  return found.error().message;
}
bool says(const std::string& message, std::string_view part) {
  INFO(message);
  return message.find(part) != std::string::npos;
}
json with(json line, const std::string& member, const json& value) {
  line[member] = value;
  return line;
}

}  // namespace

TEST_CASE("a mapping: kinds with their reasons, where persons go, new bodies as a roster's row says them") {
  const auto read_one = read({step("A", "ended"), step("B", "merged", "N"), step("C", "merged", "N"), body("N"),
                              step("D", "renamed"), body("D"), step("E", "renamed", "F"), body("F"),
                              step("G", "joined", "H"), step("I", "moved"), body("I"),
                              with(step("K", "ended"), "persons_to", "N"),
                              with(step("L", "joined", "N"), "reason", "superseded"),
                              json{{"person", "P-1"}, {"to", ""}}});
  INFO((read_one ? "" : read_one.error().message));
  REQUIRE(read_one.has_value());
  const reorganisation::Mapping& mapping = *read_one;
  CHECK(mapping.at == time_at(2025, 6, 30, 17));
  CHECK(mapping.requested_by == "000.00.90.H36");
  CHECK(mapping.step("A")->reason == Reason::cessation_of_operation);
  CHECK(mapping.step("A")->persons_to.empty());
  CHECK(mapping.step("B")->persons_to == "N");
  CHECK(mapping.step("D")->to == "D");
  CHECK_FALSE(mapping.step("D")->ends());
  CHECK(mapping.step("D")->reason == Reason::superseded);
  CHECK(mapping.step("E")->ends());
  CHECK(mapping.step("I")->reason == Reason::affiliation_changed);
  CHECK(mapping.step("I")->kind == Kind::moved);
  CHECK(mapping.step("K")->persons_to == "N");
  CHECK(mapping.step("L")->reason == Reason::superseded);
  CHECK(mapping.step("M") == nullptr);
  CHECK(mapping.body("N")->row.key == "token");
  CHECK(mapping.body("N")->row.profile == "organisation");
  CHECK(mapping.body("N")->line == 5);
  CHECK(mapping.persons.front().to.empty());
}

TEST_CASE("a body that several become and that has been there is renamed once, and others join it") {
  CHECK(read({step("A", "renamed"), body("A"), step("B", "joined", "A")}).has_value());
  CHECK(says(refusal({step("A", "renamed", "N"), step("B", "renamed", "N"), body("N")}),
             "that is merged, not renamed"));
  CHECK(says(refusal({step("A", "merged", "N"), body("N")}), "that is renamed, not merged"));
}

TEST_CASE("circles, chains and two successors are refused, with the line") {
  SECTION("two successors") {
    CHECK(says(refusal({step("A", "joined", "B"), step("A", "joined", "C")}),
               "line 3: A stands in line 2 already: a body has one successor"));
  }
  SECTION("a circle") {
    CHECK(says(refusal({step("A", "joined", "B"), step("B", "joined", "A")}), "line 2: B ends itself (line 3)"));
  }
  SECTION("a chain: what follows must be there afterwards") {
    CHECK(says(refusal({step("A", "joined", "B"), step("B", "joined", "C")}), "B ends itself"));
    CHECK(says(refusal({with(step("A", "ended"), "persons_to", "B"), step("B", "ended")}), "B ends itself"));
    CHECK(says(refusal({step("B", "ended"), json{{"person", "P-1"}, {"to", "B"}}}), "B ends itself"));
  }
  SECTION("into itself") { CHECK(says(refusal({step("A", "joined", "A")}), "does not go into itself")); }
  SECTION("a person twice") {
    CHECK(says(refusal({step("A", "ended"), json{{"person", "P"}, {"to", ""}}, json{{"person", "P"}, {"to", "B"}}}),
               "line 4: P stands in another line already"));
  }
}

TEST_CASE("what a line says must fit its kind, and every body comes from somewhere") {
  CHECK(says(refusal({step("A", "ended", "B")}), "persons_to"));
  CHECK(says(refusal({step("A", "joined")}), "\"to\" is missing"));
  CHECK(says(refusal({step("A", "moved", "B"), body("B")}), "use renamed"));
  CHECK(says(refusal({step("A", "renamed")}), "A has no line \"body\""));
  CHECK(says(refusal({step("A", "merged", "N"), step("B", "merged", "N")}), "N has no line \"body\""));
  CHECK(says(refusal({step("A", "ended"), body("N")}), "no body becomes N"));
  CHECK(says(refusal({step("A", "vanished")}), "\"kind\" is none of"));
  CHECK(says(refusal({with(step("A", "ended"), "reason", "keyCompromise")}), "\"reason\" is none of"));
  CHECK(says(refusal({with(step("A", "ended"), "since", "2025")}), "unknown member \"since\""));
  CHECK(says(refusal({step("A", "renamed"), body("A"), body("A")}), "line 4: A is described already"));
  CHECK(says(refusal({step("A", "renamed"), with(body("A"), "bloc", "army")}), "line 3: \"bloc\" has a value"));
  CHECK(says(refusal({step("A", "renamed"), with(body("A"), "csr", "MIIB")}), "unknown member \"csr\""));
  CHECK(says(refusal({json{{"to", "A"}}}), "none of \"body\", \"from\", \"person\""));
  CHECK(says(refusal({json(3)}), "not a JSON object"));
  CHECK(says(refusal({}), "nothing becomes of any body"));
}

TEST_CASE("the schema refuses what the reader refuses in one line") {
  for (const json& line : {step("A", "ended", "B"), step("A", "joined"), step("A", "vanished"),
                           with(step("A", "ended"), "since", "2025"),
                           with(step("A", "ended"), "reason", "keyCompromise"), with(body("A"), "bloc", "army"),
                           json{{"person", "P"}}, json{{"to", "A"}}, json(3)})
    CHECK_FALSE(tests::misfit("reorganisation.schema.json", line.dump()).empty());
}

TEST_CASE("a file that is none is refused") {
  for (const std::string text : {"", "{}\n", "nonsense\n", "{\"format\":\"antin-roster-1\",\"name\":\"x\"}\n", "[1]\n"})
    CHECK_FALSE(reorganisation::read_mapping(bytes_of(text)).has_value());
  CHECK_FALSE(reorganisation::read_mapping(bytes_of(with(head, "at", "yesterday").dump() + "\n")).has_value());
}
