// The dry run: everything that can be said of a roster without writing.
#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "base/encoding.h"
#include "ca/authority/issuer_register.h"
#include "ca/authority/key_block.h"
#include "ca/authority/known_key.h"
#include "ca/authority/profile_guard.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"
#include "ca/authority/succession_check.h"
#include "ca/issuance/key_gate.h"
#include "ca/issuance/profile_explain.h"
#include "ca/policy/subscriber_number.h"
#include "ca/x509/csr.h"

namespace antin::authority {
namespace {

using policy::Act;

struct Checked {
  std::vector<Finding> findings;
  Bytes public_key_info;  // empty when there is no usable request
  std::string subject;    // RFC 4514, empty when the name does not fit
};

Finding finding(const Roster::Row& row, std::string field, std::string rule, std::vector<std::string> arguments = {}) {
  return {row.row, std::move(field), std::move(rule), std::move(arguments), true};
}

void check_request(const Roster::Row& row, Checked& checked) {
  const auto request = x509::CertificationRequest::from_der(row.request);
  if (!request) {
    checked.findings.push_back(finding(row, "csr", "roster.csr_malformed", {request.error().message}));
    return;
  }
  const auto possession = request->proof_of_possession();
  if (!possession) {
    checked.findings.push_back(finding(row, "csr", "roster.csr_malformed", {possession.error().message}));
    return;
  }
  if (!*possession) {
    checked.findings.push_back(finding(row, "csr", "roster.csr_no_possession"));
    return;
  }
  checked.public_key_info = to_bytes(request->public_key_info());
}

// The key's own merits, whoever has it: also of one that was good enough when it was certified first.
void check_gate(const Roster::Row& row, const issuance::Profile& profile, Checked& checked) {
  if (checked.public_key_info.empty()) return;
  if (const Status gate = issuance::check_key(checked.public_key_info, profile); !gate) {
    checked.findings.push_back(finding(row, key_field(row), "roster.key_weak", {gate.error().message}));
    checked.public_key_info.clear();
  }
}

// Builds and lints what issuing would sign, for an issuer and a serial that stand for any.
Status dry_lint(const issuance::ProfileSet& profiles, const Roster::Row& row, const std::optional<Replaced>& replaced,
                Bytes key, Time now) {
  ANTIN_TRY(x509::Name name, x509::Name::from_rdns({{{"C", "VN"}}, {{"O", "-"}}, {{"CN", "-"}}}));
  const issuance::IssuerIdentity issuer{.name = std::move(name),
                                        .key_id = Bytes(20, 1),
                                        .not_after = std::nullopt,
                                        .crl_url = {},
                                        .certificate_url = {},
                                        .ocsp_url = {}};
  ANTIN_TRY(const x509::SerialNumber serial, x509::SerialNumber::from_unsigned(Bytes(20, 1)));
  ANTIN_TRY(RowContent content, row_content(profiles, row, replaced, std::move(key), now, now));
  ANTIN_TRY([[maybe_unused]] const issuance::LintedTbs linted,
            linted_row(profiles, row, std::move(content), issuer, serial, now));
  return {};
}

// The subject of the certificate that the row would make.
Result<x509::Name> subject_of(const Roster::Row& row, const std::optional<Replaced>& replaced,
                              const issuance::Profile& profile) {
  if (row.act == Act::renew) return replaced->subject;
  return profile.subject(row.fields);
}

// Tax codes and citizen numbers; the kind is named and never the number.
void check_numbers(const Roster::Row& row, const x509::Name& subject, Checked& checked) {
  for (const std::string& uid : subject.values("UID")) {
    const policy::NumberVerdict verdict = policy::judge_number(uid);
    if (verdict != policy::NumberVerdict::malformed && verdict != policy::NumberVerdict::wrong_check_digit) continue;
    checked.findings.push_back(finding(
        row, "fields", verdict == policy::NumberVerdict::malformed ? "roster.number_form" : "roster.number_check_digit",
        {std::string(policy::number_kind(uid))}));
  }
}

// What needs nothing but the row itself and the certificate that it replaces.
Checked check_row(const issuance::ProfileSet& profiles, const Roster::Row& row, const std::optional<Replaced>& replaced,
                  Time now) {
  Checked checked;
  if (row.act == Act::revoke || (row.act != Act::issue && !replaced)) return checked;  // nothing is made
  const auto profile = profiles.find(row.profile);
  if (!profile) {
    const bool for_tests = profile.error().code == ErrorCode::permission_denied;
    checked.findings.push_back(
        finding(row, "profile", for_tests ? "roster.profile_for_tests" : "roster.profile_unknown", {row.profile}));
    return checked;
  }
  if (to_string(profile->kind()) != row.kind)
    checked.findings.push_back(finding(row, "kind", "roster.kind_profile", {row.kind, row.profile}));
  const auto subject = subject_of(row, replaced, *profile);
  if (subject) {
    checked.subject = subject->rfc4514();
    check_numbers(row, *subject, checked);
  } else {
    checked.findings.push_back(finding(row, "fields", "roster.name_unfit", {subject.error().message}));
  }
  if (row.key == "csr") check_request(row, checked);
  if (row.key == "same") checked.public_key_info = replaced->public_key_info;
  check_gate(row, *profile, checked);
  if (!checked.findings.empty()) return checked;  // the linter would say the same once more
  Bytes key = row.key == "token" ? issuance::sample_public_key() : checked.public_key_info;
  if (const Status linted = dry_lint(profiles, row, replaced, std::move(key), now); !linted)
    checked.findings.push_back(finding(row, "certificate", "roster.lint", {linted.error().message}));
  return checked;
}

std::vector<Checked> check_rows(const issuance::ProfileSet& profiles, const std::vector<Roster::Row>& rows,
                                const std::vector<std::optional<Replaced>>& replaced, Time now) {
  std::vector<Checked> checked(rows.size());
  const auto part = [&](std::size_t first) {
    for (std::size_t i = first; i < rows.size(); i += 2) checked[i] = check_row(profiles, rows[i], replaced[i], now);
  };
  std::thread other(part, 1);
  part(0);
  other.join();
  return checked;
}

// A key that stands on a list of broken ones, or was seen before.
Status check_key_lists(const Context& context, const BlockedKeys& blocked, const Roster::Row& row, Checked& checked,
                       Time now) {
  if (const Status free = blocked.check(checked.public_key_info); !free)
    checked.findings.push_back(finding(row, key_field(row), "roster.key_weak", {free.error().message}));
  ANTIN_TRY(auto known, check_known_key(context, row, checked.public_key_info, checked.subject, now));
  checked.findings.insert(checked.findings.end(), std::make_move_iterator(known.begin()),
                          std::make_move_iterator(known.end()));
  return {};
}

// A change must change something; a new key with another content must end the certificate that says the old one.
void check_content(const Roster::Row& row, const Replaced& replaced, Checked& checked) {
  if (checked.subject.empty() || (row.act != Act::change && row.act != Act::rekey)) return;
  const store::CertificateRecord& record = replaced.record;
  const bool same = checked.subject == record.subject && field_of(row, "mail") == record.mail &&
                    (row.profile == record.profile || is_adopted(record)) && row.bloc == bloc_of(record.issuer);
  if (row.act == Act::change && same)
    checked.findings.push_back(finding(row, "fields", "roster.change_nothing", {record.id}));
  if (row.act == Act::rekey && !same && !row.reason)
    checked.findings.push_back(finding(row, "reason", "roster.rekey_content", {record.id}));
}

// The bodies that ask should be such as have a certificate here, or get one by the same roster; they may have one of
// another authority. The first lists come when no body has one yet.
class Bodies {
 public:
  static Result<Bodies> read(const Context& context, const Roster& roster, Time now) {
    Bodies bodies;
    for (const Roster::Row& row : roster.rows)
      if (row.kind == "organisation" && row.act != Act::revoke) bodies.known_.emplace(row.code, true);
    ANTIN_TRY(const auto one, context.store.certificates({.kind = "organisation", .limit = 1}, now));
    bodies.none_yet_ = one.empty();
    return bodies;
  }
  Status check(const Context& context, const Roster::Row& row, Checked& checked, Time now) {
    if (row.requested_by.empty() || (row.act == Act::issue && none_yet_)) return {};
    const auto [body, fresh] = known_.emplace(row.requested_by, true);
    if (fresh) {
      const auto known = context.store.certificate(row.requested_by, now);
      if (!known && known.error().code != ErrorCode::not_found &&
          known.error().code != ErrorCode::failed_precondition)  // it fits several: known
        return fail(known.error());
      body->second = known ? known->kind == "organisation" : known.error().code != ErrorCode::not_found;
    }
    if (!body->second)
      checked.findings.push_back(
          {row.row, "requested_by", "roster.managing_body_unknown", {row.requested_by}, /*error=*/false});
    return {};
  }

