// The `openssl.cnf` with which `openssl ca` goes on as an issuer of ours: its files, our profiles, its lists.
#pragma once

#include <string>

#include "base/clock.h"
#include "ca/issuance/issuer.h"
#include "ca/issuance/profile_set.h"

namespace antin::commands {

// `-extensions PROFILE` chooses one of the profiles that `issuer` of this name issues by; without it the profile of
// persons, or of issuing CAs for a root. Subjects keep every attribute that we know, in the order of our profiles.
Result<std::string> openssl_configuration(const std::string& name, const issuance::IssuerIdentity& issuer,
                                          const issuance::ProfileSet& profiles, seconds list_validity);

}  // namespace antin::commands
