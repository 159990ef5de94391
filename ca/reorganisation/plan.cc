#include "ca/reorganisation/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/case_fold.h"
#include "ca/foreign/unit_names.h"
#include "ca/reorganisation/holders.h"

namespace antin::reorganisation {
namespace {

using authority::Finding;
using policy::Act;
using Row = authority::Roster::Row;
using Reason = x509::RevocationReason;

std::string folded(const std::string& text) { return fold_case(text).value_or(text); }

std::string name_key(const std::string& o, const std::string& name) { return folded(o) + "\n" + folded(name); }

std::string field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

void set_field(Fields& fields, std::string_view name, const std::string& value) {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  if (found == fields.end())
    fields.emplace_back(name, value);
  else
    found->second = value;
}

Fields sorted(Fields fields) {
  std::ranges::sort(fields);
  return fields;
}

std::string named(const std::string& cn, const std::string& ou) { return ou.empty() ? cn : cn + ", " + ou; }
std::string named(const Held& held) { return named(held.cn, held.ou); }
std::string named(const Fields& fields) { return named(field(fields, "cn"), field(fields, "ou")); }

// Rows in their three parts, so that nothing is revoked before what follows it is made.
class Rows {
 public:
  void make(Row row, Told told) { add(made_, std::move(row), std::move(told)); }
  void change(Row row, Told told) { add(changed_, std::move(row), std::move(told)); }
  void end(Row row, Told told) { add(ended_, std::move(row), std::move(told)); }
  void move_into(Plan& plan) {
    for (auto* part : {&made_, &changed_, &ended_}) {
      for (auto& [row, told] : *part) {
        row.row = plan.acts.rows.size() + 1;
        plan.acts.rows.push_back(std::move(row));
        plan.told.push_back(std::move(told));
      }
    }
  }

 private:
  using Part = std::vector<std::pair<Row, Told>>;
  static void add(Part& part, Row row, Told told) { part.emplace_back(std::move(row), std::move(told)); }
  Part made_, changed_, ended_;
};

class Planner {
 public:
  Planner(const Mapping& mapping, const Holders& holders, const units::Units& units)
      : mapping_(mapping), holders_(holders), units_(units) {}

  Plan plan() {
    plan_.acts.format = 2;
    plan_.acts.name = mapping_.name;
    for (const Held& held : holders_.all())
      if (held.kind == "organisation") bodies_by_name_[name_key(held.o, held.cn)].insert(held.code);
    for (const Body& body : mapping_.bodies) take_body(body);
    for (const Step& step : mapping_.steps) take_step(step);
    for (const Person& person : mapping_.persons) take_named(person);
    std::set<std::string> persons;
    for (const Held& held : holders_.all())
      if (held.kind == "personal" && !held.code.empty()) persons.insert(held.code);
    for (const std::string& code : persons)
      if (!seen_.contains(code)) take_person(code);
    rows_.move_into(plan_);
    look_at_the_rest();
    return std::move(plan_);
  }

 private:
  void refuse(std::size_t line, std::string member, std::string rule, std::vector<std::string> arguments) {
    plan_.refusals.push_back({line, std::move(member), std::move(rule), std::move(arguments), true});
  }
  // Not an error: a mapping that was corrected is read again after part of it was done.
  void note(std::size_t line, std::string member, std::string rule, std::vector<std::string> arguments) {
    plan_.notes.push_back({line, std::move(member), std::move(rule), std::move(arguments), false});
  }
  void doubt(const Held& held, std::string rule, std::vector<std::string> arguments) {
    if (doubted_.insert(held.id).second)
      plan_.doubtful.push_back({held.id, {std::move(rule), std::move(arguments)}});
  }

  Row row_on(const Held& held, Act act) {
    touched_.insert(held.id);
    Row row;
    row.act = act;
    row.code = held.code;
    row.kind = held.kind;
    row.bloc = held.bloc;
    row.profile = held.profile;
    row.key = "same";
    row.replaces = held.id;
    row.requested_by = mapping_.requested_by;
    return row;
  }
  void end(const Held& held, Reason reason, const std::string& followed_by) {
    Row row = row_on(held, Act::revoke);
    row.reason = reason;
    if (followed_by != held.code) row.followed_by = followed_by;
    rows_.end(std::move(row), {named(held), {}});
  }

