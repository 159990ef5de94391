#include "ca/authority/row_tbs.h"

#include <algorithm>

namespace antin::authority {

using policy::Act;

std::optional<Time> latest_end(const Roster::Row& row, const std::optional<Replaced>& replaced,
                               const policy::Policy& policy, Time now) {
  if (row.act == Act::issue) return std::nullopt;
  if (const auto end = policy::latest_end(policy, row.act, now)) return end;
  return replaced ? std::optional(replaced->record.not_after) : std::nullopt;
}

Result<issuance::Profile::Validity> row_validity(const issuance::Profile& profile, std::optional<Time> latest, Time now,
                                                 std::optional<Time> issuer_not_after) {
  ANTIN_TRY(issuance::Profile::Validity validity, profile.validity(now, issuer_not_after));
  if (latest) validity.not_after = std::min(validity.not_after, *latest);
  return validity;
}

Result<RowContent> row_content(const issuance::ProfileSet& profiles, const Roster::Row& row,
                               const std::optional<Replaced>& replaced, Bytes public_key_info, Time asked, Time now) {
  RowContent content{{}, field_of(row, "mail"), dns_names_of(row), std::move(public_key_info), {}};
  if (row.act != Act::issue) {
    ANTIN_TRY(const policy::Policy policy, policy::policy_at(asked));
    content.latest_end = latest_end(row, replaced, policy, now);
  }
  if (row.act == Act::renew && replaced) {
    content.subject = replaced->subject;
    content.mail = replaced->record.mail;
    content.dns_names = replaced->dns_names;
    return content;
  }
  ANTIN_TRY(const issuance::Profile profile, profiles.find(row.profile));
  ANTIN_TRY(content.subject, profile.subject(row.fields));
  return content;
}

Result<issuance::LintedTbs> linted_row(const issuance::ProfileSet& profiles, const Roster::Row& row, RowContent content,
                                       const issuance::IssuerIdentity& issuer, const x509::SerialNumber& serial,
                                       Time now) {
  ANTIN_TRY(const issuance::Profile profile, profiles.find(row.profile));
  ANTIN_TRY(auto validity, row_validity(profile, content.latest_end, now, issuer.not_after));
  validity.not_after -= content.earlier;
  for (const std::string& name : content.dns_names) ANTIN_CHECK(check_host_name(name));
  issuance::SubjectContent subject{
      std::move(content.subject), std::move(content.public_key_info), {}, std::move(content.dns_names)};
  if (!content.mail.empty()) subject.mails.push_back(std::move(content.mail));
  ANTIN_TRY(issuance::ToBeSigned tbs, issuance::build_tbs(profile, subject, issuer, serial, validity));
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
