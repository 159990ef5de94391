#include "ca/authority/incident.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/approval_steps.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/incident_steps.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

std::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::failed_precondition, "incident: " + why);
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool fits(const std::string& text, std::size_t longest) {
  return text.size() <= longest && is_one_line(text) && to_nfc(text);
}

// A number names an incident by its place, and eight digits or more by its hash.
bool could_be_number(const std::string& name) {
  return name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// RFC 5280 section 5.3.1; what is resumed has no reason at all.
bool fits_reason(IncidentAct act, x509::RevocationReason reason) {
  using Reason = x509::RevocationReason;
  if (act == IncidentAct::suspend) return reason == Reason::certificate_hold;
  if (act == IncidentAct::resume) return reason == Reason::unspecified;
  return reason != Reason::certificate_hold && reason != Reason::remove_from_crl;
}

Status check_draft(const Context& context, const IncidentDraft& draft, Time now) {
  if (draft.name.empty() || could_be_number(draft.name))
    return fail(ErrorCode::invalid_argument, "incident: the name needs a letter beyond a to f");
  if (!fits(draft.name, 200) || !fits(draft.description, 4000))
    return fail(ErrorCode::invalid_argument,
                "incident: name and description are one line each, of at most 200 and 4000 octets of UTF-8");
  if (!fits_reason(draft.act, draft.reason))
    return fail(ErrorCode::invalid_argument,
                "certificateHold and removeFromCRL are no reasons to revoke; use suspend and resume");
  if (draft.act == IncidentAct::suspend) ANTIN_CHECK(may_suspend(context, now));
  if (draft.act != IncidentAct::revoke && (draft.invalidity_date || draft.reissue))
    return fail(ErrorCode::invalid_argument, "incident: what is not revoked has no invalidity date and no successor");
  if (draft.invalidity_date && *draft.invalidity_date > now)
    return fail(ErrorCode::invalid_argument, "the invalidity date lies in the future");
  if (draft.found_at && *draft.found_at > now)
    return fail(ErrorCode::invalid_argument, "incident: it was found in the future");
  if (draft.time_to_act <= seconds(0) || draft.time_to_act > days(3660))
    return fail(ErrorCode::invalid_argument, "incident: the deadline is from one hour to ten years away");
  return check_selection(draft.selection);
}

Incident incident_of(const IncidentDraft& draft, const IncidentHits& hits, Time now) {
  Incident incident;
  incident.name = to_nfc(draft.name).value_or(draft.name);
  incident.description = to_nfc(draft.description).value_or(draft.description);
  incident.selection = draft.selection;
  incident.act = draft.act;
  incident.reason = draft.reason;
  incident.invalidity_date = draft.invalidity_date;
  incident.reissue = draft.reissue;
  incident.found_at = draft.found_at.value_or(now);
  incident.created_at = now;
  incident.deadline = incident.found_at + draft.time_to_act;
  incident.revoked_before = hits.revoked;
  incident.expired_before = hits.expired;
  ListHasher lists;
  for (const IncidentHit& hit : hits.hits) lists.add(hit.id, hit.obstacle);
  incident.certificates = lists.certificates();
  incident.left_out = lists.left_out();
  return incident;
}

// The same matter: all but what the moment of its creation decides.
bool is_same(Incident known, const Incident& wanted, bool found_now) {
  if (found_now && known.found_at == known.created_at) {
    if (known.deadline - known.found_at == wanted.deadline - wanted.found_at) known.deadline = wanted.deadline;
    known.found_at = wanted.found_at;
  }
  known.number = wanted.number;
  known.created_at = wanted.created_at;
  known.supersedes = wanted.supersedes;
  return equal(incident_content(known), incident_content(wanted));
}

// The incident of this name that was not superseded.
const IncidentState* of_name(const std::vector<IncidentState>& all, const std::string& name) {
  const auto found = std::ranges::find_if(
      all, [&](const IncidentState& one) { return one.incident.name == name && one.superseded_by.empty(); });
  return found == all.end() ? nullptr : &*found;
}

// What is recorded for this draft among the incidents there are.
Result<CreatedIncident> place(const std::vector<IncidentState>& all, const IncidentDraft& draft, const IncidentHits& hits,
                              Incident incident) {
  if (const IncidentState* before = of_name(all, incident.name)) {
    if (is_same(before->incident, incident, !draft.found_at))
      return CreatedIncident{before->incident, before->record.hash, true};
    if (!draft.anew)
      return fail(ErrorCode::already_exists, "incident: " + incident.name +
                                                 " is another one: give this one another name, or put it in the place "
                                                 "of that one with --anew");
    if (before->record.done + before->record.omitted != 0)
      return refuse("in " + incident.name + " something was done already: end it, and give this one another name");
    incident.supersedes = to_hex(before->record.hash);
  }
  const bool any = std::ranges::any_of(hits.hits, [](const IncidentHit& hit) {
    return hit.obstacle.empty() || hit.obstacle == compromised_obstacle;
  });
  if (!any) return refuse("its selection hits nothing that is to be ended");
  incident.number = all.size() + 1;
  const Bytes content = incident_content(incident);
  ANTIN_TRY([[maybe_unused]] const Incident same, read_incident(content));
  return CreatedIncident{std::move(incident), to_bytes(sha256(content)), false};
}

Status record(const Context& context, const CreatedIncident& made, const IncidentHits& hits, Time now,
              store::Transaction& transaction) {
  const Bytes content = incident_content(made.incident);
  ANTIN_CHECK(guard_clock(context.store, transaction, now));
  ANTIN_TRY(const std::uint64_t index,
            transaction.append_log(log::entry(
                now, "incident", {{"incident", to_hex(made.hash)}, {"content", std::string(text_of(content))}})));
  std::vector<store::IncidentCertificate> certificates;
  for (const IncidentHit& hit : hits.hits) certificates.push_back({hit.id, hit.obstacle, {}, std::nullopt});
  return transaction.add_incident(
      {.number = made.incident.number, .hash = made.hash, .content = content, .at = now, .log_index = index},
      certificates);
}

}  // namespace

