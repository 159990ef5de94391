// The to-be-signed bytes of one roster row, linted: what issuing signs and what the dry run looks at. Only for
// ca/authority.
#pragma once

#include "ca/authority/authority.h"

namespace antin::authority {

// invalid_argument when the profile refuses the row, failed_precondition when the linter does; the message says why.
Result<issuance::LintedTbs> linted_row(const Roster::Row& row, Bytes public_key_info,
                                       const issuance::IssuerIdentity& issuer, const x509::SerialNumber& serial,
                                       Time now);

// The host names of its field `dns`, which single spaces divide.
std::vector<std::string> dns_names_of(const Roster::Row& row);

// The value of the row's field, empty when it has none.
std::string field_of(const Roster::Row& row, std::string_view name);

}  // namespace antin::authority
