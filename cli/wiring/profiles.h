// The profiles that a home asks for: those of the program, the files of HOME/profiles in place of or beside them, and
// the policies of antin.toml. They are in force once officers approved them (docs/formats/proposal.md).
#pragma once

#include "base/result.h"
#include "ca/issuance/profile_set.h"
#include "cli/wiring/config.h"
#include "cli/wiring/home.h"

namespace antin::wiring {

// invalid_argument names file and JSON pointer; permission_denied for a test profile in production.
Result<issuance::ProfileSet> asked_profiles(const Home& home, const Config& config);

}  // namespace antin::wiring
