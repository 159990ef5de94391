// `antin ca list`, and `check`, `roll-over` and `cross` beside it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/issuer_service.h"
#include "cli/commands/ca_check.h"
#include "cli/commands/ca_import.h"
#include "cli/commands/ca_session.h"
#include "cli/commands/command.h"
#include "hsm/public_key.h"

namespace antin::commands {
namespace {

using authority::IssuerRegister;
using authority::RegisteredIssuer;

struct NoOptions {};

// `decided`: approved and not in service; `stopped`: its own certificate is revoked or suspended; `waiting`: its time
// comes; `issuing`; `lists`: another one issues by now.
using Keys = std::vector<std::optional<hsm::KeyAlgorithm>>;

std::string state_of(const IssuerRegister& issuers, const RegisteredIssuer& issuer, const Keys& keys, Time now) {
  if (!issuer.in_service) return "decided";
  if (issuer.stopped) return "stopped";
  for (const auto& key : keys)
    if (issuers.issues(issuer.name, now, key)) return "issuing";
  return issuer.issues_from && *issuer.issues_from > now ? "waiting" : "lists";
}

Json time_or_null(std::optional<Time> time) { return time && *time != Time{} ? Json(to_rfc3339(*time)) : Json(); }

Json register_value(const IssuerRegister& issuers, const RegisteredIssuer& issuer, const Keys& keys, Time now) {
  return {{"name", issuer.name},
          {"role", issuer.is_root() ? "root" : "issuing"},
          {"bloc", issuer.is_root() ? Json() : Json(authority::bloc_of(issuer.name))},
          {"generation", issuer.generation},
          {"state", state_of(issuers, issuer, keys, now)},
          {"issues_from", time_or_null(issuer.issues_from)},
          {"issues_until", time_or_null(issuers.issues_until(issuer.name))},
          {"issued_by", issuer.issued_by},
          {"token", issuer.token},
          {"key", issuer.key},
          {"holdings", issuer.holdings.empty() ? Json() : Json(issuer.holdings)},
          {"proposal", issuer.proposal == 0 ? Json() : Json(issuer.proposal)}};
}

Status add_certificate(Session& session, const wiring::Config& config, const RegisteredIssuer& issuer, Json& value) {
  const x509::Certificate& certificate = *issuer.certificate;
  ANTIN_TRY(const hsm::KeyAlgorithm algorithm, hsm::key_algorithm_of(certificate.public_key_info()));
  value["algorithm"] = hsm::to_string(algorithm);
  value["subject"] = certificate.subject().rfc4514();
  value["issuer"] = certificate.issuer().rfc4514();
  value["serial"] = certificate.serial().hex();
  value["not_before"] = to_rfc3339(certificate.not_before());
  value["not_after"] = to_rfc3339(certificate.not_after());
  value["sha256"] = to_hex(certificate.fingerprint());
  value["crl_url"] = config.crl_url(issuer.name);
  value["file"] = session.home.ca_certificate(issuer.name).string();
  return {};
}

void say_issuer(Session& session, const IssuerRegister& issuers, const RegisteredIssuer& issuer, const Keys& keys) {
  const std::string state = state_of(issuers, issuer, keys, session.now());
  if (issuer.certificate)
    session.say("ca.line", {issuer.name, issuer.certificate->subject().rfc4514(),
                            for_people(issuer.certificate->not_after()), issuer.certificate->serial().hex()});
  else
    session.say("ca.line_decided", {issuer.name, std::to_string(issuer.proposal)});
  const auto until = issuers.issues_until(issuer.name);
  if (state == "decided" && !issuer.holdings.empty()) session.say("ca.adopting", {issuer.name});
  if (state == "waiting") session.say("ca.waiting", {for_people(*issuer.issues_from)});
  if (state == "issuing" && until && *until > session.now()) session.say("ca.until", {for_people(*until)});
  if (state == "lists") session.say("ca.lists");
  if (state == "stopped") session.say("ca.stopped");
}

Result<ExitCode> list_authorities(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const IssuerRegister issuers, authority::read_issuers(*home.store, session.now()));
  ANTIN_TRY(const Keys keys, wanted_keys(*home.store, session.now()));
  Json all = Json::array();
  for (const RegisteredIssuer& issuer : issuers.all()) {
    say_issuer(session, issuers, issuer, keys);
    Json value = register_value(issuers, issuer, keys, session.now());
    if (issuer.certificate) ANTIN_CHECK(add_certificate(session, home.config, issuer, value));
    all.push_back(std::move(value));
  }
  if (session.json) session.print(all);
  return exit_done;
}

}  // namespace

void add_ca(Command antin) {
  Command group = antin.group("ca");
  add_command<NoOptions>(group, "list", "ca.list", [](Command, NoOptions&) {}, list_authorities);
  add_ca_check(group);
  add_ca_roll_over(group);
  add_ca_cross(group);
  add_ca_import(group);
}

}  // namespace antin::commands