 private:
  std::map<std::string, bool> known_;  // by code
  bool none_yet_ = false;
};

// Who follows whom when bodies end: the follower has a certificate in force that this roster leaves alone, or gets one.
class Followers {
 public:
  explicit Followers(const Roster& roster) {
    for (const Roster::Row& row : roster.rows) {
      if (row.act == Act::revoke)
        ended_.insert(row.replaces);
      else
        made_.insert(row.code);
    }
  }
  Status check(const Context& context, const Roster::Row& row, Checked& checked, Time now) {
    if (row.followed_by.empty()) return {};
    if (row.followed_by == row.code)
      checked.findings.push_back(finding(row, "followed_by", "roster.followed_by_itself", {row.code}));
    const auto [follower, fresh] = stays_.emplace(row.followed_by, made_.contains(row.followed_by));
    if (fresh && !follower->second) {
      ANTIN_TRY(follower->second, has_one(context, row.followed_by, now));
    }
    if (!follower->second)
      checked.findings.push_back(finding(row, "followed_by", "roster.followed_by_nobody", {row.followed_by}));
    return {};
  }

 private:
  Result<bool> has_one(const Context& context, const std::string& code, Time now) const {
    const auto one = context.store.certificate(code, now);
    if (one) return one->subscriber == code && in_force(*one);
    if (one.error().code == ErrorCode::not_found) return false;
    if (one.error().code != ErrorCode::failed_precondition) return fail(one.error());
    ANTIN_TRY(const auto several, context.store.certificates({.subscriber = code}, now));
    return std::ranges::any_of(several, [&](const auto& record) { return in_force(record); });
  }
  bool in_force(const store::CertificateRecord& record) const {
    return record.status == store::CertificateStatus::valid && !ended_.contains(record.id);
  }
  std::set<std::string> made_, ended_;  // codes; certificate ids
  std::map<std::string, bool> stays_;   // by code
};

// What the rows of one roster say of each other.
class Twins {
 public:
  void check(const Roster::Row& row, Checked& checked) {
    if (row.act != Act::revoke) first(codes_, row.code, row, checked, "code", "roster.code_twice", {row.code});
    if (!row.replaces.empty())
      first(replaced_, row.replaces, row, checked, "replaces", "roster.replaced_twice", {row.replaces});
    if (!checked.public_key_info.empty())
      first(keys_, issuance::key_hash(checked.public_key_info), row, checked, key_field(row), "roster.key_twice", {});
  }

