// The issuance cycle over the store. docs/issuance-cycle.md has the same steps in the same order.
#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <span>

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/issue_steps.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/key_block.h"
#include "ca/authority/known_key.h"
#include "ca/authority/profile_guard.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"
#include "ca/authority/succession_check.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

void step(const IssuingPlan& plan, std::string_view name) {
  if (plan.at_step) plan.at_step(name);
}

// One roster row on its way: profile and lint passed, serial chosen.
struct Work {
  store::Intent intent;
  issuance::LintedTbs tbs;
  Spread spread = {};
};
struct Group {
  std::span<const store::RosterRow> stored;  // its rows, as they were approved
  std::vector<Work> work;
  std::vector<store::CertificateRecord> signed_records;  // after signing, in the same order
  std::vector<Ending> endings;                           // rows that revoke: done when the group is stored
  std::size_t rows() const { return work.size() + endings.size(); }
};

// What all rows of one roster share.
struct RosterRun {
  const store::RosterRecord& roster;
  std::string prefix;  // of request ids
  const issuance::ProfileSet& profiles;
  const IssuerRegister& issuers;
  const Result<policy::Policy> policy;  // of the day on which it was submitted; not_found before the oldest one
};

// What a run believes of the acts of others: true while the log is as long as the run left it.
struct Others {
  std::uint64_t log_size = 0;
  OpenKeys keys;

  static Result<Others> read(store::Store& store, const RosterRun& run) {
    ANTIN_TRY(const std::uint64_t size, store.log_size());
    ANTIN_TRY(OpenKeys keys, OpenKeys::read(store, run.prefix));
    return Others{size, std::move(keys)};
  }
};

Status refuse(const Finding& finding) {
  if (!finding.error) return {};
  return fail(ErrorCode::failed_precondition, finding.field + ": " + finding.rule +
                                                  " since it was approved: submit the other rows in a new roster");
}

// The act of an approved row must still be possible; the policy is that of the day on which it was asked for.
Status check_act(const RosterRun& run, const Roster::Row& row, const std::optional<Replaced>& replaced, Time now) {
  for (const Finding& finding : check_succession(run.profiles, row, replaced, run.roster.submitted_at, now)) {
    if (finding.rule == "roster.replaces_state")
      return fail(ErrorCode::failed_precondition,
                  "certificate " + row.replaces + " is " + std::string(to_string(replaced->record.status)));
    if (finding.rule == "roster.replaced_before")
      return fail(ErrorCode::failed_precondition, "certificate " + row.replaces + " was replaced already by " +
                                                      *replaced->successor + ": submit the other rows in a new roster");
    ANTIN_CHECK(refuse(finding));
  }
  return {};
}

// Whose octets were approved: the request's, or those of the certificate whose key is kept.
Result<Bytes> approved_key(const RosterRun& run, const Roster::Row& row, const store::RosterRow& stored,
                           const std::optional<Replaced>& replaced) {
  if (row.key == "same" && !replaced)
    return fail(ErrorCode::data_loss, "store: there is no certificate " + row.replaces);
  ANTIN_TRY(Bytes key, row.key == "same" ? Result<Bytes>(replaced->public_key_info) : public_key_of(stored.request));
  if (!equal(canonical_row(run.roster.format, row, request_binding_of_stored(row, stored, key)), stored.content))
    return fail(ErrorCode::data_loss, "the request is not the one that was approved");
  return key;
}

// The ends of a roster's certificates are spread by the policy of the day on which it was submitted.
Result<Spread> spread_of(const RosterRun& run, const Roster::Row& row, const RowContent& content,
                       const issuance::IssuerIdentity& issuer, Time now) {
  if (!run.policy) return Spread();  // before the oldest one: the profile alone decides
  ANTIN_TRY(const issuance::Profile profile, run.profiles.find(row.profile));
  ANTIN_TRY(const auto whole, row_validity(profile, content.latest_end, now, issuer.not_after));
  const unsigned over = run.policy->rule(row.act).spread_days;
  return Spread{
      policy::spread(over, run.roster.hash, row.row, run.roster.rows, whole.not_after - whole.not_before), over};
}

