// The steps of a ceremony, each of which finds what an earlier run left. Only for the ceremonies of this folder.
#pragma once

#include <memory>

#include "ca/authority/authority.h"
#include "ca/issuance/issuer.h"
#include "ca/issuance/profile_set.h"
#include "cli/commands/ceremony.h"
#include "cli/wiring/config.h"
#include "cli/wiring/tokens.h"

namespace antin::commands {

// What the steps share.
struct Ceremony {
  Session& session;
  const wiring::RootCeremony& plan;  // no officers: those of the configuration, with sample names
  const CeremonyWatch& watch;
  wiring::Home home;
  wiring::Config config;
  std::unique_ptr<store::Store> store;
  std::vector<std::pair<std::string, Bytes>> officer_keys;  // officer, SubjectPublicKeyInfo
  issuance::ProfileSet profiles;
  Bytes service_key;
  std::string service_key_uri;

  // Held by a file, which is written down and must be followed to the letter.
  bool by_file() const { return static_cast<bool>(watch.note); }
  Status note(const CeremonyStep& step) const { return watch.note ? watch.note(step) : Status{}; }
  authority::Context context() {
    return {*store, session.clock(), session.random(), nullptr, wiring::settings(config)};
  }
};

// The key `label` of a CA or an officer in its token, made when it is not there, and written down. By a file nothing
// else than what it says is taken: failed_precondition for another token and for another kind of key.
struct KeptKey {
  std::string label;  // of the key and of its token
  hsm::KeySpec spec;
  std::string serial;  // of the token; empty: any
};
Result<std::shared_ptr<const hsm::SigningKey>> keep_key(Session& session, store::Store& store,
                                                        const CeremonyWatch& watch, wiring::Tokens& tokens,
                                                        const KeptKey& wanted);
CeremonyStep certificate_step(std::string of, const store::CertificateRecord& record, bool found);
// The tokens of seals and leaders, and the service's key.
Status make_service_tokens(Ceremony& ceremony);
Status make_officer_tokens(Ceremony& ceremony);
Status make_root(Ceremony& ceremony, wiring::Tokens& ca, const wiring::CeremonyIssuer& root);
Status make_issuing(Ceremony& ceremony, wiring::Tokens& ca, const issuance::Issuer& root,
                    const wiring::CeremonyIssuer& issuing);
Status make_officers(Ceremony& ceremony, const issuance::Issuer& government);
Status make_service(Ceremony& ceremony, const issuance::Issuer& government);
// One whose certificate was made before.
Result<issuance::Issuer> open_made(Ceremony& ceremony, wiring::Tokens& ca, const std::string& name);
Status publish_first_list(Ceremony& ceremony, wiring::Tokens& ca, const std::string& name);

}  // namespace antin::commands
