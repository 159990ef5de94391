// What `token doctor` and `token bench` measure of a token.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/commands/session.h"
#include "cli/wiring/tokens.h"

namespace antin::commands {

struct TokenHealth {
  bool well = false;
  std::string label;  // the token's own, or what it was asked for by
  std::uint64_t keys = 0;
  std::string problem;                // why it could not be examined
  std::vector<std::string> findings;  // one line a key that lacks an object or does not sign, or a wrong certificate
  std::vector<std::string> notes;     // what other programs may miss on it
  std::vector<std::string> limits;    // what it cannot do, being what it is
};
// Logs in, compares the triples of private key, public key and certificate, signs a fresh nonce with one key of each
// kind, and asks the module what the token can do. Nothing is left on it.
TokenHealth examine_token(Session& session, wiring::Tokens& tokens, const std::string& label_or_uri);

// Signatures a second over a fixed digest.
Result<double> signing_rate(const hsm::SigningKey& key, seconds duration, unsigned threads);

}  // namespace antin::commands