Result<Work> prepare_row(const Context& context, const RosterRun& run, const Roster::Row& row,
                         const store::RosterRow& stored, const IssuingPlan& plan, const BlockedKeys& blocked,
                         const OpenKeys& open, Time now) {
  ANTIN_TRY(const issuance::Profile profile, run.profiles.find(row.profile));
  ANTIN_TRY(const RegisteredIssuer* chosen, run.issuers.to_issue(row.bloc, now, profile.issuer_key()));
  const auto issuer = plan.issuers.find(chosen->name);
  if (issuer == plan.issuers.end())
    return fail(ErrorCode::unavailable, "the issuer " + chosen->name + " is not open: start `antin authority run` anew");
  ANTIN_TRY(const auto replaced, read_replaced(context, row, now));
  ANTIN_TRY(Bytes key, approved_key(run, row, stored, replaced));
  ANTIN_CHECK(check_act(run, row, replaced, now));
  ANTIN_CHECK(issuance::check_key(key, profile));
  ANTIN_CHECK(blocked.check(key));
  ANTIN_TRY(x509::SerialNumber serial, x509::SerialNumber::random(context.random));
  ANTIN_TRY(RowContent content, row_content(run.profiles, row, replaced, std::move(key), run.roster.submitted_at, now));
  // Another roster may have certified the key for somebody else, or its owner lost it, since this one was approved.
  ANTIN_TRY(const auto known,
            check_known_key(context, row, content.public_key_info, content.subject.rfc4514(), now));
  for (const Finding& finding : known) ANTIN_CHECK(refuse(finding));
  for (const Finding& finding : open.check(row, content.public_key_info, content.subject.rfc4514()))
    ANTIN_CHECK(refuse(finding));
  const std::string mail = content.mail;
  ANTIN_TRY(const Spread spread, spread_of(run, row, content, issuer->second->identity(), now));
  content.earlier = spread.earlier;
  ANTIN_TRY(issuance::LintedTbs linted,
            linted_row(run.profiles, row, std::move(content), issuer->second->identity(), serial, now));
  store::Intent intent{run.prefix + std::to_string(row.row),
                       issuer->first,
                       std::move(serial),
                       to_bytes(linted.der()),
                       row.kind,
                       row.profile,
                       stored.key_location,
                       stored.key_uri,
                       row.code,
                       mail,
                       succession_of(row)};
  return Work{std::move(intent), std::move(linted), spread};
}

// A certificate that was revoked since the row was approved needs no check more: the row is done without an act.
Result<Ending> prepare_ending(const Context& context, const RosterRun& run, const Roster::Row& row,
                              const store::RosterRow& stored, Time now) {
  ANTIN_TRY(const auto replaced, read_replaced(context, row, now));
  ANTIN_TRY([[maybe_unused]] const Bytes key, approved_key(run, row, stored, replaced));
  if (replaced->record.status != store::CertificateStatus::revoked) ANTIN_CHECK(check_act(run, row, replaced, now));
  return Ending{run.prefix + std::to_string(row.row), row.replaces, *row.reason, row.invalidity_date, row.followed_by};
}

Status add_row(Group& group, const Context& context, const RosterRun& run, const store::RosterRow& stored,
               const IssuingPlan& plan, const BlockedKeys& blocked, const OpenKeys& open, Time now) {
  ANTIN_TRY(const Roster::Row row, row_from_canonical(run.roster.format, stored.content));
  if (row.act == policy::Act::revoke) {
    ANTIN_TRY(Ending ending, prepare_ending(context, run, row, stored, now));
    group.endings.push_back(std::move(ending));
    return {};
  }
  ANTIN_TRY(Work work, prepare_row(context, run, row, stored, plan, blocked, open, now));
  group.work.push_back(std::move(work));
  return {};
}