 private:
  template <class Map, class Value>
  static void first(Map& seen, const Value& value, const Roster::Row& row, Checked& checked, const char* field,
                    const char* rule, std::vector<std::string> arguments) {
    const auto [earlier, fresh] = seen.emplace(value, row.row);
    if (fresh) return;
    arguments.push_back(std::to_string(earlier->second));
    checked.findings.push_back(finding(row, field, rule, std::move(arguments)));
  }
  std::map<std::string, std::uint64_t> codes_, replaced_;
  std::map<Bytes, std::uint64_t> keys_;
};

Result<std::vector<std::optional<Replaced>>> read_all_replaced(const Context& context, const Roster& roster, Time now) {
  std::vector<std::optional<Replaced>> all;
  for (const Roster::Row& row : roster.rows) {
    ANTIN_TRY(auto replaced, read_replaced(context, row, now));
    all.push_back(std::move(replaced));
  }
  return all;
}

}  // namespace

Result<std::vector<Finding>> check_roster(const Context& context, const Roster& roster) {
  const Time now = context.clock.now();
  ANTIN_TRY(const auto replaced, read_all_replaced(context, roster, now));
  ANTIN_TRY(const issuance::ProfileSet profiles, issuing_profiles(context, now));
  std::vector<Checked> checked = check_rows(profiles, roster.rows, replaced, now);
  ANTIN_TRY(const BlockedKeys blocked, BlockedKeys::read(context));
  Twins twins;
  Followers followers(roster);
  ANTIN_TRY(Bodies bodies, Bodies::read(context, roster, now));
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < checked.size(); ++i) {
    const Roster::Row& row = roster.rows[i];
    twins.check(row, checked[i]);
    if (!checked[i].public_key_info.empty()) ANTIN_CHECK(check_key_lists(context, blocked, row, checked[i], now));
    if (replaced[i]) check_content(row, *replaced[i], checked[i]);
    ANTIN_CHECK(bodies.check(context, row, checked[i], now));
    ANTIN_CHECK(followers.check(context, row, checked[i], now));
    findings.insert(findings.end(), checked[i].findings.begin(), checked[i].findings.end());
    std::vector<Finding> acts = check_succession(profiles, row, replaced[i], now, now);
    findings.insert(findings.end(), std::make_move_iterator(acts.begin()), std::make_move_iterator(acts.end()));
  }
  return findings;
}

}  // namespace antin::authority
