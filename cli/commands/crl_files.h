// Lists as the commands name them, and whose they are.
#pragma once

#include "ca/x509/crl.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

// `root`, `party` and `government` mean the published list of that CA; anything else is a file.
Result<x509::Crl> read_crl(const Session& session, const std::string& which);
// The certificate in the file `ca`, or without one the published CA whose name stands in the list.
Result<x509::Certificate> crl_issuer(Session& session, const x509::Crl& crl, const std::string& ca);

// crl_diff_command.cc
void add_crl_diff(Command crl);

}  // namespace antin::commands
