// `antin verify`: the verdict on signed files, from files alone: no store, no token, and no network unless --online
// asks for it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "cli/commands/command.h"
#include "cli/commands/say_error.h"
#include "cli/http/fetch.h"
#include "cli/wiring/config.h"
#include "cli/wiring/trust.h"
#include "cli/words/report_words.h"
#include "signer/validation/verify.h"

namespace antin::commands {
namespace {

struct VerifyOptions {
  std::vector<std::string> files;
  std::string detached, trust;
  bool online = false;
};

std::string_view language_name(const Session& session) { return session.language == Language::vi ? "vi" : "en"; }

void say_signature(Session& session, const validation::SignatureReport& signature) {
  session.say("verify.signature", {std::string(to_string(signature.indication)), signature.signer,
                                   signature.signing_time ? to_rfc3339(*signature.signing_time, vietnam_offset) : "-"});
  if (!signature.scope.empty()) session.say("verify.scope", {signature.scope});
  for (const validation::Reason& reason : signature.reasons)
    session.say("verify.reason", {validation::sentence(reason, language_name(session))});
}

void say_report(Session& session, const std::string& file, const validation::Report& report) {
  std::string verdict(to_string(report.indication));
  if (report.sub_indication != validation::SubIndication::none)
    verdict += " / " + std::string(to_string(report.sub_indication));
  session.say("verify.verdict",
              {file, verdict, session.text("verify.plain." + std::string(to_string(report.indication)))});
  for (const validation::Reason& reason : report.reasons)
    session.say("verify.reason", {validation::sentence(reason, language_name(session))});
  for (const validation::SignatureReport& signature : report.signatures) say_signature(session, signature);
}

// One object a line; with several files each begins with `file`.
void print_report(Session& session, const std::string& file, const validation::Report& report, bool several) {
  Json value;
  if (several) value["file"] = file;
  value.update(Json::parse(validation::to_json(report, language_name(session))));
  session.print(value);
}

Result<validation::Report> judge(Session& session, const std::string& file, const std::optional<Bytes>& detached,
                                 const x509::TrustMaterial& trust) {
  ANTIN_TRY(Bytes document, read_file(file));
  std::optional<ByteView> content;
  if (detached) content = ByteView(*detached);
  ANTIN_TRY(validation::Report report, in(file, validation::verify({document, content, trust, session.now()})));
  return words::in_language(std::move(report), session.language);
}

// A file that cannot be judged is no reason to correct anything here: what can be judged is said instead.
void say_failure(Session& session, const std::string& file, const Error& error, bool several) {
  Json told = error_value(session, error);
  if (error.code == ErrorCode::invalid_argument && hint(error) == hint(error.code))
    told["hint"] = session.text("hint.verify");
  if (session.json) {
    Json value;
    if (several) value["file"] = file;
    value["error"] = told;
    session.print(value);
    return;
  }
  session.err() << session.text("error.line", {told.at("message").get<std::string>()}) << '\n'
                << session.text("error.hint", {told.at("hint").get<std::string>()}) << '\n';
}

// A CMS alone can be given data, also one that carries its content: the two are then held against each other. Anything
// else would leave them unread.
Result<bool> takes_data(Session& session, const std::string& file, const x509::TrustMaterial& trust) {
  ANTIN_TRY(const validation::Report report, judge(session, file, std::nullopt, trust));
  return report.format == "cades";
}

// The CRLs that the signers' certificates name, added to what is at hand. One that cannot be had is said, and changes
// no verdict.
void fetch_lists(Session& session, const validation::Report& report, const http::FetchLimits& limits,
                 std::set<std::string>& asked, x509::TrustMaterial& trust) {
  for (const validation::SignatureReport& signature : report.signatures) {
    for (const std::string& url : signature.crl_urls) {
      if (!asked.insert(url).second) continue;
      const Result<Bytes> fetched = http::fetch(url, limits);
      Result<x509::Crl> list =
          fetched ? in("fetch " + url, x509::Crl::from_file_bytes(*fetched)) : Result<x509::Crl>(fail(fetched.error()));
      if (list)
        trust.crls.push_back(*std::move(list));
      else
        session.err() << session.text("verify.not_fetched", {session.words(list.error().message)}) << '\n';
    }
  }
}

// Hosts that may have private addresses: where this home publishes.
http::FetchLimits fetch_limits(const Session& session) {
  http::FetchLimits limits;
  const auto config = wiring::read_config(session.home);
  const auto host = config ? http::host_of(config->publish_url + "/") : Result<std::string>(fail(config.error()));
  if (host) limits.known_hosts.push_back(*host);
  return limits;
}

// One file's verdict; with --online after what it names was fetched.
Result<validation::Report> verdict(Session& session, const VerifyOptions& options, const std::string& file,
                                   const std::optional<Bytes>& detached, std::set<std::string>& asked,
                                   x509::TrustMaterial& trust) {
  Result<validation::Report> report = judge(session, file, detached, trust);
  if (!options.online || !report) return report;
  fetch_lists(session, *report, fetch_limits(session), asked, trust);
  return judge(session, file, detached, trust);
}

Result<ExitCode> verify(Session& session, const VerifyOptions& options) {
  const bool several = options.files.size() > 1;
  if (several && !options.detached.empty())
    return say_usage_error(session, "--detached goes with one FILE, not with " + std::to_string(options.files.size()));
  ANTIN_TRY(x509::TrustMaterial trust,
            options.trust.empty() ? wiring::load_trust(session.home) : wiring::load_trust(Path(options.trust)));
  std::optional<Bytes> detached;
  if (!options.detached.empty()) {
    ANTIN_TRY(detached, read_file(options.detached));
    const Result<bool> takes = takes_data(session, options.files.front(), trust);
    if (takes && !*takes)
      return say_usage_error(session, options.files.front() + " is not a detached signature: leave --detached out");
  }
  bool failed = false, refused = false;
  std::set<std::string> asked;
  for (const std::string& file : options.files) {
    const Result<validation::Report> report = verdict(session, options, file, detached, asked, trust);
    if (!report) {
      failed = true;
      say_failure(session, file, report.error(), several);
      continue;
    }
    refused = refused || report->indication != validation::Indication::total_passed;
    if (session.json) {
      print_report(session, file, *report, several);
    } else {
      say_report(session, file, *report);
    }
  }
  return failed ? exit_failed : refused ? exit_refused : exit_done;
}

}  // namespace

void add_verify(Command antin) {
  add_command<VerifyOptions>(
      antin, "verify", "verify",
      [](Command command, VerifyOptions& options) {
        command.operand("FILE", options.files, "verify.file").required();
        command.option("--detached", options.detached, "verify.detached").value_name("FILE");
        command.option("--trust", options.trust, "verify.trust").value_name("DIR");
        command.flag("--online", options.online, "verify.online");
      },
      verify);
}

}  // namespace antin::commands