Result<Group> prepare_group(const Context& context, const RosterRun& run, std::span<const store::RosterRow> rows,
                            const IssuingPlan& plan, const OpenKeys& open, Time now) {
  Group group{.stored = rows};
  ANTIN_TRY(const BlockedKeys blocked, BlockedKeys::read(context));
  for (const store::RosterRow& row : rows)
    ANTIN_CHECK(in("roster row " + std::to_string(row.row), add_row(group, context, run, row, plan, blocked, open, now)));
  return group;
}

// Token signs, both libraries verify; on `threads` threads.
Status sign_group(Group& group, const IssuingPlan& plan) {
  std::vector<std::optional<store::CertificateRecord>> made(group.work.size());
  std::vector<Status> outcome(std::max(1u, plan.threads));
  std::atomic<std::size_t> next = 0;  // whoever is free takes the next one: one thread shares its core with the store
  const auto part = [&](std::size_t thread) {
    for (std::size_t i = next++; i < group.work.size(); i = next++) {
      Work& work = group.work[i];
      auto record = sign_intent(*plan.issuers.at(work.intent.issuer), work.intent, std::move(work.tbs));
      if (!record) {
        outcome[thread] = fail(std::move(record).error().in(work.intent.request_id));
        return;
      }
      made[i] = *std::move(record);
    }
  };
  std::vector<std::future<void>> others;
  for (std::size_t t = 1; t < outcome.size(); ++t) others.push_back(std::async(std::launch::async, part, t));
  part(0);
  for (auto& other : others) other.get();
  for (Status& status : outcome) ANTIN_CHECK(std::move(status));
  for (auto& record : made) group.signed_records.push_back(*std::move(record));
  return {};
}

// A key that was blocked after it was decided to certify it: what was signed is recorded, and ends at once.
Status end_blocked(const Context& context, store::Transaction& transaction, const Group& group, Time now) {
  for (std::size_t i = 0; i < group.signed_records.size(); ++i) {
    const store::CertificateRecord& record = group.signed_records[i];
    ANTIN_TRY(const auto blocked, context.store.blocked_key(record.key_hash));
    if (!blocked) continue;
    ANTIN_CHECK(revoke_within(context, transaction,
                              {group.work[i].intent.request_id, record.id, x509::RevocationReason::key_compromise,
                               std::nullopt},
                              now));
  }
  return {};
}

// Certificates of a group that was signed, and the ends of those that they replace or that its rows revoke.
Status store_group(const Context& context, store::Transaction& transaction, const Group& group, Time now) {
  for (std::size_t i = 0; i < group.signed_records.size(); ++i) {
    const store::Intent& intent = group.work[i].intent;
    ANTIN_CHECK(record_certificate(transaction, group.signed_records[i], intent, now));
    if (!intent.succession || !intent.succession->reason) continue;
    const store::Succession& after = *intent.succession;
    ANTIN_CHECK(revoke_within(context, transaction,
                              {intent.request_id, after.predecessor, *after.reason, after.invalidity_date}, now));
  }
  for (const Ending& ending : group.endings) {
    ANTIN_CHECK(transaction.complete_row(ending.request_id, ending.certificate_id));
    ANTIN_CHECK(revoke_within(context, transaction, ending, now));
  }
  return {};
}

