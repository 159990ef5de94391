// `antin lint cert|crl`: what the rules of RFC 5280 say about a certificate or list of anybody's, from the file alone.
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
enum class Subject { certificate, list };

// PEM when there is a block, else DER: octets that are neither are a finding, not a failure.
Result<Bytes> read_subject(const std::string& file, Subject subject) {
  ANTIN_TRY(Bytes content, read_file(file));
  if (!text_of(content).contains("-----BEGIN ")) return content;
  return in(file, from_pem(subject == Subject::list ? "X509 CRL" : "CERTIFICATE", text_of(content)));
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

Result<ExitCode> lint_file(Session& session, const LintOptions& options, Subject subject) {
  ANTIN_TRY(const Bytes der, read_subject(options.file, subject));
  const lint::Findings findings = subject == Subject::list ? lint::crl(der) : lint::certificate(der);
  if (session.json)
    print_findings(session, options, findings);
  else
    say_findings(session, options, findings);
  return findings.acceptable() ? exit_done : exit_refused;
}

}  // namespace

void add_lint(Command antin) {
  Command group = antin.group("lint");
  const auto declare = [](Command command, LintOptions& options) {
    command.operand("FILE", options.file, "lint.file").required();
  };
  add_command<LintOptions>(group, "cert", "lint.cert", declare, [](Session& session, const LintOptions& options) {
    return lint_file(session, options, Subject::certificate);
  });
  add_command<LintOptions>(group, "crl", "lint.crl", declare, [](Session& session, const LintOptions& options) {
    return lint_file(session, options, Subject::list);
  });
}

}  // namespace antin::commands
