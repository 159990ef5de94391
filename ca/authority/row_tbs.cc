#include "ca/authority/row_tbs.h"

namespace antin::authority {

Result<issuance::LintedTbs> linted_row(const Roster::Row& row, Bytes public_key_info,
                                       const issuance::IssuerIdentity& issuer, const x509::SerialNumber& serial,
                                       Time now) {
  ANTIN_TRY(const issuance::Profile profile, issuance::built_in_profile(row.profile));
  ANTIN_TRY(x509::Name subject, profile.subject(row.fields));
  ANTIN_TRY(const auto validity, profile.validity(now, issuer.not_after));
  issuance::SubjectContent content{std::move(subject), std::move(public_key_info), {}, {}};
  if (std::string mail = field_of(row, "mail"); !mail.empty()) content.mails.push_back(std::move(mail));
  ANTIN_TRY(issuance::ToBeSigned tbs, issuance::build_tbs(profile, content, issuer, serial, validity));
  return issuance::lint(std::move(tbs), profile.kind());
}

std::string field_of(const Roster::Row& row, std::string_view name) {
  for (const auto& [key, value] : row.fields)
    if (key == name) return value;
  return {};
}

}  // namespace antin::authority