// One transaction: what the group that was signed has made and ended, intents of the group that comes next. That one was
// prepared without the lock: when somebody else acted since, it is prepared again under it.
Status commit_group(const Context& context, const IssuingPlan& plan, const RosterRun& run, Others& others,
                    const Group* finished, Group* next, Time now) {
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY(const std::uint64_t size, context.store.log_size());
  const bool others_acted = size != others.log_size;
  if (finished != nullptr) ANTIN_CHECK(store_group(context, *transaction, *finished, now));
  if (finished != nullptr && others_acted) ANTIN_CHECK(end_blocked(context, *transaction, *finished, now));
  if (next != nullptr && others_acted) {
    ANTIN_TRY(others, Others::read(context.store, run));
    ANTIN_TRY(*next, prepare_group(context, run, next->stored, plan, others.keys, now));
  }
  if (next != nullptr) {
    std::vector<store::Intent> intents;
    for (const Work& work : next->work) intents.push_back(work.intent);
    ANTIN_CHECK(guard_profiles(context.store, run.profiles));
    ANTIN_CHECK(guard_issuers(context.store, run.issuers, now));
    for (const store::Intent& intent : intents) ANTIN_CHECK(guard_issuer(run.issuers, run.profiles, intent, now));
    ANTIN_CHECK(transaction->add_intents(intents));
    for (const Work& work : next->work) ANTIN_CHECK(record_intent(*transaction, work.intent, work.spread, now));
  }
  ANTIN_TRY(const std::uint64_t left, context.store.log_size());
  step(plan, "before-commit");
  ANTIN_CHECK(transaction->commit());
  if (!others_acted || next != nullptr) others.log_size = left;
  step(plan, "after-commit");
  return {};
}

// Intents of this roster that a killed run left: the same bytes are linted and signed again, never a new serial.
Result<std::uint64_t> recover(const Context& context, const RosterRun& run, const IssuingPlan& plan) {
  ANTIN_TRY(const auto open, context.store.open_intents());
  Group group;
  for (const store::Intent& intent : open) {
    if (!intent.request_id.starts_with(run.prefix)) continue;
    if (!plan.issuers.contains(intent.issuer))
      return fail(ErrorCode::failed_precondition, "no issuing CA for the open intent " + intent.request_id);
    ANTIN_TRY(const issuance::CertificateKind kind, issuance::certificate_kind(intent.kind));
    ANTIN_TRY(issuance::LintedTbs tbs, issuance::lint(intent.tbs, kind));
    group.work.push_back({intent, std::move(tbs)});
  }
  if (group.work.empty()) return 0;
  ANTIN_CHECK(sign_group(group, plan));
  step(plan, "recovered");
  Others others;  // nothing is decided here
  ANTIN_CHECK(commit_group(context, plan, run, others, &group, nullptr, context.clock.now()));
  return group.work.size();
}

Result<std::vector<store::RosterRow>> approved_rows(const Context& context, const store::RosterRecord& roster) {
  std::vector<store::RosterRow> rows;
  ANTIN_CHECK(context.store.for_each_row(roster.hash, 1, [&](const store::RosterRow& row) -> Status {
    rows.push_back(row);
    return {};
  }));
  std::vector<Bytes> canonical;
  for (const store::RosterRow& row : rows) canonical.push_back(row.content);
  ANTIN_CHECK(check_unchanged(roster, canonical));
  return rows;
}

Status drop_issued(const Context& context, const std::string& prefix, std::vector<store::RosterRow>& rows) {
  ANTIN_TRY(const auto known, context.store.known_requests(prefix));
  const std::set<std::string> done(known.begin(), known.end());
  std::erase_if(rows, [&](const store::RosterRow& row) { return done.contains(prefix + std::to_string(row.row)); });
  return {};
}

// The rows of a roster on their way through the groups: while the token signs one, the one before is stored and the
// intents of the one that comes next become durable.
class Pipeline {
 public:
  Pipeline(const Context& context, const IssuingPlan& plan, RosterRun run, std::vector<store::RosterRow> rows)
      : context_(context), plan_(plan), run_(std::move(run)), rows_(std::move(rows)) {}

  // What was done; `progress` is told after each group.
  Result<IssueResult> run(const std::function<void(std::uint64_t)>& progress) {
    const Time now = context_.clock.now();
    ANTIN_TRY(others_, Others::read(context_.store, run_));
    ANTIN_TRY(std::optional<Group> present, prepare_next(now));
    ANTIN_CHECK(commit_group(context_, plan_, run_, others_, nullptr, &*present, now));
    while (present) {
      ANTIN_TRY(std::optional<Group> next, advance(*present));
      if (progress) progress(done_.issued + done_.revoked + present->rows());
      finished_ = std::move(present);
      present = std::move(next);
    }
    ANTIN_CHECK(commit_group(context_, plan_, run_, others_, &*finished_, nullptr, context_.clock.now()));
    count(*finished_);
    return done_;
  }

