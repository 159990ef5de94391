// `antin cert import`: certificates that other authorities issued come on record, matched to whose they are.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "ca/foreign/import.h"
#include "cli/commands/cert_foreign.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

struct ImportOptions {
  std::string folder;
  std::vector<std::string> lists;
};

constexpr std::uintmax_t largest_list = 64U << 20;

Result<x509::Crl> read_list(const Path& file) {
  ANTIN_TRY(const Bytes content, read_file(file, largest_list));
  return x509::Crl::from_file_bytes(content);
}

// A list that cannot be read is told beside the certificates that cannot.
std::vector<foreign::GivenList> read_lists(const std::vector<std::string>& files, foreign::Folder& folder) {
  std::vector<foreign::GivenList> lists;
  for (const std::string& file : files) {
    Result<x509::Crl> list = read_list(file);
    if (list)
      lists.push_back({file, *std::move(list)});
    else
      folder.unreadable.push_back({file, list.error()});
  }
  return lists;
}

Json taken_value(Session& session, const foreign::Taken& taken) {
  const store::ForeignCertificate& one = taken.certificate;
  Json value = {{"id", one.id},     {"file", taken.file.string()},  {"subject", one.subject},
                {"kind", one.kind}, {"subscriber", one.subscriber}, {"unit", one.unit}};
  value["doubts"] = Json::array();
  for (const store::Doubt& doubt : one.doubts) value["doubts"].push_back(doubt_value(session, doubt));
  return value;
}

Json list_value(Session& session, const foreign::ListAnswer& answer) {
  Json value = {{"file", answer.file.string()},
                {"issuer", answer.issuer},
                {"taken", !answer.refused.has_value()},
                {"stale", answer.stale},
                {"changed", answer.events.size()}};
  if (answer.refused) value.update(doubt_value(session, *answer.refused));
  return value;
}

Json refused_value(Session& session, const foreign::Refused& refused) {
  Json value = {{"file", refused.file.string()}};
  value.update(doubt_value(session, refused.why));
  return value;
}

Json unreadable_value(Session& session, const foreign::UnreadableFile& unreadable) {
  return {{"file", unreadable.file.string()}, {"message", session.words(unreadable.error.message)}};
}

bool is_expired(const foreign::Taken& taken) {
  return std::ranges::any_of(taken.certificate.doubts,
                             [](const store::Doubt& doubt) { return doubt.rule == "import.expired"; });
}

Json outcome_value(Session& session, const foreign::Folder& folder, const foreign::Outcome& outcome) {
  Json value = {{"dry_run", session.dry_run},
                {"files", folder.files},
                {"imported", outcome.taken.size()},
                {"expired", std::ranges::count_if(outcome.taken, is_expired)},
                {"known", outcome.known.size()},
                {"own", outcome.own.size()},
                {"authorities", outcome.authorities.size()}};
  for (const char* list : {"answers", "doubtful", "refused", "unreadable", "crls"}) value[list] = Json::array();
  for (const foreign::Answer& answer : outcome.answers)
    value["answers"].push_back({{"request", answer.request}, {"certificate", answer.certificate}});
  for (const foreign::Taken& taken : outcome.taken)
    if (!taken.certificate.doubts.empty()) value["doubtful"].push_back(taken_value(session, taken));
  for (const foreign::Refused& refused : outcome.refused) value["refused"].push_back(refused_value(session, refused));
  for (const foreign::UnreadableFile& file : folder.unreadable)
    value["unreadable"].push_back(unreadable_value(session, file));
  for (const foreign::ListAnswer& list : outcome.lists) value["crls"].push_back(list_value(session, list));
  return value;
}

std::string word(const Json& value, const char* name) { return value.at(name).get<std::string>(); }
std::string count(const Json& value, const char* name) {
  return std::to_string(value.at(name).is_array() ? value.at(name).size() : value.at(name).get<std::uint64_t>());
}

// What the value says, for people: those to look at first, the sum last.
void say_outcome(Session& session, const Json& value, const foreign::Outcome& outcome) {
  for (const Json& one : value.at("unreadable"))
    session.say("import.unreadable", {word(one, "file"), word(one, "message")});
  for (const Json& one : value.at("doubtful")) {
    session.say("import.doubtful", {word(one, "id"), word(one, "subject"), word(one, "file")});
    for (const Json& doubt : one.at("doubts")) session.say("import.reason", {word(doubt, "message")});
  }
  for (const foreign::FoundCertificate& one : outcome.authorities)
    session.say("import.authority", {one.file.string(), one.certificate.subject().rfc4514()});
  for (const foreign::Taken& one : outcome.known) session.say("import.known", {one.file.string(), one.certificate.id});
  for (const Json& one : value.at("crls")) {
    if (!one.at("taken").get<bool>()) session.say("import.crl_refused", {word(one, "file"), word(one, "message")});
    if (one.at("taken").get<bool>())
      session.say(one.at("stale").get<bool>() ? "import.crl_stale" : "import.crl_taken",
                  {word(one, "file"), word(one, "issuer"), count(one, "changed")});
  }
  for (const foreign::Answer& one : outcome.answers) session.say("import.answer", {one.request, one.certificate});
  for (const Json& one : value.at("refused")) session.say("import.refused", {word(one, "file"), word(one, "message")});
  session.say(session.dry_run ? "import.would" : "import.done",
              {count(value, "imported"), count(value, "expired"), count(value, "doubtful"), count(value, "known"),
               count(value, "authorities"), count(value, "refused"), count(value, "unreadable")});
}

// What was refused tells more than what could not be read.
ExitCode exit_of(const foreign::Folder& folder, const foreign::Outcome& outcome) {
  const bool list_refused =
      std::ranges::any_of(outcome.lists, [](const foreign::ListAnswer& list) { return list.refused.has_value(); });
  if (list_refused || !outcome.refused.empty()) return exit_refused;
  return folder.unreadable.empty() ? exit_done : exit_failed;
}

Result<ExitCode> import_folder(Session& session, const ImportOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(foreign::Folder folder, in("import", foreign::read_folder(options.folder)));
  const std::vector<foreign::GivenList> lists = read_lists(options.lists, folder);
  ANTIN_TRY(std::vector<foreign::Subscriber> subscribers, foreign::known_subscribers(*home.store));
  ANTIN_TRY(const units::Units units, units::lam_dong());
  const foreign::Province province(std::move(subscribers), units.all());
  ANTIN_TRY(const foreign::Outcome outcome,
            foreign::import_certificates(home.context(session), folder, lists, province, session.dry_run));
  const Json value = outcome_value(session, folder, outcome);
  if (session.json)
    session.print(value);
  else
    say_outcome(session, value, outcome);
  return exit_of(folder, outcome);
}

}  // namespace

void add_cert_import(Command cert) {
  add_command<ImportOptions>(
      cert, "import", "cert.import",
      [](Command command, ImportOptions& options) {
        command.operand("DIR", options.folder, "import.folder").required();
        command.option("--crl", options.lists, "import.crl").value_name("FILE");
      },
      import_folder);
}

}  // namespace antin::commands
