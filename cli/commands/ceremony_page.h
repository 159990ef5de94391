// The transcript of a ceremony as a printed page, for the paper file: with lines for everybody's signature.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/commands/ceremony_verify.h"
#include "signer/page/document.h"

namespace antin::commands {

// From a final transcript and what was found of it, in the language of the run.
page::Document ceremony_page(const Session& session, const nlohmann::json& transcript, const TranscriptReport& report,
                             Time made);

}  // namespace antin::commands
