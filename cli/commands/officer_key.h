// An officer's key on the officer's own token, opened to approve.
#pragma once

#include <memory>

#include "cli/commands/home_session.h"
#include "cli/wiring/tokens.h"

namespace antin::commands {

struct OfficerKey {
  store::CertificateRecord officer;
  wiring::Tokens tokens;  // outlives the key
  std::shared_ptr<const hsm::SigningKey> key;
};

// By certificate id, serial, code or mail. permission_denied when the certificate is no officer's now.
Result<store::CertificateRecord> find_officer(Session& session, OpenHome& home, const std::string& officer);
// `token`: label or URI of the token; empty: the one that has the officer's code for its label. not_found when the
// officer's key is not on it.
Result<OfficerKey> open_officer_key(Session& session, OpenHome& home, const std::string& officer,
                                    const std::string& token);

}  // namespace antin::commands
