#include "ca/migration/difference.h"

namespace antin::migration {
namespace {

using Kind = Difference::Kind;

Said said_by(const x509::CrlEntry& entry) { return {entry.revoked_at, entry.reason, entry.invalidity_date}; }

std::optional<Said> said_of(const x509::Crl& list, const x509::SerialNumber& serial) {
  const auto entry = list.find(serial);
  return entry ? std::optional(said_by(*entry)) : std::nullopt;
}

std::optional<Kind> kind_of(const std::optional<Said>& before, const std::optional<Said>& now) {
  if (!before && !now) return {};
  if (!now) return Kind::missing;
  if (!before) return Kind::added;
  if (before->revoked_at != now->revoked_at) return Kind::date;
  if (before->reason != now->reason) return Kind::reason;
  if (before->invalidity_date != now->invalidity_date) return Kind::invalidity;
  return {};
}

// Two lists for the same certificates, whole.
Status check_scopes(const x509::CrlScope& before, const x509::CrlScope& now) {
  for (const x509::CrlScope* one : {&before, &now})
    if (one->delta || one->indirect || one->some_reasons_only || one->unknown_critical)
      return fail(ErrorCode::failed_precondition,
                  "crl: a delta or indirect list, or one for some reasons alone: compare whole lists");
  if (before.only_user_certificates == now.only_user_certificates &&
      before.only_ca_certificates == now.only_ca_certificates &&
      before.only_attribute_certificates == now.only_attribute_certificates)
    return {};
  return fail(ErrorCode::failed_precondition, "crl: the lists are for different kinds of certificates");
}

std::optional<Difference> judge(const x509::OcspStatus& status, const x509::Crl& now) {
  std::optional<Said> before, listed = said_of(now, status.serial);
  if (status.state == x509::OcspStatus::State::unknown)
    return Difference{Kind::unknown_there, status.serial, {}, listed};
  if (listed) listed->invalidity_date = {};
  if (status.state == x509::OcspStatus::State::revoked) before = Said{*status.revoked_at, status.reason, {}};
  const auto kind = kind_of(before, listed);
  return kind ? std::optional(Difference{*kind, status.serial, before, listed}) : std::nullopt;
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::missing:
      return "missing";
    case Kind::added:
      return "added";
    case Kind::date:
      return "date";
    case Kind::reason:
      return "reason";
    case Kind::invalidity:
      return "invalidity";
    case Kind::unknown_there:
      return "unknown_there";
  }
  return "missing";
}

Result<std::vector<Difference>> compare(const x509::Crl& before, const x509::Crl& now) {
  if (!before.issuer().matches(now.issuer()))
    return fail(ErrorCode::failed_precondition, "crl: the lists are of different issuers: " +
                                                    before.issuer().rfc4514() + " and " + now.issuer().rfc4514());
  ANTIN_CHECK(check_scopes(before.scope(), now.scope()));
  std::vector<Difference> differences;
  ANTIN_CHECK(before.for_each([&](const x509::CrlEntry& entry) -> Status {
    const Said said = said_by(entry);
    const std::optional<Said> listed = said_of(now, entry.serial);
    if (const auto kind = kind_of(said, listed)) differences.push_back({*kind, entry.serial, said, listed});
    return {};
  }));
  ANTIN_CHECK(now.for_each([&](const x509::CrlEntry& entry) -> Status {
    if (!before.find(entry.serial)) differences.push_back({Kind::added, entry.serial, {}, said_by(entry)});
    return {};
  }));
  return differences;
}

AnswersCompared compare(std::span<const x509::OcspAnswer> before, const x509::Crl& now,
                        const x509::Certificate& issuer) {
  AnswersCompared result;
  for (const x509::OcspAnswer& answer : before)
    for (const x509::OcspStatus& status : answer.statuses()) {
      if (!status.is_of(issuer)) {
        ++result.of_others;
        continue;
      }
      ++result.compared;
      if (auto difference = judge(status, now)) result.differences.push_back(*std::move(difference));
    }
  return result;
}

}  // namespace antin::migration