 private:
  void count(const Group& group) {
    done_.issued += group.work.size();
    done_.revoked += group.endings.size();
  }

  // The next group; none when all rows are taken.
  Result<std::optional<Group>> prepare_next(Time now) {
    if (taken_ == rows_.size()) return std::optional<Group>();
    const std::size_t last = std::min(rows_.size(), taken_ + next_size_);
    next_size_ = std::min<std::size_t>(next_size_ * 2, std::max(1u, plan_.group_size));
    ANTIN_TRY(Group group, prepare_group(context_, run_, std::span(rows_).subspan(taken_, last - taken_), plan_,
                                         others_.keys, now));
    taken_ = last;
    return std::optional(std::move(group));
  }

  // Signs `present` while its neighbours are stored and prepared; what was signed is stored before a failure is told.
  Result<std::optional<Group>> advance(Group& present) {
    auto signing = std::async(std::launch::async, [&] { return sign_group(present, plan_); });
    Result<std::optional<Group>> next = prepare_next(context_.clock.now());
    Group* following = next && *next ? &**next : nullptr;
    Status stored;
    if (next && (finished_ || following != nullptr))
      stored = commit_group(context_, plan_, run_, others_, finished_ ? &*finished_ : nullptr, following,
                            context_.clock.now());
    Status made = signing.get();
    step(plan_, "signed");
    const bool all_stored = next && stored;
    if (made && all_stored) {
      if (finished_) count(*finished_);
      return next;
    }
    if (finished_ && !all_stored)
      ANTIN_CHECK(commit_group(context_, plan_, run_, others_, &*finished_, nullptr, context_.clock.now()));
    if (made) ANTIN_CHECK(commit_group(context_, plan_, run_, others_, &present, nullptr, context_.clock.now()));
    return fail(!made ? std::move(made).error() : !next ? std::move(next).error() : std::move(stored).error());
  }

  const Context& context_;
  const IssuingPlan& plan_;
  RosterRun run_;
  std::vector<store::RosterRow> rows_;
  Others others_;
  std::size_t taken_ = 0;
  // Groups grow: while the first is prepared the token has nothing to do.
  std::size_t next_size_ = std::min(16u, std::max(1u, plan_.group_size));
  IssueResult done_;
  std::optional<Group> finished_;  // signed, not yet stored
};

}  // namespace

Result<IssueResult> issue_roster(const Context& context, ByteView roster_hash, const IssuingPlan& plan,
                                 const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  ANTIN_TRY(const store::RosterRecord roster, context.store.roster(roster_hash));
  ANTIN_TRY(const unsigned approvals, valid_approvals(context, roster_hash));
  if (approvals < plan.required_approvals) return IssueResult{.approvals_missing = plan.required_approvals - approvals};
  ANTIN_TRY(std::vector<store::RosterRow> rows, approved_rows(context, roster));
  const std::string prefix = to_hex(roster_hash) + "/";
  ANTIN_TRY(const issuance::ProfileSet profiles, issuing_profiles(context, context.clock.now()));
  ANTIN_TRY(const IssuerRegister issuers, read_issuers(context.store, context.clock.now()));
  const RosterRun run{roster, prefix, profiles, issuers, policy::policy_at(roster.submitted_at)};
  ANTIN_TRY(const std::uint64_t recovered, recover(context, run, plan));
  ANTIN_CHECK(drop_issued(context, prefix, rows));
  IssueResult result{.issued = recovered, .issued_before = roster.rows - rows.size() - recovered};
  if (rows.empty()) return result;
  const auto tell = [&](std::uint64_t issued) {
    if (progress) progress(result.issued_before + recovered + issued, roster.rows);
  };
  ANTIN_TRY(const IssueResult done, Pipeline(context, plan, run, std::move(rows)).run(tell));
  result.issued += done.issued;
  result.revoked += done.revoked;
  return result;
}

}  // namespace antin::authority