  // A body as it is afterwards: its one new certificate, under its old code or a new one.
  void take_body(const Body& body) {
    const std::string& code = body.row.code;
    const Step* own = mapping_.step(code);  // it stays: read_mapping refuses one that ends and is followed onto
    if (!body.unit.empty() && units_.find(body.unit, mapping_.at) == nullptr)
      refuse(body.line, "unit", "reorganise.unit_unknown", {body.unit, to_rfc3339(mapping_.at, vietnam_offset)});
    Row row = body.row;
    row.requested_by = mapping_.requested_by;
    const std::vector<const Held*> held = holders_.of(code);
    const auto usable = std::ranges::find_if(held, [](const Held* one) { return !one->followed && !one->suspended; });
    if (usable == held.end() && !held.empty())
      return refuse(body.line, "body", "reorganise.not_replaceable", {code, held.front()->id});
    if (held.empty()) return rows_.make(std::move(row), {{}, named(body.row.fields)});
    const Held& last = **usable;
    if (last.kind != "organisation") return refuse(body.line, "body", "reorganise.no_body", {code, last.id});
    const auto before = holders_.fields(last);
    touched_.insert(last.id);
    if (before && sorted(*before) == sorted(body.row.fields) && last.bloc == row.bloc && last.profile == row.profile)
      return note(body.line, "fields", "reorganise.nothing_new", {code});
    row.act = Act::rekey;
    row.replaces = last.id;
    row.reason = own != nullptr ? own->reason : Reason::superseded;
    rows_.make(std::move(row), {named(last), named(body.row.fields)});
    for (const Held* other : held)
      if (other != &last) end(*other, own != nullptr ? own->reason : Reason::superseded, {});
  }

  // A body that ends: each certificate, with the one that follows.
  void take_step(const Step& step) {
    const std::vector<const Held*> held = holders_.of(step.from);
    if (!holders_.knows(step.from)) return refuse(step.line, "from", "reorganise.code_unknown", {step.from});
    if (held.empty()) note(step.line, "from", "reorganise.no_certificate", {step.from});
    if (!held.empty() && held.front()->kind != "organisation")
      return refuse(step.line, "from", "reorganise.no_body", {step.from, held.front()->id});
    for (const std::string& to : std::set<std::string>{step.to, step.persons_to})
      if (!to.empty() && !is_there(to)) refuse(step.line, "to", "reorganise.follower_unknown", {to});
    for (const Held* one : held) {
      steps_by_name_[name_key(one->o, one->cn)].insert(&step);
      if (step.ends()) end(*one, step.reason, step.to);
    }
  }

  // Whether the body has a certificate afterwards.
  bool is_there(const std::string& code) const {
    if (mapping_.body(code) != nullptr) return true;
    return std::ranges::any_of(holders_.of(code), [](const Held* one) { return one->kind == "organisation"; });
  }

  void take_named(const Person& person) {
    if (!holders_.knows(person.code)) return refuse(person.line, "person", "reorganise.code_unknown", {person.code});
    const std::vector<const Held*> held = holders_.of(person.code);
    seen_.insert(person.code);
    if (!person.to.empty() && !is_there(person.to))
      return refuse(person.line, "to", "reorganise.follower_unknown", {person.to});
    if (held.empty()) note(person.line, "person", "reorganise.no_certificate", {person.code});
    if (!held.empty() && held.front()->kind != "personal")
      return refuse(person.line, "person", "reorganise.no_person", {person.code, held.front()->id});
    move(held, person.to);
  }

  // Whose body the mapping is about: by the name of the body in O and OU. Another body of that name may go on, and the
  // person may be its.
  void take_person(const std::string& code) {
    const std::vector<const Held*> held = holders_.of(code);
    std::set<const Step*> steps;
    std::set<std::string> codes;
    for (const Held* one : held) {
      const std::string name = name_key(one->o, one->ou);
      const auto found = steps_by_name_.find(name);
      if (found == steps_by_name_.end()) continue;
      steps.insert(found->second.begin(), found->second.end());
      codes.insert(bodies_by_name_[name].begin(), bodies_by_name_[name].end());
    }
    if (steps.empty()) return;
    if (codes.size() == 1) return move(held, (*steps.begin())->persons_to);
    std::string all;
    for (const std::string& one : codes) all += (all.empty() ? "" : ", ") + one;
    for (const Held* one : held) doubt(*one, "reorganise.several_bodies", {all});
  }

