// Ends or resumes what an incident hits, a group a transaction: what is left is asked of the store, so that a killed
// run goes on where it was.
#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/incident_steps.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

using store::CertificateStatus;

class Run {
 public:
  Run(const Context& context, const IncidentPlan& plan, const IncidentState& state)
      : context_(context), plan_(plan), incident_(state.incident), hash_(state.record.hash) {
    done_.before = state.record.done + state.record.omitted;
  }

  Result<IncidentRun> to_end(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const std::uint64_t total = incident_.certificates.count;
    while (true) {
      ANTIN_TRY(const std::size_t ended, end_group());
      if (ended == 0) return done_;
      if (progress) progress(done_.before + done_.done + done_.omitted, total);
    }
  }

 private:
  void step(std::string_view name) const {
    if (plan_.at_step) plan_.at_step(name);
  }

  // The next certificates, in one transaction; how many they were. What is left is read under its lock: another run of
  // the same incident beside this one does no harm.
  Result<std::size_t> end_group() {
    const Time now = context_.clock.now();
    ANTIN_TRY(auto transaction, context_.store.begin());
    ANTIN_TRY(const auto group,
              context_.store.incident_certificates(incident_.number, after_, std::max(1U, plan_.group_size), true));
    if (group.empty()) return 0;
    ANTIN_CHECK(refuse_superseded());
    ANTIN_CHECK(guard_clock(context_.store, *transaction, now));
    IncidentRun made;
    for (const store::IncidentCertificate& one : group)
      ANTIN_CHECK(in("certificate " + one.id, end_one(*transaction, one.id, now, made)));
    step("before-commit");
    ANTIN_CHECK(transaction->commit());
    step("after-commit");
    done_.done += made.done;
    done_.omitted += made.omitted;
    after_ = group.back().id;
    return group.size();
  }

  // Once something was done nobody can supersede it any more.
  Status refuse_superseded() const {
    if (done_.before + done_.done + done_.omitted != 0) return {};
    ANTIN_TRY(const IncidentState present, find_incident(context_, to_hex(hash_)));
    if (present.superseded_by.empty()) return {};
    return fail(ErrorCode::failed_precondition,
                "incident: " + incident_.name + " was superseded by " + present.superseded_by);
  }

  bool fits(CertificateStatus status) const {
    const bool valid = status == CertificateStatus::valid, suspended = status == CertificateStatus::suspended;
    if (incident_.act == IncidentAct::resume) return suspended;
    return valid || (suspended && incident_.act == IncidentAct::revoke);
  }

  store::RevocationEvent::Act event_act() const {
    using Act = store::RevocationEvent::Act;
    if (incident_.act == IncidentAct::resume) return Act::resume;
    return incident_.act == IncidentAct::suspend ? Act::suspend : Act::revoke;
  }

  Status end_one(store::Transaction& transaction, const std::string& id, Time now, IncidentRun& made) const {
    ANTIN_TRY(const CertificateStatus status, context_.store.certificate_status(id, now));
    if (fits(status)) {
      ++made.done;
      ANTIN_CHECK(end_within(
          transaction, {id, event_act(), incident_.reason, now, incident_.invalidity_date, incident_.name}, hash_));
      return transaction.add_incident_outcome(incident_.number, id, "done", now);
    }
    ++made.omitted;
    const std::string found(to_string(status));
    ANTIN_CHECK(transaction.append_log(
        log::entry(now, "incident.omit", {{"incident", to_hex(hash_)}, {"certificate", id}, {"found", found}})));
    return transaction.add_incident_outcome(incident_.number, id, found, now);
  }

  const Context& context_;
  const IncidentPlan& plan_;
  const Incident& incident_;
  const Bytes& hash_;
  std::string after_;  // the last certificate that this run ended
  IncidentRun done_;
};

}  // namespace

Result<IncidentRun> run_incident(const Context& context, ByteView hash, const IncidentPlan& plan,
                                 const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  ANTIN_TRY(const IncidentState state, find_incident(context, to_hex(hash)));
  if (!state.superseded_by.empty())
    return fail(ErrorCode::failed_precondition,
                "incident: " + state.incident.name + " was superseded by " + state.superseded_by);
  if (state.approvals < plan.required_approvals)
    return IncidentRun{.before = state.record.done + state.record.omitted,
                       .approvals_missing = plan.required_approvals - state.approvals};
  ANTIN_CHECK(check_frozen(context.store, state.incident));
  return Run(context, plan, state).to_end(progress);
}

}  // namespace antin::authority
