// Explanation of a profile: a sample certificate, taken apart, and the line of the profile's JSON behind each part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ca/issuance/profile.h"

namespace antin::issuance {

struct ExplainedPart {
  std::string part;   // `subject.O`, `validity`, `keyUsage`, or a dotted OID
  std::string value;  // as the sample certificate has it
  bool critical = false;
  std::string pointer;  // RFC 6901, into the profile; empty: the program decides, not the profile
  unsigned line = 0;    // of the profile's text, from 1; 0 with an empty pointer
};

// Builds a certificate for sample fields under a sample issuer, lints it, and explains each of its parts. Fails as
// Profile::from_json does, or with the linter's findings (failed_precondition): such a profile could issue nothing.
Result<std::vector<ExplainedPart>> explain_profile(std::string_view json, Time now);

// The SubjectPublicKeyInfo of a P-256 key that nobody holds, for certificates that are only looked at.
Bytes sample_public_key();

// The text of a built-in profile; not_found for others.
Result<std::string_view> built_in_profile_text(std::string_view name);

}  // namespace antin::issuance
