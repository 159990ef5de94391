// The CA's tokens and issuers, opened together for issuing, revoking and CRLs.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/home_session.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {

// `issuers` sign with `tokens`: they go away together. Movable.
struct OpenIssuers {
  std::unique_ptr<wiring::Tokens> tokens;
  std::map<std::string, std::unique_ptr<issuance::Issuer>> issuers;  // `root`, `party`, `government`

  const issuance::Issuer* find(const std::string& name) const {
    auto found = issuers.find(name);
    return found == issuers.end() ? nullptr : found->second.get();
  }
};
Result<OpenIssuers> open_issuers(Session& session, const OpenHome& home, const std::vector<std::string>& names);

}  // namespace antin::commands
