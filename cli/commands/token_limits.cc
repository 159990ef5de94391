#include "cli/commands/token_limits.h"

#include <algorithm>

namespace antin::commands {
namespace {

// A roster of ten thousand is issued in a night when a signature takes no longer.
constexpr std::chrono::milliseconds slow{500};

std::vector<std::string> keys_not_made(Session& session, const hsm::TokenAbilities& can) {
  std::vector<std::string> said;
  if (!can.p256) said.push_back(session.text("token.no_p256", {}));
  if (!can.p384) said.push_back(session.text("token.no_p384", {}));
  if (!can.ed25519) said.push_back(session.text("token.no_ed25519", {}));
  if (can.most_rsa_bits == 0) {
    said.push_back(session.text("token.no_rsa", {}));
  } else {
    if (can.most_rsa_bits < 4096) said.push_back(session.text("token.rsa_bits", {std::to_string(can.most_rsa_bits)}));
    if (!can.rsa_pss) said.push_back(session.text("token.no_pss", {}));
  }
  return said;
}

}  // namespace

std::vector<std::string> limits_of(Session& session, const hsm::TokenAbilities& can,
                                   const std::vector<hsm::KeyInfo>& keys, std::chrono::milliseconds signature) {
  std::vector<std::string> said;
  if (!can.writes) {
    said.push_back(session.text("token.write_protected", {}));
  } else {
    said = keys_not_made(session, can);
    if (!can.agrees) said.push_back(session.text("token.no_agreement", {}));
  }
  if (can.in_files) said.push_back(session.text("token.in_files", {}));
  if (can.most_sessions == 1) said.push_back(session.text("token.one_session", {}));
  if (can.pin_at_token) said.push_back(session.text("token.pin_at_token", {}));
  if (std::ranges::any_of(keys, &hsm::KeyInfo::asks_each_time))
    said.push_back(session.text(can.pin_at_token ? "token.typed_each_time" : "token.asks_each_time", {}));
  if (signature >= slow)
    said.push_back(session.text(
        "token.slow", {std::to_string(signature.count()), std::to_string(std::chrono::hours{1} / signature)}));
  return said;
}

}  // namespace antin::commands
