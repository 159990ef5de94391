// `antin lint cert|crl|ocsp|tst`: what the rules say about a certificate, list, OCSP answer or time-stamp token of
// anybody's, from the file alone.
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "ca/issuance/issuer.h"
#include "ca/lint/lint.h"
#include "cli/commands/command.h"

namespace antin::commands {
namespace {

struct LintOptions {
  std::string file;
};
struct Subject {
  lint::Findings (*lint)(ByteView);
  std::string_view pem_label;  // empty: only DER is in use
};

// PEM when there is a block, else DER: octets that are neither are a finding, not a failure.
Result<Bytes> read_subject(const std::string& file, const Subject& subject) {
  ANTIN_TRY(Bytes content, read_file(file));
  if (subject.pem_label.empty() || !text_of(content).contains("-----BEGIN ")) return content;
  return in(file, from_pem(subject.pem_label, text_of(content)));
}

Json to_value(const lint::Finding& finding) {
  const lint::RuleFacts& rule = lint::facts(finding.rule);
  return {{"rule", rule.id},
          {"severity", lint::to_string(rule.severity)},
          {"where", finding.where},
          {"source", rule.source},
          {"detail", finding.detail}};
}

void print_findings(Session& session, const LintOptions& options, const lint::Findings& findings) {
  Json list = Json::array();
  for (const lint::Finding& finding : findings.list()) list.push_back(to_value(finding));
  session.print({{"file", options.file},
                 {"good", findings.acceptable()},
                 {"rules", issuance::lint_rules_version()},
                 {"findings", list}});
}

void say_findings(Session& session, const LintOptions& options, const lint::Findings& findings) {
  for (const lint::Finding& finding : findings.list()) {
    const lint::RuleFacts& rule = lint::facts(finding.rule);
    session.say(finding.detail.empty() ? "lint.finding" : "lint.finding_detail",
                {session.text("lint.severity." + std::string(lint::to_string(rule.severity))), std::string(rule.id),
                 finding.where, std::string(rule.source), finding.detail});
  }
  const std::size_t bad = findings.count(lint::Severity::error) + findings.count(lint::Severity::fatal);
  const std::size_t rest = findings.count(lint::Severity::warning) + findings.count(lint::Severity::notice);
  session.say("lint.sum", {options.file, std::to_string(bad), std::to_string(rest)});
}

Result<ExitCode> lint_file(Session& session, const LintOptions& options, const Subject& subject) {
  ANTIN_TRY(const Bytes octets, read_subject(options.file, subject));
  const lint::Findings findings = subject.lint(octets);
  if (session.json)
    print_findings(session, options, findings);
  else
    say_findings(session, options, findings);
  return findings.acceptable() ? exit_done : exit_refused;
}

void add_subject(Command group, const char* name, const char* help, Subject subject) {
  add_command<LintOptions>(
      group, name, help,
      [](Command command, LintOptions& options) { command.operand("FILE", options.file, "lint.file").required(); },
      [subject](Session& session, const LintOptions& options) { return lint_file(session, options, subject); });
}

}  // namespace

void add_lint(Command antin) {
  Command group = antin.group("lint");
  add_subject(group, "cert", "lint.cert", {lint::certificate, "CERTIFICATE"});
  add_subject(group, "crl", "lint.crl", {lint::crl, "X509 CRL"});
  add_subject(group, "ocsp", "lint.ocsp", {lint::ocsp, {}});
  add_subject(group, "tst", "lint.tst", {lint::time_stamp, {}});
}

}  // namespace antin::commands
