// The report of an incident as a printed page, for the regulator.
#pragma once

#include "cli/commands/session.h"
#include "signer/page/document.h"

namespace antin::commands {

// From the value of `incident report --json`, in the language of the run. `file` and its digest say where the whole
// list is; of certificates that were not ended, at most the first 200 stand on the page.
page::Document incident_page(const Session& session, const Json& report, const std::string& file,
                             const std::string& sha256, Time made);

}  // namespace antin::commands
