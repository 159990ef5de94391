#include "cli/commands/token_checks.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <set>
#include <thread>

#include "base/digest.h"
#include "cli/commands/token_certificates.h"
#include "cli/commands/token_limits.h"
#include "hsm/key_trial.h"
#include "hsm/scheme_hasher.h"

namespace antin::commands {
namespace {

std::string name_of(const hsm::KeyInfo& key) { return key.ref.label.empty() ? "(no label)" : key.ref.label; }

struct Tried {
  std::set<hsm::KeyAlgorithm> algorithms;
  std::optional<std::chrono::milliseconds> signature;  // the quickest
};

void examine_key(Session& session, hsm::Token& token, const hsm::KeyInfo& key, bool in_files, Tried& tried,
                 TokenHealth& health) {
  if (!key.has_private && !key.has_public) return;  // a certificate alone
  ++health.keys;
  if (!key.has_private) health.findings.push_back(session.text("token.no_private", {name_of(key)}));
  if (!key.has_public) health.findings.push_back(session.text("token.no_public", {name_of(key)}));
  if (key.has_private && !in_files && (key.extractable || !key.sensitive))
    health.findings.push_back(session.text("token.extractable", {name_of(key)}));
  if (!key.has_private || !key.has_public || !key.signs || !key.algorithm ||
      !tried.algorithms.insert(*key.algorithm).second)
    return;
  auto found = token.find_key(key.ref);
  const auto begin = std::chrono::steady_clock::now();
  Status signs = found ? hsm::try_key(**found, (*found)->public_key_info(), session.random()) : Status(fail(found.error()));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  if (signs) tried.signature = std::min(took, tried.signature.value_or(took));
  if (!signs)
    health.findings.push_back(
        session.text("token.does_not_sign", {name_of(key), session.words(signs.error().message)}));
}

void add_certificates(Session& session, const hsm::Token& token, const std::vector<hsm::KeyInfo>& keys,
                      TokenHealth& health) {
  const auto remarks = examine_certificates(token, keys);
  if (!remarks) return health.findings.push_back(session.words(remarks.error().message));
  for (const TokenRemark& one : remarks->findings) health.findings.push_back(session.text(one.id, one.arguments));
  for (const TokenRemark& one : remarks->notes) health.notes.push_back(session.text(one.id, one.arguments));
}

}  // namespace

TokenHealth examine_token(Session& session, wiring::Tokens& tokens, const std::string& label_or_uri) {
  TokenHealth health;
  health.label = label_or_uri;
  auto token = tokens.token(label_or_uri);
  if (!token) {
    health.problem = session.words(token.error().message);
    return health;
  }
  health.label = (*token)->info().label;
  auto keys = (*token)->keys();
  if (!keys) {
    health.problem = session.words(keys.error().message);
    return health;
  }
  Tried tried;
  const auto can = (*token)->abilities();
  for (const hsm::KeyInfo& key : *keys) examine_key(session, **token, key, can && can->in_files, tried, health);
  if (!can || !can->in_files) add_certificates(session, **token, *keys, health);  // files keep keys alone
  if (can) health.limits = limits_of(session, *can, *keys, tried.signature.value_or(std::chrono::milliseconds{0}));
  if (!can) health.findings.push_back(session.words(can.error().message));
  health.well = health.findings.empty();
  return health;
}

Result<double> signing_rate(const hsm::SigningKey& key, seconds duration, unsigned threads) {
  const hsm::SignatureScheme scheme = hsm::default_scheme(key.algorithm());
  const Bytes message(32, 0x5a);
  const bool ed25519 = scheme == hsm::SignatureScheme::ed25519;
  Bytes hashed;
  if (!ed25519) {
    ANTIN_TRY(hsm::SchemeHasher hasher, hsm::SchemeHasher::begin(scheme, key.public_key_info()));
    hashed = hasher.update(message).finish();
  }
  std::atomic<std::uint64_t> count = 0;
  std::atomic<bool> failed = false;
  const auto begin = std::chrono::steady_clock::now();
  auto work = [&] {
    while (!failed && std::chrono::steady_clock::now() - begin < duration) {
      if (ed25519 ? !key.sign(scheme, message) : !key.sign_digest(scheme, hashed)) failed = true;
      ++count;
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) workers.emplace_back(work);
  }
  if (failed) return fail(ErrorCode::unavailable, "token bench: " + key.uri() + ": a signature failed");
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(count.load()) / elapsed.count();
}

}  // namespace antin::commands
