// `antin ca check`: what another system left of an authority, before anything of it is taken over.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/migration/old_authority.h"
#include "cli/commands/ca_check.h"

namespace antin::commands {
namespace {

struct CheckOptions {
  std::string folder, certificate, list;
};

std::string doubt_text(Session& session, const migration::Doubt& doubt) {
  std::vector<std::string> arguments = doubt.arguments;
  const bool from_elsewhere =
      doubt.rule == "move.line" || doubt.rule == "move.unreadable" || doubt.rule == "move.list_unreadable" ||
      doubt.rule == "move.weak_key";
  if (from_elsewhere) arguments[0] = session.words(arguments[0]);
  return session.text(doubt.rule, arguments);
}

Json doubt_value(Session& session, const migration::Doubt& doubt) {
  return {{"line", doubt.line},
          {"file", doubt.file.string()},
          {"rule", doubt.rule},
          {"severity", doubt.error ? "error" : "warning"},
          {"message", doubt_text(session, doubt)}};
}

Json survey_value(Session& session, const CheckOptions& options, const migration::OldAuthority& old,
                  const migration::Survey& survey) {
  Json value = {{"directory", options.folder},
                {"authority",
                 {{"subject", old.certificate.subject().rfc4514()},
                  {"serial", old.certificate.serial().hex()},
                  {"not_after", to_rfc3339(old.certificate.not_after())},
                  {"sha256", to_hex(old.certificate.fingerprint())}}},
                {"lines", old.lines.size() + old.unreadable_lines.size()},
                {"valid", survey.valid},
                {"revoked", survey.revoked},
                {"expired", survey.expired},
                {"listed", old.list ? Json(old.list->size()) : Json()},
                {"above_crl_number", survey.above_crl_number}};
  value["doubts"] = Json::array();
  for (const migration::Doubt& one : survey.doubts) value["doubts"].push_back(doubt_value(session, one));
  return value;
}

void say_doubt(Session& session, const migration::Doubt& doubt) {
  const std::string text = doubt_text(session, doubt);
  const std::string severity = session.text(doubt.error ? "lint.severity.error" : "lint.severity.warning");
  if (doubt.line != 0) return session.say("move.at_line", {severity, std::to_string(doubt.line), text});
  session.say(doubt.file.empty() ? "move.anywhere" : "move.at_file", {severity, doubt.file.string(), text});
}

Result<ExitCode> check(Session& session, const CheckOptions& options) {
  ANTIN_TRY(const migration::OldAuthority old,
            migration::read_old_authority({options.folder, options.certificate, options.list}));
  const migration::Survey survey = migration::survey_of(old, session.now());
  const auto errors =
      static_cast<std::size_t>(std::ranges::count_if(survey.doubts, [](const auto& one) { return one.error; }));
  session.say("move.authority", {old.certificate.subject().rfc4514(), for_people(old.certificate.not_after())});
  for (const migration::Doubt& one : survey.doubts) say_doubt(session, one);
  session.say("move.sum", {std::to_string(survey.valid), std::to_string(survey.revoked), std::to_string(survey.expired),
                           std::to_string(errors), std::to_string(survey.doubts.size() - errors)});
  session.say("move.crl_number", {std::to_string(survey.above_crl_number)});
  if (session.json) session.print(survey_value(session, options, old, survey));
  return errors == 0 ? exit_done : exit_refused;
}

}  // namespace

void add_ca_check(Command ca) {
  add_command<CheckOptions>(
      ca, "check", "ca.check",
      [](Command command, CheckOptions& options) {
        command.operand("DIR", options.folder, "ca.check.folder").required();
        command.option("--ca", options.certificate, "ca.check.ca").value_name("FILE");
        command.option("--crl", options.list, "ca.check.crl").value_name("FILE");
      },
      check);
}

}  // namespace antin::commands
