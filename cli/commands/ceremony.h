// Ceremony: how a home comes to be: tokens, keys, the root, two issuing CAs, officers, service, and the first CRLs.
//
// Each step finds what an earlier run left and goes on from there: a killed init is finished by another one.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/session.h"
#include "hsm/token.h"

namespace antin::commands {

struct CeremonyPlan {
  hsm::KeySpec root_key{hsm::KeyAlgorithm::ec_p256};
  hsm::KeySpec issuing_key{hsm::KeyAlgorithm::ec_p256};
  std::string publish_url;  // empty: the default
  unsigned required_approvals = 2;
  unsigned officers = 2;  // with a token each: officer-1, officer-2, …
};

// The names of the steps in order, for --dry-run and the progress.
std::vector<std::string_view> ceremony_steps();

struct CeremonyResult {
  bool was_complete = false;  // nothing had to be done
  std::vector<std::string> issuers, officers, tokens;
};
// already_exists never: a complete home is a success. unavailable while another init runs (with its pid).
Result<CeremonyResult> hold_ceremony(Session& session, const CeremonyPlan& plan,
                                     const std::function<void(std::string_view step)>& at_step);

}  // namespace antin::commands
