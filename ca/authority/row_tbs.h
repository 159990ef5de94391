// The to-be-signed bytes of one roster row, linted: what issuing signs and what the dry run looks at; and
// what a row says by field. Only for ca/authority and ca/foreign.
#pragma once

#include "ca/authority/replaced.h"
#include "ca/issuance/profile_set.h"

namespace antin::authority {

// The latest moment at which the row's certificate may end, none when its profile alone decides: what policy allows a
// renewed or rekeyed one, and what is left of the old one for a changed one.
std::optional<Time> latest_end(const Roster::Row& row, const std::optional<Replaced>& replaced,
                               const policy::Policy& policy, Time now);
// The profile's validity, not beyond `latest`.
Result<issuance::Profile::Validity> row_validity(const issuance::Profile& profile, std::optional<Time> latest, Time now,
                                                 std::optional<Time> issuer_not_after);

// What a row's certificate says of its subscriber.
struct RowContent {
  x509::Name subject;
  std::string mail;
  std::vector<std::string> dns_names;
  Bytes public_key_info;
  std::optional<Time> latest_end;
  days earlier{0};  // than it could does it end
};
// A renewed certificate says what the one before said, octet for octet; the others say what the row says. `asked`
// chooses the policy. invalid_argument when the profile refuses the fields, not_found when no policy was in force.
Result<RowContent> row_content(const issuance::ProfileSet& profiles, const Roster::Row& row,
                               const std::optional<Replaced>& replaced, Bytes public_key_info, Time asked, Time now);

// invalid_argument when the profile refuses the row, failed_precondition when the linter does; the message says why.
Result<issuance::LintedTbs> linted_row(const issuance::ProfileSet& profiles, const Roster::Row& row, RowContent content,
                                       const issuance::IssuerIdentity& issuer, const x509::SerialNumber& serial,
                                       Time now);

// The host names of its field `dns`, which single spaces divide.
std::vector<std::string> dns_names_of(const Roster::Row& row);

// The value of the row's field, empty when it has none.
std::string field_of(const Roster::Row& row, std::string_view name);

}  // namespace antin::authority
