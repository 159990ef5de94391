// Ceremony: how a home comes to be: tokens, keys, the root, two issuing CAs, officers, service, and the first CRLs.
//
// Each step finds what an earlier run left and goes on from there: a killed one is finished by another one. `antin
// init` holds all of it at once with sample names; a ceremony by reviewed files (ceremony_run.h) holds its parts.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/session.h"
#include "cli/wiring/ceremony_file.h"
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
// failed_precondition for a home that was begun by a ceremony file.
Result<CeremonyResult> hold_ceremony(Session& session, const CeremonyPlan& plan,
                                     const std::function<void(std::string_view step)>& at_step);

// What one step made, or found when it was made before.
struct CeremonyStep {
  std::string act;  // `key`, `certificate`, `list`, `other`, `proposal`, `end`
  std::string of;   // whose: `root`, `officer-1`
  bool found = false;
  std::vector<std::pair<std::string, std::string>> facts;  // docs/formats/ceremony.md
};
// Where steps are written down as they end: what cannot be written down stops the ceremony.
struct CeremonyWatch {
  std::function<void(std::string_view step)> at_step;
  std::function<Status(const CeremonyStep&)> note;
};
// By a reviewed file whose copy is in HOME/ceremonies. `digest` is the file's SHA-256: the log's first act of it.
Status hold_root(Session& session, const wiring::RootCeremony& root, const Sha256& digest, const CeremonyWatch& watch);
// `root`: by which the home was begun; it names officers and service, which `government` certifies. failed_precondition
// before the root is there.
Status hold_issuing(Session& session, const wiring::RootCeremony& root, const wiring::IssuingCeremony& issuing,
                    const Sha256& digest, const CeremonyWatch& watch);

}  // namespace antin::commands
