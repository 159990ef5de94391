// A signer of this home: its certificate from the store, its chain, and its key on a service token.
#pragma once

#include <memory>
#include <string>

#include "cli/commands/home_session.h"
#include "cli/wiring/tokens.h"
#include "signer/pipeline/signing_service.h"

namespace antin::commands {

// The key works as long as `tokens` lives.
struct OpenSigner {
  std::unique_ptr<wiring::Tokens> tokens;
  pipeline::Signer signer;
};
// By id, serial, subscriber code or mail. The key is the one that the record names, else it is looked for by its public
// key on the tokens of the service other than `seals` (a leader's); failed_precondition when it is on none of them.
Result<OpenSigner> open_signer(Session& session, OpenHome& home, const store::CertificateRecord& record);

}  // namespace antin::commands
