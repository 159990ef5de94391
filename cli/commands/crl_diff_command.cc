// `antin crl diff`: the old system's list, and its OCSP answers, beside the list that takes over.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "ca/migration/difference.h"
#include "cli/commands/crl_files.h"

namespace antin::commands {
namespace {

struct DiffOptions {
  std::string before, now, ca;
  std::vector<std::string> answers;
};

constexpr std::uintmax_t largest_answer = 1U << 20;
constexpr std::size_t most_answers = 100'000;

// A list whose signature does not hold says nothing about anything.
Result<x509::Crl> read_signed(const Session& session, const std::string& which, const x509::Certificate& issuer) {
  ANTIN_TRY(x509::Crl list, read_crl(session, which));
  ANTIN_TRY(const bool good, in(which, list.signed_by(issuer)));
  if (good) return list;
  return fail(ErrorCode::failed_precondition,
              which + ": crl: the key of " + issuer.subject().rfc4514() + " did not sign it");
}

// Files as named, and those of folders by name; folders in folders are not looked into.
Result<std::vector<Path>> answer_files(const std::vector<std::string>& given) {
  std::vector<Path> files;
  for (const std::string& one : given) {
    std::error_code error;
    if (!std::filesystem::is_directory(one, error)) {
      files.emplace_back(one);
      continue;
    }
    std::vector<Path> found;
    for (std::filesystem::directory_iterator at(one, error), end; !error && at != end; at.increment(error))
      if (std::error_code ignored; at->is_regular_file(ignored)) found.push_back(at->path());
    if (error) return fail(ErrorCode::permission_denied, one + ": read: " + error.message());
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  if (files.size() <= most_answers) return files;
  return fail(ErrorCode::resource_exhausted,
              "crl: more than " + std::to_string(most_answers) + " answers: compare them in parts");
}

struct Answers {
  std::size_t files = 0;
  std::vector<x509::OcspAnswer> good;
  std::vector<std::pair<Path, Error>> refused;  // unreadable, or not signed for this authority
};

Result<x509::OcspAnswer> read_answer(const Path& file, const x509::Certificate& issuer) {
  ANTIN_TRY(const Bytes octets, read_file(file, largest_answer));
  ANTIN_TRY(x509::OcspAnswer answer, x509::OcspAnswer::from_der(octets));
  ANTIN_TRY(const bool good, answer.signed_by(issuer));
  if (good) return answer;
  return fail(ErrorCode::failed_precondition,
              "ocsp: neither " + issuer.subject().rfc4514() + " nor a responder that it appointed signed the answer");
}

Result<Answers> read_answers(const std::vector<std::string>& given, const x509::Certificate& issuer) {
  ANTIN_TRY(const std::vector<Path> files, answer_files(given));
  Answers answers{.files = files.size(), .good = {}, .refused = {}};
  for (const Path& file : files) {
    auto answer = read_answer(file, issuer);
    if (answer)
      answers.good.push_back(*std::move(answer));
    else
      answers.refused.emplace_back(file, answer.error());
  }
  return answers;
}

Json said_value(const std::optional<migration::Said>& said) {
  if (!said) return nullptr;
  Json value = {{"revoked_at", to_rfc3339(said->revoked_at)}, {"reason", x509::to_string(said->reason)}};
  if (said->invalidity_date) value["invalidity_date"] = to_rfc3339(*said->invalidity_date);
  return value;
}

Json differences_value(const std::vector<migration::Difference>& differences) {
  Json list = Json::array();
  for (const migration::Difference& one : differences)
    list.push_back({{"kind", to_string(one.kind)},
                    {"serial", one.serial.hex()},
                    {"old", said_value(one.before)},
                    {"new", said_value(one.now)}});
  return list;
}

std::string said_text(Session& session, const std::optional<migration::Said>& said) {
  if (!said) return session.text("crl.diff.not_revoked");
  std::string text = for_people(said->revoked_at) + " " + std::string(x509::to_string(said->reason));
  if (said->invalidity_date) text += " (" + for_people(*said->invalidity_date) + ")";
  return text;
}

void say_differences(Session& session, const std::vector<migration::Difference>& differences) {
  for (const migration::Difference& one : differences)
    session.say("crl.diff." + std::string(to_string(one.kind)),
                {one.serial.hex(), said_text(session, one.before), said_text(session, one.now)});
}

Json answers_value(Session& session, const Answers& answers, const migration::AnswersCompared& compared) {
  Json refused = Json::array();
  for (const auto& [file, error] : answers.refused)
    refused.push_back({{"file", file.string()}, {"message", session.words(error.message)}});
  return {{"files", answers.files},
          {"compared", compared.compared},
          {"of_others", compared.of_others},
          {"differences", differences_value(compared.differences)},
          {"refused", refused}};
}

void say_answers(Session& session, const Answers& answers, const migration::AnswersCompared& compared) {
  for (const auto& [file, error] : answers.refused)
    session.say("crl.diff.refused", {file.string(), session.words(error.message)});
  if (!compared.differences.empty()) session.say("crl.diff.answers_differ");
  say_differences(session, compared.differences);
  session.say("crl.diff.answers", {std::to_string(compared.compared), std::to_string(compared.of_others),
                                   std::to_string(compared.differences.size())});
}

Result<ExitCode> diff(Session& session, const DiffOptions& options) {
  ANTIN_TRY(const x509::Crl named, read_crl(session, options.before));
  ANTIN_TRY(const x509::Certificate issuer, crl_issuer(session, named, options.ca));
  ANTIN_TRY(const x509::Crl before, read_signed(session, options.before, issuer));
  ANTIN_TRY(const x509::Crl now, read_signed(session, options.now, issuer));
  ANTIN_TRY(const auto differences, migration::compare(before, now));
  ANTIN_TRY(const Answers answers, read_answers(options.answers, issuer));
  const migration::AnswersCompared compared = migration::compare(answers.good, now, issuer);
  const bool same = differences.empty() && compared.differences.empty() && answers.refused.empty();
  say_differences(session, differences);
  session.say("crl.diff.sum",
              {std::to_string(before.size()), std::to_string(now.size()), std::to_string(differences.size())});
  if (!options.answers.empty()) say_answers(session, answers, compared);
  if (session.json)
    session.print({{"old", options.before},
                   {"new", options.now},
                   {"same", same},
                   {"entries", {{"old", before.size()}, {"new", now.size()}}},
                   {"differences", differences_value(differences)},
                   {"answers", answers_value(session, answers, compared)}});
  return same ? exit_done : exit_refused;
}

}  // namespace

void add_crl_diff(Command crl) {
  add_command<DiffOptions>(
      crl, "diff", "crl.diff",
      [](Command command, DiffOptions& options) {
        command.operand("OLD", options.before, "crl.diff.old").required();
        command.operand("NEW", options.now, "crl.diff.new").required();
        command.option("--ca", options.ca, "crl.ca").value_name("FILE");
        command.option("--answers", options.answers, "crl.diff.answers").value_name("PATH");
      },
      diff);
}

}  // namespace antin::commands
