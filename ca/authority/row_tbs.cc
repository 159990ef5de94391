#include "ca/authority/row_tbs.h"

#include <algorithm>

namespace antin::authority {

Result<issuance::LintedTbs> linted_row(const Roster::Row& row, Bytes public_key_info,
                                       const issuance::IssuerIdentity& issuer, const x509::SerialNumber& serial,
                                       Time now) {
  ANTIN_TRY(const issuance::Profile profile, issuance::built_in_profile(row.profile));
  ANTIN_TRY(x509::Name subject, profile.subject(row.fields));
  ANTIN_TRY(const auto validity, profile.validity(now, issuer.not_after));
  issuance::SubjectContent content{std::move(subject), std::move(public_key_info), {}, {}};
  if (std::string mail = field_of(row, "mail"); !mail.empty()) content.mails.push_back(std::move(mail));
  content.dns_names = dns_names_of(row);
  for (const std::string& name : content.dns_names) ANTIN_CHECK(check_host_name(name));
  ANTIN_TRY(issuance::ToBeSigned tbs, issuance::build_tbs(profile, content, issuer, serial, validity));
  return issuance::lint(std::move(tbs), profile.kind());
}

std::vector<std::string> dns_names_of(const Roster::Row& row) {
  std::vector<std::string> names;
  const std::string field = field_of(row, "dns");
  for (std::size_t at = 0; at < field.size();) {
    const std::size_t end = std::min(field.find(' ', at), field.size());
    names.push_back(field.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

Status check_host_name(const std::string& name) {
  const bool letters =
      !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
  const bool framed = letters && name.front() != '.' && name.front() != '-' && name.back() != '.' &&
                      name.back() != '-' && !name.contains("..");
  if (framed && name.size() <= 64) return {};
  return fail(ErrorCode::invalid_argument,
              "device: \"" + name + "\" is not a host name in lower case of at most 64 characters");
}

std::string field_of(const Roster::Row& row, std::string_view name) {
  for (const auto& [key, value] : row.fields)
    if (key == name) return value;
  return {};
}

}  // namespace antin::authority
