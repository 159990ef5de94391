// What `antin authority run` makes sure of before it answers anybody.
#pragma once

#include "cli/commands/ca_session.h"

namespace antin::commands {

// Store and log hold the same acts (ca/authority/reconcile.h). data_loss with what differs: nothing is issued then, and
// no list is built, which could miss a revocation. Before tokens are opened.
Status require_reconciled(Session& session, OpenHome& home);
// Each issuing key signs something, by the scheme that it issues with, and the signature verifies with the key of its
// certificate. Names the first issuer whose key does not.
Status test_issuing_keys(Session& session, const OpenHome& home, const OpenIssuers& issuers);

}  // namespace antin::commands
