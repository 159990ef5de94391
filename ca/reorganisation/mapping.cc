#include "ca/reorganisation/mapping.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

namespace antin::reorganisation {
namespace {

using Json = nlohmann::json;
using Reason = x509::RevocationReason;

struct KindRule {
  Kind kind;
  std::string_view name;
  Reason reason;
};
constexpr KindRule kinds[] = {{Kind::ended, "ended", Reason::cessation_of_operation},
                              {Kind::merged, "merged", Reason::cessation_of_operation},
                              {Kind::renamed, "renamed", Reason::superseded},
                              {Kind::joined, "joined", Reason::cessation_of_operation},
                              {Kind::moved, "moved", Reason::affiliation_changed}};

std::unexpected<Error> bad(std::size_t line, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "reorganisation line " + std::to_string(line) + ": " + what);
}

Result<std::string> text(const Json& object, const char* name, std::size_t line, bool required) {
  const auto found = object.find(name);
  if (found == object.end()) {
    if (!required) return std::string();
    return bad(line, std::string("\"") + name + "\" is missing");
  }
  if (!found->is_string()) return bad(line, std::string("\"") + name + "\" is not a string");
  if (required && found->get_ref<const std::string&>().empty())
    return bad(line, std::string("\"") + name + "\" is empty");
  return found->get<std::string>();
}

Status known_members(const Json& object, std::initializer_list<std::string_view> known, std::size_t line) {
  for (const auto& [name, value] : object.items())
    if (std::ranges::find(known, name) == known.end()) return bad(line, "unknown member \"" + name + "\"");
  return {};
}

Status read_header(const Json& object, Mapping& mapping) {
  if (!object.is_object() || object.value("format", Json()) != Json("antin-reorganisation-1"))
    return bad(1, "want {\"format\":\"antin-reorganisation-1\",\"name\":…,\"at\":…,\"requested_by\":…}");
  ANTIN_CHECK(known_members(object, {"format", "name", "at", "requested_by"}, 1));
  ANTIN_TRY(mapping.name, text(object, "name", 1, true));
  ANTIN_TRY(mapping.requested_by, text(object, "requested_by", 1, true));
  ANTIN_TRY(const std::string at, text(object, "at", 1, true));
  const auto time = parse_rfc3339(at);
  if (!time) return bad(1, "\"at\" is no time of RFC 3339");
  mapping.at = *time;
  return {};
}

// A body's line says what a roster's row says, and is read as one.
Result<Body> read_body(Json object, std::size_t line) {
  ANTIN_CHECK(known_members(object, {"body", "bloc", "profile", "key_spec", "unit", "fields"}, line));
  Body body{.line = line};
  ANTIN_TRY(body.unit, text(object, "unit", line, false));
  object.erase("unit");
  ANTIN_TRY(const std::string code, text(object, "body", line, true));
  object.erase("body");
  object.update({{"row", 1}, {"code", code}, {"kind", "organisation"}, {"key", "token"}});
  if (!object.contains("profile")) object["profile"] = "organisation";
  const std::string roster = R"({"format":"antin-roster-1","name":"-"})" "\n" + object.dump() + "\n";
  auto read = authority::read_roster(bytes_of(roster));
  if (!read) {
    const std::string& message = read.error().message;
    const std::string_view where = "roster line 2: ";
    return bad(line, message.starts_with(where) ? message.substr(where.size()) : message);
  }
  body.row = std::move(read->rows.front());
  return body;
}

Result<Reason> read_reason(const Json& object, Reason of_kind, std::size_t line) {
  ANTIN_TRY(const std::string name, text(object, "reason", line, false));
  if (name.empty()) return of_kind;
  const auto reason = x509::revocation_reason(name);
  constexpr Reason fitting[] = {Reason::cessation_of_operation, Reason::superseded, Reason::affiliation_changed};
  if (reason && std::ranges::find(fitting, *reason) != std::end(fitting)) return *reason;
  return bad(line, "\"reason\" is none of cessationOfOperation, superseded, affiliationChanged");
}

Result<Step> read_step(const Json& object, std::size_t line) {
  ANTIN_CHECK(known_members(object, {"from", "kind", "to", "reason", "persons_to"}, line));
  Step step{.line = line};
  ANTIN_TRY(step.from, text(object, "from", line, true));
  ANTIN_TRY(const std::string name, text(object, "kind", line, true));
  const auto rule = std::ranges::find(kinds, name, &KindRule::name);
  if (rule == std::end(kinds)) return bad(line, "\"kind\" is none of ended, merged, renamed, joined, moved");
  step.kind = rule->kind;
  ANTIN_TRY(step.reason, read_reason(object, rule->reason, line));
  ANTIN_TRY(step.to, text(object, "to", line, false));
  ANTIN_TRY(step.persons_to, text(object, "persons_to", line, false));
  const bool stays = step.kind == Kind::renamed || step.kind == Kind::moved;
  if (step.kind == Kind::ended && !step.to.empty())
    return bad(line, "a body that ended has no \"to\": where its persons go is \"persons_to\"");
  if (stays && step.to.empty()) step.to = step.from;
  if (step.kind == Kind::moved && step.ends()) return bad(line, "a body that moved keeps its code: use renamed");
  if (!stays && step.kind != Kind::ended && step.to.empty())
    return bad(line, "\"to\" is missing: the body that it goes into");
  if (!stays && step.to == step.from) return bad(line, "a body does not go into itself");
  if (step.persons_to.empty()) step.persons_to = step.to;
  return step;
}

Result<Person> read_person(const Json& object, std::size_t line) {
  ANTIN_CHECK(known_members(object, {"person", "to"}, line));
  Person person{.line = line};
  ANTIN_TRY(person.code, text(object, "person", line, true));
  if (!object.contains("to")) return bad(line, "\"to\" is missing: a body's code, or \"\" for who leaves");
  ANTIN_TRY(person.to, text(object, "to", line, false));
  return person;
}

Status read_line(const Json& object, std::size_t line, Mapping& mapping) {
  if (!object.is_object()) return bad(line, "not a JSON object");
  if (object.contains("body")) {
    ANTIN_TRY(Body body, read_body(object, line));
    if (mapping.body(body.row.code) != nullptr) return bad(line, body.row.code + " is described already");
    mapping.bodies.push_back(std::move(body));
    return {};
  }
  if (object.contains("from")) {
    ANTIN_TRY(Step step, read_step(object, line));
    if (const Step* before = mapping.step(step.from))
      return bad(line, step.from + " stands in line " + std::to_string(before->line) +
                           " already: a body has one successor");
    mapping.steps.push_back(std::move(step));
    return {};
  }
  if (!object.contains("person")) return bad(line, "none of \"body\", \"from\", \"person\" is there");
  ANTIN_TRY(Person person, read_person(object, line));
  if (std::ranges::find(mapping.persons, person.code, &Person::code) != mapping.persons.end())
    return bad(line, person.code + " stands in another line already");
  mapping.persons.push_back(std::move(person));
  return {};
}

std::ptrdiff_t sources(const Mapping& mapping, const std::string& to) {
  return std::ranges::count(mapping.steps, to, &Step::to);
}

Status check_step(const Mapping& mapping, const Step& step) {
  for (const std::string& follower : {step.to, step.persons_to}) {
    const Step* next = follower.empty() || follower == step.from ? nullptr : mapping.step(follower);
    if (next != nullptr && next->ends())
      return bad(step.line, follower + " ends itself (line " + std::to_string(next->line) +
                                "): name the body that is there afterwards");
  }
  const bool described = mapping.body(step.to) != nullptr;
  if (step.kind != Kind::ended && step.kind != Kind::joined && !described)
    return bad(step.line, step.to + " has no line \"body\" that says what it is called afterwards");
  const auto joined = std::ranges::count_if(
      mapping.steps, [&](const Step& other) { return other.to == step.to && other.kind == Kind::joined; });
  if (step.kind == Kind::renamed && sources(mapping, step.to) - joined != 1)
    return bad(step.line, "several bodies become " + step.to + ": that is merged, not renamed");
  if (step.kind == Kind::merged && sources(mapping, step.to) < 2)
    return bad(step.line, step.to + " comes from this body alone: that is renamed, not merged");
  return {};
}

Status check_whole(const Mapping& mapping) {
  for (const Step& step : mapping.steps) ANTIN_CHECK(check_step(mapping, step));
  for (const Body& body : mapping.bodies)
    if (sources(mapping, body.row.code) == 0)
      return bad(body.line, "no body becomes " + body.row.code + ": a new one is asked for in a roster");
  for (const Person& person : mapping.persons) {
    const Step* next = mapping.step(person.to);
    if (next != nullptr && next->ends())
      return bad(person.line, person.to + " ends itself (line " + std::to_string(next->line) +
                                  "): name the body that is there afterwards");
  }
  if (mapping.steps.empty()) return fail(ErrorCode::invalid_argument, "reorganisation: nothing becomes of any body");
  return {};
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  for (const KindRule& rule : kinds)
    if (rule.kind == kind) return rule.name;
  return "";
}

const Body* Mapping::body(std::string_view code) const {
  for (const Body& one : bodies)
    if (one.row.code == code) return &one;
  return nullptr;
}

const Step* Mapping::step(std::string_view from) const {
  for (const Step& one : steps)
    if (one.from == from) return &one;
  return nullptr;
}

Result<Mapping> read_mapping(ByteView file) {
  Mapping mapping;
  std::string_view rest = text_of(file);
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const Json object = Json::parse(rest.substr(0, end), nullptr, false);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (object.is_discarded()) return bad(line, "is not JSON");
    ANTIN_CHECK(line == 1 ? read_header(object, mapping) : read_line(object, line, mapping));
  }
  ANTIN_CHECK(check_whole(mapping));
  return mapping;
}

}  // namespace antin::reorganisation
