#include "ca/authority/known_key.h"

#include "ca/authority/replaced.h"
#include "ca/authority/succession_check.h"
#include "ca/issuance/key_gate.h"
#include "ca/x509/name.h"
#include "ca/x509/tbs.h"

namespace antin::authority {
namespace {

using policy::Act;

// Whose key the certificate says it is: another's, or that of the row's subscriber. Two bodies may have one name, so a
// first certificate is of the same holder when name and code agree. A row that keeps its key may change the subject, so
// the subscriber's code alone decides there.
std::optional<std::string> key_conflict(const Roster::Row& row, const std::string& subject,
                                        bool same_subscriber, const std::string& known_subject) {
  if (row.act == Act::issue)
    return same_subscriber && known_subject == subject ? std::nullopt : std::optional("roster.key_of_another");
  if (!same_subscriber) return "roster.key_of_another";
  return row.act == Act::rekey ? std::optional("roster.key_not_new") : std::nullopt;
}

bool is_known_holder(const Roster::Row& row, const std::string& subject, const store::CertificateRecord& known) {
  // Other systems renewed with the same key for years: what is nobody's yet and says the same is no other subscriber's.
  const bool says_the_same = is_adopted(known) && known.subscriber.empty() && known.subject == subject;
  return is_of_subscriber(known, row) || says_the_same;
}

}  // namespace

const char* key_field(const Roster::Row& row) { return row.key == "same" ? "replaces" : "csr"; }

Result<std::vector<Finding>> check_known_key(const Context& context, const Roster::Row& row, ByteView public_key_info,
                                             const std::string& subject, Time now) {
  std::vector<Finding> findings;
  const Bytes hash = issuance::key_hash(public_key_info);
  ANTIN_TRY(const auto known, context.store.certificates_by_key(hash, now));
  for (const store::CertificateRecord& certificate : known) {
    if (const auto rule = key_conflict(row, subject, is_known_holder(row, subject, certificate), certificate.subject))
      findings.push_back({row.row, key_field(row), *rule, {certificate.id}});
  }
  if (row.key == "same" || known.empty()) return findings;
  ANTIN_TRY(const auto compromised, compromised_with(context, hash, now));
  if (compromised) findings.push_back({row.row, "csr", "roster.key_compromised", {*compromised}});
  return findings;
}

Result<OpenKeys> OpenKeys::read(store::Store& store, const std::string& prefix) {
  OpenKeys keys;
  ANTIN_TRY(const auto open, store.open_intents());
  for (const store::Intent& intent : open) {
    if (intent.request_id.starts_with(prefix)) continue;
    ANTIN_TRY(const x509::TbsView tbs, in(intent.request_id, x509::parse_tbs(intent.tbs)));
    ANTIN_TRY(const x509::Name subject, in(intent.request_id, x509::Name::from_der(tbs.subject)));
    keys.holders_.emplace(issuance::key_hash(tbs.public_key_info),
                          Holder{intent.request_id, intent.subscriber, subject.rfc4514()});
  }
  return keys;
}

std::vector<Finding> OpenKeys::check(const Roster::Row& row, ByteView public_key_info,
                                     const std::string& subject) const {
  std::vector<Finding> findings;
  if (holders_.empty()) return findings;
  const auto [first, last] = holders_.equal_range(issuance::key_hash(public_key_info));
  for (auto holder = first; holder != last; ++holder)
    if (const auto rule = key_conflict(row, subject, holder->second.subscriber == row.code, holder->second.subject))
      findings.push_back({row.row, key_field(row), *rule, {holder->second.request_id}});
  return findings;
}

}  // namespace antin::authority
