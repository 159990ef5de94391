// The CA's tokens and issuers, opened together for issuing, revoking and CRLs.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ca/authority/issuer_register.h"
#include "cli/commands/home_session.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {

// `issuers` sign with `tokens`: they go away together. Movable.
struct OpenIssuers {
  std::unique_ptr<wiring::Tokens> tokens;
  std::map<std::string, std::unique_ptr<issuance::Issuer>> issuers;  // by name: `root`, `party-2`

  const issuance::Issuer* find(const std::string& name) const {
    auto found = issuers.find(name);
    return found == issuers.end() ? nullptr : found->second.get();
  }
};
// not_found for a name that the register does not have.
Result<OpenIssuers> open_issuers(Session& session, const OpenHome& home, const std::vector<std::string>& names);

// Names of those in service, but for those that another one followed and whose certificate has ended; of one alone when
// `only` is not empty. not_found for a stranger's.
Result<std::vector<std::string>> issuers_in_service(Session& session, const OpenHome& home, const std::string& only);
// Names of those that issue for subscribers now, and of those that have taken up what a killed run left; of one bloc
// alone when `bloc` is not empty.
Result<std::vector<std::string>> issuers_at_work(Session& session, const OpenHome& home, const std::string& bloc = {});
// The kinds of issuers' keys that profiles in force want; none: whichever is the newest.
Result<std::vector<std::optional<hsm::KeyAlgorithm>>> wanted_keys(store::Store& store, Time now);
// not_found for a name that no issuer has.
Result<authority::RegisteredIssuer> find_issuer(Session& session, const OpenHome& home, const std::string& name);

}  // namespace antin::commands