  // The persons' certificates name the body `to` from now on; without one they leave.
  void move(const std::vector<const Held*>& held, const std::string& to) {
    if (held.empty()) return;
    if (to.empty()) {
      for (const Held* one : held) end(*one, Reason::affiliation_changed, {});
      return;
    }
    const auto usable = std::ranges::find_if(held, [](const Held* one) { return !one->followed && !one->suspended; });
    if (usable == held.end())
      return doubt(*held.front(), "reorganise.not_replaceable", {held.front()->code, held.front()->id});
    const Held& last = **usable;
    auto fields = holders_.fields(last);
    const auto body = fields_of_body(to);
    if (!fields || !body) return doubt(last, "reorganise.no_row", {last.code});
    const Fields before = *fields;
    set_field(*fields, "o", field(*body, "o"));
    set_field(*fields, "ou", field(*body, "cn"));
    const std::string bloc = bloc_of_body(to);
    if (sorted(before) == sorted(*fields) && bloc == last.bloc) return;
    Row row = row_on(last, Act::change);
    row.bloc = bloc;
    row.reason = Reason::affiliation_changed;
    row.fields = *fields;
    rows_.change(std::move(row), {named(last), named(*fields)});
    for (const Held* other : held)
      if (other != &last) end(*other, Reason::affiliation_changed, {});
  }

  std::optional<Fields> fields_of_body(const std::string& code) const {
    if (const Body* body = mapping_.body(code)) return body->row.fields;
    const auto held = holders_.of(code);
    return held.empty() ? std::nullopt : holders_.fields(*held.front());
  }
  std::string bloc_of_body(const std::string& code) const {
    if (const Body* body = mapping_.body(code)) return body->row.bloc;
    return holders_.of(code).front()->bloc;
  }

  // What no row is about: in order, unless it names a body or a unit that is no more.
  void look_at_the_rest() {
    const foreign::UnitNames names(units_.at(mapping_.at - seconds(1)));
    for (const Held& held : holders_.all()) {
      if (touched_.contains(held.id)) continue;
      if (!doubted_.contains(held.id)) look_at(held, names);
      if (!doubted_.contains(held.id)) plan_.untouched.push_back(held.id);
    }
    std::ranges::sort(plan_.doubtful, {}, &Doubtful::certificate);
  }
  void look_at(const Held& held, const foreign::UnitNames& names) {
    const auto step = steps_by_name_.find(name_key(held.o, held.ou));
    if (step != steps_by_name_.end() && held.kind == "device")
      return doubt(held, "reorganise.of_ended_body", {(*step->second.begin())->from});
    // The place alone (O, L) tells nothing: whoever sits in a district that ends may well go on.
    std::vector<std::string> values{held.ou};
    if (held.kind != "personal") values.insert(values.end(), {held.cn, held.code});
    const foreign::UnitNames::Found found = names.find(values, {held.l});
    if (found.by_place || found.codes.size() != 1) return;
    const units::Unit* unit = units_.find(found.codes.front(), mapping_.at - seconds(1));
    if (unit == nullptr || unit->level == "province" || unit->until != mapping_.at) return;
    const units::Unit* next = units_.successor(*unit);
    if (next != nullptr && next->name == unit->name) return;
    doubt(held, "reorganise.names_ended_unit", {unit->name, next == nullptr ? "-" : next->name});
  }

  const Mapping& mapping_;
  const Holders& holders_;
  const units::Units& units_;
  Plan plan_;
  Rows rows_;
  std::set<std::string> touched_, doubted_, seen_;              // certificates; certificates; codes of persons
  std::map<std::string, std::set<const Step*>> steps_by_name_;  // by name_key of the body
  std::map<std::string, std::set<std::string>> bodies_by_name_;  // codes of all bodies, by name_key
};

}  // namespace

Result<Plan> plan(const authority::Context& context, const Mapping& mapping, const units::Units& units) {
  ANTIN_TRY(const Holders holders, Holders::read(context));
  return Planner(mapping, holders, units).plan();
}

}  // namespace antin::reorganisation
