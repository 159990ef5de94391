// Trust: the anchors, intermediates and CRLs that verification believes, read from a folder.
#pragma once

#include "base/file.h"
#include "base/result.h"
#include "ca/x509/path_validator.h"
#include "cli/wiring/home.h"

namespace antin::wiring {

// HOME/out/ca and HOME/out/crl.
Result<x509::TrustMaterial> load_trust(const Home& home);
// A folder of somebody else: `ca/` and `crl/` inside it when they are there, and the folder itself. Files named *.pem,
// *.crt, *.cer hold certificates (self-signed ones become anchors), *.crl lists; others are passed over. not_found when
// there is no anchor; a file that cannot be parsed is an error with its name: trust is never half read.
Result<x509::TrustMaterial> load_trust(const Path& folder);

}  // namespace antin::wiring
