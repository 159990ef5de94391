// Belongings: what an old authority brings along when it moves in, as officers approve it and as the store takes it.
#pragma once

#include "ca/authority/adoption.h"
#include "ca/foreign/province.h"
#include "ca/migration/old_authority.h"

namespace antin::migration {

struct Belongings {
  authority::Holdings holdings;
  std::vector<authority::AdoptedCertificate> certificates;
  std::vector<std::string> addresses;  // where its certificates say that lists are fetched from, each once
};

// What is revoked is what index.txt says, or without it the list; a serial that is revoked comes along also when its
// certificate is lost. The authority's own certificate does not: the proposal has it. `province` tells whose a
// certificate is, when that is beyond doubt. failed_precondition when the survey has an error. The holdings are the
// same on every day on which the folder is the same.
Result<Belongings> belongings_of(const OldAuthority& old, const Survey& survey, const foreign::Province& province);

}  // namespace antin::migration
