// `antin ca list`, and `check` beside it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "cli/commands/ca_check.h"
#include "cli/commands/command.h"
#include "cli/wiring/config.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

struct NoOptions {};

Result<Json> authority_value(Session& session, const wiring::Config& config, std::string_view name) {
  ANTIN_TRY(x509::Certificate certificate, wiring::read_ca_certificate(session.home, name));
  return Json{{"name", name},
              {"subject", certificate.subject().rfc4514()},
              {"issuer", certificate.issuer().rfc4514()},
              {"serial", certificate.serial().hex()},
              {"not_before", to_rfc3339(certificate.not_before())},
              {"not_after", to_rfc3339(certificate.not_after())},
              {"sha256", to_hex(certificate.fingerprint())},
              {"crl_url", config.crl_url(name)},
              {"file", session.home.ca_certificate(name).string()}};
}

Result<ExitCode> list_authorities(Session& session, const NoOptions&) {
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  Json all = Json::array();
  for (std::string_view name : wiring::issuer_names) {
    ANTIN_TRY(Json value, authority_value(session, config, name));
    session.say("ca.line",
                {std::string(name), value.at("subject").get<std::string>(),
                 for_people(value.at("not_after").get<std::string>()), value.at("serial").get<std::string>()});
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
}

}  // namespace antin::commands
