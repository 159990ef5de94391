#include "base/encoding.h"
#include "ca/authority/authority.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/incident_steps.h"
#include "ca/authority/issue_steps.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

using Act = store::RevocationEvent::Act;

// Who asked for an act that nobody asked for by itself: a member of its log entry.
using Cause = std::optional<std::pair<std::string, std::string>>;

Cause asked_by(const std::optional<std::string>& body) {
  return !body || body->empty() ? Cause() : std::pair(std::string("requested_by"), *body);
}

// A certificate that is asked for by the body of its subscriber; the authority's own are not.
bool is_of_subscriber(const std::string& kind) {
  return kind == "organisation" || kind == "personal" || kind == "device";
}

// Event and log entry, in the caller's transaction.
Status append(store::Transaction& transaction, const store::RevocationEvent& event, std::string_view log_type,
              const Cause& cause) {
  ANTIN_CHECK(transaction.add_revocation(event));
  std::vector<std::pair<std::string, std::string>> fields{{"certificate", event.certificate_id},
                                                          {"reason", std::string(x509::to_string(event.reason))},
                                                          {"remark", event.remark}};
  if (event.invalidity_date) fields.emplace_back("invalidity_date", to_rfc3339(*event.invalidity_date));
  if (cause) fields.push_back(*cause);
  if (!event.followed_by.empty()) fields.emplace_back("followed_by", event.followed_by);
  ANTIN_TRY([[maybe_unused]] const auto index, transaction.append_log(log::entry(event.at, log_type, fields)));
  return {};
}

// Event and log entry in one transaction; the state is read again under its lock. `requested_by` none: nobody must ask.
Status record(const Context& context, store::RevocationEvent event, std::string_view log_type,
              store::CertificateStatus wanted_before, store::CertificateStatus also_before,
              const std::optional<std::string>& requested_by = std::nullopt) {
  const Time now = context.clock.now();
  event.at = now;
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY(const store::CertificateRecord record, context.store.certificate(event.certificate_id, now));
  if (record.kind == "root")
    return fail(ErrorCode::failed_precondition,
                "certificate " + record.id +
                    " is a root: its own list cannot revoke it; end its CAs and take it out of every trust list");
  if (record.status != wanted_before && record.status != also_before)
    return fail(ErrorCode::failed_precondition,
                "certificate " + record.id + " is " + std::string(to_string(record.status)));
  if (event.invalidity_date && *event.invalidity_date > now)
    return fail(ErrorCode::invalid_argument, "the invalidity date lies in the future");
  if (requested_by) ANTIN_CHECK(may_revoke(record, *requested_by, now));
  if (event.act == Act::suspend) ANTIN_CHECK(may_suspend(context, now));
  event.certificate_id = record.id;
  ANTIN_CHECK(append(*transaction, event, log_type, asked_by(requested_by)));
  return transaction->commit();
}

}  // namespace

Status revoke_within(const Context& context, store::Transaction& transaction, const Ending& ending, Time now) {
  ANTIN_TRY(const store::CertificateRecord record, context.store.certificate(ending.certificate_id, now));
  if (record.status != store::CertificateStatus::revoked)
    return append(transaction,
                  {record.id, Act::revoke, ending.reason, now, ending.invalidity_date, ending.request_id,
                   ending.followed_by},
                  "certificate.revoke", std::pair("request", ending.request_id));
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction.append_log(log::entry(now, "certificate.revoked_before",
                                              {{"certificate", record.id}, {"request", ending.request_id}})));
  return {};
}

Status end_within(store::Transaction& transaction, const store::RevocationEvent& event, ByteView incident_hash) {
  const char* type = event.act == Act::suspend  ? "certificate.suspend"
                     : event.act == Act::resume ? "certificate.resume"
                                                : "certificate.revoke";
  return append(transaction, event, type, std::pair("incident", to_hex(incident_hash)));
}

Status may_revoke(const store::CertificateRecord& record, const std::string& requested_by, Time now) {
  if (requested_by.size() > 64)
    return fail(ErrorCode::invalid_argument, "the code of the managing body has at most 64 octets");
  const auto policy = policy::policy_at(now);
  if (!policy || !is_of_subscriber(record.kind)) return {};  // before the oldest policy nothing is known
  policy::Request request;
  request.act = policy::Act::revoke;
  request.at = now;
  request.personal = record.kind == "personal";
  request.subscriber = record.subscriber;
  request.requested_by = requested_by;
  if (policy::judge(*policy, request).empty()) return {};
  return fail(ErrorCode::failed_precondition, "policy: the managing body must ask for it, not the person (" +
                                                  policy->name + "): name its code with --requested-by");
}

Status may_suspend(const Context& context, Time now) {
  const auto policy = policy::policy_at(now);
  if (context.settings.suspension || (policy && policy->suspension)) return {};
  return fail(ErrorCode::failed_precondition,
              "policy: certificates are not suspended here: revoke, or set `suspension = true` in antin.toml");
}

Status revoke(const Context& context, const std::string& certificate_id, x509::RevocationReason reason,
              std::optional<Time> invalidity_date, const std::string& remark, const std::string& requested_by) {
  if (reason == x509::RevocationReason::certificate_hold || reason == x509::RevocationReason::remove_from_crl)
    return fail(ErrorCode::invalid_argument,
                "certificateHold and removeFromCRL are no reasons to revoke; use suspend and resume");
  return record(context, {certificate_id, Act::revoke, reason, {}, invalidity_date, remark}, "certificate.revoke",
                store::CertificateStatus::valid, store::CertificateStatus::suspended, requested_by);
}

Status revoke_exposed(const Context& context, const std::string& certificate_id, std::optional<Time> invalidity_date,
                      const std::string& remark) {
  return record(context,
                {certificate_id, Act::revoke, x509::RevocationReason::key_compromise, {}, invalidity_date, remark},
                "certificate.revoke", store::CertificateStatus::valid, store::CertificateStatus::suspended);
}

Status suspend(const Context& context, const std::string& certificate_id, const std::string& remark) {
  return record(context,
                {certificate_id, Act::suspend, x509::RevocationReason::certificate_hold, {}, std::nullopt, remark},
                "certificate.suspend", store::CertificateStatus::valid, store::CertificateStatus::valid);
}

Status resume(const Context& context, const std::string& certificate_id, const std::string& remark) {
  return record(context, {certificate_id, Act::resume, x509::RevocationReason::unspecified, {}, std::nullopt, remark},
                "certificate.resume", store::CertificateStatus::suspended, store::CertificateStatus::suspended);
}

}  // namespace antin::authority