Result<CreatedIncident> foresee_incident(const Context& context, const IncidentDraft& draft, const IncidentHits& hits) {
  const Time now = context.clock.now();
  ANTIN_CHECK(check_draft(context, draft, now));
  ANTIN_TRY(const auto all, read_incidents(context));
  return place(all, draft, hits, incident_of(draft, hits, now));
}

Result<CreatedIncident> create_incident(const Context& context, const IncidentDraft& draft) {
  const Time now = context.clock.now();
  ANTIN_CHECK(check_draft(context, draft, now));
  ANTIN_TRY(const IncidentHits hits, select_certificates(context, draft.selection, draft.act));
  const Incident incident = incident_of(draft, hits, now);
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_TRY(const auto all, read_incidents(context));
  ANTIN_TRY(CreatedIncident made, place(all, draft, hits, incident));
  if (made.known) return made;
  ANTIN_CHECK(record(context, made, hits, now, *transaction));
  ANTIN_CHECK(transaction->commit());
  return made;
}

Result<std::vector<IncidentState>> read_incidents(const Context& context) {
  const Time now = context.clock.now();
  ANTIN_TRY(const auto records, context.store.incidents());
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  std::vector<IncidentState> all;
  for (const store::IncidentRecord& record : records) {
    if (!equal(sha256(record.content), record.hash))
      return fail(ErrorCode::data_loss, "incident " + std::to_string(record.number) + ": its content has another hash");
    ANTIN_TRY(Incident incident, read_incident(record.content));
    for (IncidentState& before : all)
      if (to_hex(before.record.hash) == incident.supersedes)
        before.superseded_by = incident.name + " (" + std::to_string(incident.number) + ")";
    ANTIN_TRY(const unsigned approvals, count_approvals(context, roles, record.hash, incident_statement, now));
    all.push_back({record, std::move(incident), {}, approvals});
  }
  return all;
}

Result<IncidentState> find_incident(const Context& context, const std::string& which) {
  ANTIN_TRY(std::vector<IncidentState> all, read_incidents(context));
  const IncidentState* found = of_name(all, to_nfc(which).value_or(which));
  for (const IncidentState& one : all)
    if (which == std::to_string(one.incident.number) ||
        (which.size() >= 8 && to_hex(one.record.hash).starts_with(which)))
      found = &one;
  if (found != nullptr) return *found;
  return fail(ErrorCode::not_found, "incident: there is none " + which + ": see `antin incident list`");
}

Result<unsigned> approve_incident(const Context& context, ByteView hash, const std::string& officer_id,
                                  const hsm::SigningKey& key) {
  const Time now = context.clock.now();
  ANTIN_TRY(const IncidentState state, find_incident(context, to_hex(hash)));
  ANTIN_CHECK(check_frozen(context.store, state.incident));
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_TRY(const store::Approval approval,
            sign_approval(context, roles, hash, officer_id, key, incident_statement(hash, officer_id), now));
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_TRY(const IncidentState present, find_incident(context, to_hex(hash)));
  if (!present.superseded_by.empty())
    return refuse(present.incident.name + " was superseded by " + present.superseded_by);
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(transaction->add_approval(approval));
  ANTIN_CHECK(transaction->append_log(
      log::entry(now, "incident.approve",
                 {{"incident", to_hex(hash)}, {"officer", officer_id}, {"signature", to_hex(approval.signature)}})));
  ANTIN_CHECK(transaction->commit());
  return count_approvals(context, roles, hash, incident_statement, now);
}

}  // namespace antin::authority
