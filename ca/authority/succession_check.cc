#include "ca/authority/succession_check.h"

#include "ca/authority/adoption.h"
#include "ca/authority/issuer_register.h"
#include "ca/authority/row_tbs.h"

namespace antin::authority {
namespace {

using policy::Act;

Finding finding(const Roster::Row& row, std::string field, std::string rule, std::vector<std::string> arguments) {
  return {row.row, std::move(field), std::move(rule), std::move(arguments), true};
}

// Only a certificate in force is followed; a suspended one may be revoked.
bool fits_act(store::CertificateStatus status, Act act) {
  return status == store::CertificateStatus::valid ||
         (act == Act::revoke && status == store::CertificateStatus::suspended);
}

std::vector<Finding> check_replaced(const Roster::Row& row, const Replaced& replaced, Time now) {
  const store::CertificateRecord& record = replaced.record;
  if (!is_of_subscriber(record, row))
    return {finding(row, "replaces", "roster.replaces_of_another", {record.id, record.subscriber})};
  std::vector<Finding> findings;
  if (replaced.compromised && (row.act == Act::renew || row.act == Act::change))
    findings.push_back(finding(row, "replaces", "roster.key_compromised", {*replaced.compromised}));
  if (!fits_act(record.status, row.act))
    findings.push_back(
        finding(row, "replaces", "roster.replaces_state", {record.id, std::string(to_string(record.status))}));
  if (row.act != Act::revoke && replaced.successor)
    findings.push_back(finding(row, "replaces", "roster.replaced_before", {record.id, *replaced.successor}));
  const auto same = [&](const char* member, const std::string& wanted, const std::string& is) {
    if (wanted != is) findings.push_back(finding(row, member, "roster.replaces_differs", {wanted, record.id, is}));
  };
  const bool of_our_profile = !is_adopted(record);
  if (of_our_profile) same("kind", row.kind, record.kind);
  if (row.act == Act::renew || row.act == Act::revoke) {
    same("bloc", row.bloc, bloc_of(record.issuer));
    if (of_our_profile) same("profile", row.profile, record.profile);
  }
  if (row.invalidity_date && *row.invalidity_date > now)
    findings.push_back(finding(row, "invalidity_date", "roster.invalidity_future",
                               {to_rfc3339(*row.invalidity_date, vietnam_offset)}));
  return findings;
}

policy::Request request_of(const issuance::ProfileSet& profiles, const Roster::Row& row,
                           const std::optional<Replaced>& replaced, const policy::Policy& policy, Time asked,
                           Time now) {
  policy::Request request;
  request.act = row.act;
  request.at = asked;
  request.personal = row.kind == "personal";
  request.subscriber = row.code;
  request.requested_by = row.requested_by;
  if (replaced) {
    request.replaced_not_after = replaced->record.not_after;
    request.renewals = replaced->renewals;
  }
  const auto profile = profiles.find(row.profile);
  if (row.act == Act::revoke || !profile) return request;
  if (const auto validity = row_validity(*profile, latest_end(row, replaced, policy, now), now, std::nullopt)) {
    request.not_before = validity->not_before;
    request.not_after = validity->not_after;
  }
  return request;
}

}  // namespace

bool is_adopted(const store::CertificateRecord& record) { return record.profile == adopted_profile; }

bool is_of_subscriber(const store::CertificateRecord& record, const Roster::Row& row) {
  if (is_adopted(record) && record.subscriber.empty()) return record.id == row.replaces;
  return record.subscriber == row.code;
}

std::vector<Finding> check_succession(const issuance::ProfileSet& profiles, const Roster::Row& row,
                                      const std::optional<Replaced>& replaced, Time asked, Time now) {
  std::vector<Finding> findings;
  if (row.act != Act::issue) {
    if (!replaced) return {finding(row, "replaces", "roster.replaces_unknown", {row.replaces})};
    findings = check_replaced(row, *replaced, now);
  }
  const auto policy = policy::policy_at(asked);
  if (!policy) {
    // What was issued before the oldest policy we know stays possible: the profile limits it.
    if (row.act != Act::issue) findings.push_back(finding(row, "act", "roster.no_policy", {policy.error().message}));
    return findings;
  }
  for (policy::Breach& breach : policy::judge(*policy, request_of(profiles, row, replaced, *policy, asked, now)))
    findings.push_back(finding(row, std::move(breach.field), std::move(breach.rule), std::move(breach.arguments)));
  return findings;
}

}  // namespace antin::authority
