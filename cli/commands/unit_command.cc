// `antin unit list|show`, `antin body show`: what units and bodies were called when, and what followed them.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ca/units/units.h"
#include "ca/x509/certificate.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

struct ListOptions {
  std::string level;
};
struct ShowOptions {
  std::string code;
};

std::string day(Time time) { return to_rfc3339(time, vietnam_offset).substr(0, 10); }

Json unit_value(const units::Unit& unit) {
  return {{"code", unit.code},
          {"level", unit.level},
          {"name", unit.name},
          {"parent", unit.parent},
          {"agency_code", unit.agency_code},
          {"from", to_rfc3339(unit.from)},
          {"until", unit.until ? Json(to_rfc3339(*unit.until)) : Json()}};
}

void say_unit(Session& session, const units::Unit& unit) {
  session.say(unit.until ? "unit.ended" : "unit.line",
              {unit.code, unit.name, unit.agency_code.empty() ? "-" : unit.agency_code, day(unit.from),
               unit.until ? day(*unit.until) : ""});
}

Result<ExitCode> list(Session& session, const ListOptions& options) {
  ANTIN_TRY(const units::Units units, units::lam_dong());
  Json values = Json::array();
  for (const units::Unit& unit : units.at(session.now())) {
    if (!options.level.empty() && unit.level != options.level) continue;
    say_unit(session, unit);
    values.push_back(unit_value(unit));
  }
  if (session.json) session.print(values);
  return exit_done;
}

// With --at the state of that day, else all of them: one code was different units.
Result<ExitCode> show(Session& session, const ShowOptions& options) {
  ANTIN_TRY(const units::Units units, units::lam_dong());
  Json values = Json::array();
  for (const units::Unit& unit : units.all()) {
    if (unit.code != options.code && (unit.agency_code != options.code || options.code.empty())) continue;
    if (session.at && !unit.in_force(*session.at)) continue;
    say_unit(session, unit);
    Json value = unit_value(unit);
    value["predecessors"] = Json::array();
    for (const units::Unit* before : units.predecessors(unit)) {
      session.say("unit.predecessor", {before->code, before->name});
      value["predecessors"].push_back({{"code", before->code}, {"name", before->name}});
    }
    const units::Unit* next = units.successor(unit);
    if (next != nullptr) session.say("unit.successor", {next->code, next->name});
    value["successor"] = next == nullptr ? Json() : Json{{"code", next->code}, {"name", next->name}};
    values.push_back(std::move(value));
  }
  if (values.empty()) return fail(ErrorCode::not_found, "units: no unit has the code " + options.code + " then");
  if (session.json) session.print(values);
  return exit_done;
}

// What a certificate says of its body, and for how long it did.
Result<Json> body_value(OpenHome& home, const store::CertificateRecord& record) {
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_TRY(const auto events, home.store->revocations(record.id));
  Json value = {{"certificate", record.id},
                {"name", certificate.subject().first("CN")},
                {"organisation", certificate.subject().first("O")},
                {"place", certificate.subject().first("L")},
                {"from", to_rfc3339(record.not_before)},
                {"until", to_rfc3339(record.not_after)},
                {"followed_by", ""}};
  for (const store::RevocationEvent& event : events) {
    if (event.act != store::RevocationEvent::Act::revoke) continue;
    value["until"] = to_rfc3339(event.at);
    value["followed_by"] = event.followed_by;
  }
  return value;
}

Result<ExitCode> show_body(Session& session, const ShowOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(auto records,
            home.store->certificates({.kind = "organisation", .subscriber = options.code}, session.now()));
  std::ranges::stable_sort(records, {}, &store::CertificateRecord::not_before);
  if (session.at)
    std::erase_if(records, [&](const auto& record) {
      return *session.at < record.not_before || record.not_after < *session.at;
    });
  Json names = Json::array();
  for (const store::CertificateRecord& record : records) {
    ANTIN_TRY(Json value, body_value(home, record));
    const auto member = [&](const char* name) { return value.at(name).get<std::string>(); };
    if (session.at && member("until") < to_rfc3339(*session.at)) continue;
    session.say("body.line",
                {member("name"), member("place"), member("from").substr(0, 10), member("until").substr(0, 10)});
    if (!member("followed_by").empty()) session.say("body.followed_by", {member("followed_by")});
    names.push_back(std::move(value));
  }
  if (names.empty())
    return fail(ErrorCode::not_found,
                "body " + options.code + ": no certificate of a body with that code was valid then");
  ANTIN_TRY(const std::vector<std::string> follows, home.store->followed(options.code));
  for (const std::string& one : follows) session.say("body.follows", {one});
  if (session.json) session.print({{"code", options.code}, {"names", names}, {"follows", follows}});
  return exit_done;
}

}  // namespace

void add_unit(Command antin) {
  Command group = antin.group("unit");
  add_command<ListOptions>(
      group, "list", "unit.list",
      [](Command command, ListOptions& options) {
        command.option("--level", options.level, "unit.level").one_of({"province", "district", "commune"});
      },
      list);
  add_command<ShowOptions>(
      group, "show", "unit.show",
      [](Command command, ShowOptions& options) {
        command.operand("CODE", options.code, "unit.code").required();
      },
      show);
  Command body = antin.group("body");
  add_command<ShowOptions>(
      body, "show", "body.show",
      [](Command command, ShowOptions& options) {
        command.operand("CODE", options.code, "body.code").required();
      },
      show_body);
}

}  // namespace antin::commands
