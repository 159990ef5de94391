#include "ca/authority/reconcile.h"

#include <algorithm>

#include "ca/authority/recorded_acts.h"

namespace antin::authority {
namespace {

std::unexpected<Error> lost(const std::string& what, bool from_log) {
  if (from_log)
    return fail(ErrorCode::data_loss,
                "log: " + what + " is not in it: entries or rows were taken away, or another program wrote");
  return fail(ErrorCode::data_loss,
              "store: " + what + " is logged and not there: entries or rows were taken away, or another program wrote");
}

std::unexpected<Error> differs(const std::string& what) {
  return fail(ErrorCode::data_loss, "log: " + what + " in the store is not the one that was logged");
}

// The acts of `part` must be among those of `whole`.
template <class Map>
Status check_part(const Map& part, const Map& whole, const char* what, bool whole_is_log) {
  for (const auto& [name, content] : part) {
    const auto found = whole.find(name);
    if (found == whole.end()) return lost(what + (" " + name), whole_is_log);
    if (found->second != content) return differs(what + (" " + name));
  }
  return {};
}

// Lists grow: what was read earlier is the beginning of what was read later.
Status check_events(const std::map<std::string, std::vector<std::string>>& part,
                    const std::map<std::string, std::vector<std::string>>& whole, const std::string& kind,
                    bool whole_is_log) {
  for (const auto& [id, events] : part) {
    const auto found = whole.find(id);
    const std::string what = kind + id;
    if (found == whole.end() || found->second.size() < events.size()) return lost(what, whole_is_log);
    if (!std::equal(events.begin(), events.end(), found->second.begin())) return differs(what);
  }
  return {};
}

Status check_approvals(const Acts& part, const Acts& whole, bool whole_is_log) {
  for (const auto& [roster, approvals] : part.approvals) {
    const auto found = whole.approvals.find(roster);
    for (const std::string& approval : approvals)
      if (found == whole.approvals.end() || !found->second.contains(approval))
        return lost(std::string(part.proposals.contains(roster)   ? "an approval of the proposal "
                                : part.incidents.contains(roster) ? "an approval of the incident "
                                                                  : "an approval of the roster ") +
                        roster,
                    whole_is_log);
  }
  return {};
}

Status check_lists(const Acts& part, const Acts& whole, bool whole_is_log) {
  for (const auto& [issuer, list] : part.lists) {
    const auto found = whole.lists.find(issuer);
    const std::string what = "list " + std::to_string(list.first) + " of " + issuer;
    if (found == whole.lists.end() || found->second.first < list.first) return lost(what, whole_is_log);
    if (found->second.first == list.first && found->second.second != list.second) return differs(what);
  }
  return {};
}

Status check_within(const Acts& part, const Acts& whole, bool whole_is_log) {
  ANTIN_CHECK(check_part(part.certificates, whole.certificates, "the certificate", whole_is_log));
  ANTIN_CHECK(check_part(part.rosters, whole.rosters, "the roster", whole_is_log));
  ANTIN_CHECK(check_part(part.proposals, whole.proposals, "the proposal", whole_is_log));
  ANTIN_CHECK(check_part(part.incidents, whole.incidents, "the incident", whole_is_log));
  ANTIN_CHECK(check_part(part.outcomes, whole.outcomes, "the end of the certificate", whole_is_log));
  ANTIN_CHECK(check_part(part.blocked, whole.blocked, "the blocked key", whole_is_log));
  ANTIN_CHECK(check_part(part.issuers, whole.issuers, "the issuer", whole_is_log));
  ANTIN_CHECK(check_part(part.officers, whole.officers, "the officers' ceremony", whole_is_log));
  ANTIN_CHECK(check_part(part.adopted, whole.adopted, "what came along with the issuer", whole_is_log));
  ANTIN_CHECK(check_part(part.listed, whole.listed, "the revoked serial", whole_is_log));
  ANTIN_CHECK(check_part(part.foreign, whole.foreign, "the certificate", whole_is_log));
  ANTIN_CHECK(check_part(part.requests, whole.requests, "the request", whole_is_log));
  ANTIN_CHECK(check_part(part.tokens, whole.tokens, "the subscriber's token", whole_is_log));
  const std::string done = "what was done with the subscriber's token ";
  ANTIN_CHECK(check_events(part.token_events, whole.token_events, done, whole_is_log));
  const std::string revoked = "a revocation of the certificate ", answered = "what became of the request ";
  ANTIN_CHECK(check_events(part.revocations, whole.revocations, revoked, whole_is_log));
  ANTIN_CHECK(check_events(part.foreign_events, whole.foreign_events, revoked, whole_is_log));
  ANTIN_CHECK(check_events(part.request_events, whole.request_events, answered, whole_is_log));
  ANTIN_CHECK(check_approvals(part, whole, whole_is_log));
  return check_lists(part, whole, whole_is_log);
}

// What was decided and is not yet signed, both ways; it may have been signed while the store was read.
Status check_open(store::Store& store, const Acts& before, const Acts& stored, const Acts& after, Time now) {
  for (const auto* part : {&before.open, &stored.open})
    for (const auto& [request, line] : *part) {
      const bool in_log = part == &stored.open;
      const auto& whole = !in_log ? stored.open : before.open.contains(request) ? before.open : after.open;
      const auto found = whole.find(request);
      const std::string what = "the decision on the request " + request;
      if (found != whole.end() && found->second != line) return differs(what);
      if (found != whole.end()) continue;
      ANTIN_TRY(const auto made, store.certificate_by_request(request, now));
      if (!made) return lost(what, in_log);
    }
  return {};
}

}  // namespace

Status reconcile(store::Store& store, Time now) {
  ANTIN_TRY(const Acts logged_before, acts_in_log(store));
  std::set<std::string> issuers;
  for (const auto& [issuer, list] : logged_before.lists) issuers.insert(issuer);
  ANTIN_TRY(const Acts stored, acts_in_store(store, now, std::move(issuers)));
  ANTIN_TRY(const Acts logged_after, acts_in_log(store));
  ANTIN_CHECK(check_within(logged_before, stored, false));
  ANTIN_CHECK(check_within(stored, logged_after, true));
  for (const std::string& proposal : stored.proposals_of_ceremony)
    if (!logged_after.proposals_of_ceremony.contains(proposal)) return differs("the proposal " + proposal);
  return check_open(store, logged_before, stored, logged_after, now);
}

}  // namespace antin::authority
