// PIN sources: a file of mode 0600, an environment variable, a file descriptor, a systemd credential, or the terminal.
// Never the command line. Each is named by a text as it stands in the configuration.
#pragma once

#include <string>

#include "base/file.h"
#include "hsm/token.h"

namespace antin::hsm {

// `file:PATH` (relative to `folder`; permission_denied when group or others can read it), `env:NAME`, `fd:N` (read to
// its end, once), `credential:NAME` (in $CREDENTIALS_DIRECTORY), `prompt` (the terminal, without echo). unauthenticated
// when there is nothing.
Result<Secret> read_pin(const std::string& source, const Path& folder, const std::string& token_label);

// A PIN that is known already, for making tokens and for tests.
class KnownPin final : public PinSource {
 public:
  explicit KnownPin(Secret pin) : pin_(std::move(pin)) {}
  Result<Secret> pin(const TokenInfo&) override { return pin_.clone(); }

 private:
  Secret pin_;
};

}  // namespace antin::hsm
