#include "cli/commands/ca_session.h"

namespace antin::commands {

Result<OpenIssuers> open_issuers(Session& session, const OpenHome& home, const std::vector<std::string>& names) {
  OpenIssuers open;
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, home.config));
  open.tokens = std::make_unique<wiring::Tokens>(std::move(tokens));
  for (const std::string& name : names) {
    ANTIN_TRY(issuance::Issuer issuer, wiring::open_issuer(session.home, home.config, *open.tokens, name));
    open.issuers.emplace(name, std::make_unique<issuance::Issuer>(std::move(issuer)));
  }
  return open;
}

}  // namespace antin::commands
