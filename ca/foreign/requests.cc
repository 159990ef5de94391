#include "ca/foreign/requests.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/roster_json.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"

namespace antin::foreign {
namespace {

using store::OutsideRequest;
using store::RequestState;

constexpr unsigned row_format = 2;  // of the canonical row that is kept

bool is_open(RequestState state) { return state == RequestState::collected || state == RequestState::exported; }

authority::Finding finding(const authority::Roster::Row& row, std::string field, std::string rule,
                           std::vector<std::string> arguments) {
  return {row.row, std::move(field), std::move(rule), std::move(arguments), true};
}

Result<OutsideRequest> request_of(const authority::Roster::Row& row, const std::string& authority, Time now,
                                  Time until) {
  ANTIN_TRY(const Bytes key, authority::public_key_of(row.request));
  OutsideRequest one{.id = "",
                     .authority = authority,
                     .content = authority::canonical_row(row_format, row, authority::request_binding(row, key)),
                     .request = row.request,
                     .key_hash = issuance::key_hash(key),
                     .collected_at = now,
                     .until = until,
                     .events = {}};
  const Bytes digest =
      Hasher().update(bytes_of(authority + "\n" + to_rfc3339(now) + "\n")).update(one.content).finish();
  one.id = "request-" + to_hex(digest).substr(0, 16);
  return one;
}

// Why a row is not for another authority, whatever the store says.
std::vector<authority::Finding> unfit(const authority::Roster& roster) {
  std::vector<authority::Finding> found;
  for (const authority::Roster::Row& row : roster.rows) {
    if (row.act != policy::Act::issue)
      found.push_back(finding(row, "act", "request.other_act", {std::string(policy::to_string(row.act))}));
    else if (row.key != "csr")
      found.push_back(finding(row, "key", "request.own_token", {}));
  }
  return found;
}

// What is asked of our own CA is a roster: its certificates must not come about under another's name.
Status require_other(const authority::Context& context, const std::string& authority, Time now) {
  if (authority.empty()) return fail(ErrorCode::invalid_argument, "request: whom it is for is empty");
  for (const char* kind : {"root", "issuing"}) {
    store::CertificateQuery query;
    query.kind = kind;
    ANTIN_TRY(const auto records, context.store.certificates(query, now));
    for (const store::CertificateRecord& record : records) {
      ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
      if (fold_name(certificate.subject().first("CN")).value_or("") == fold_name(authority).value_or(""))
        return fail(ErrorCode::permission_denied,
                    "request: " + authority + " is a CA of this authority: submit a roster to it");
    }
  }
  return {};
}

bool has_error(const std::vector<authority::Finding>& findings) {
  return std::ranges::any_of(findings, &authority::Finding::error);
}

// One collection while it is decided: reads the store, writes nothing.
class Collection {
 public:
  Collection(const authority::Context& context, Time now) : context_(context), now_(now) {}

  Status decide(const authority::Roster& roster, const std::string& authority, Time until, Collected& collected) {
    ANTIN_TRY(by_key_, requests_by_key(context_.store));
    ANTIN_TRY(const auto foreign, context_.store.foreign_certificates());
    for (const store::ForeignCertificate& one : foreign) certified_[one.key_hash] = one.id;
    for (const authority::Roster::Row& row : roster.rows) ANTIN_CHECK(take(row, authority, until, collected));
    if (has_error(collected.findings)) collected.taken.clear();
    return {};
  }

 private:
  Status take(const authority::Roster::Row& row, const std::string& authority, Time until, Collected& collected) {
    ANTIN_TRY(OutsideRequest one, in("roster row " + std::to_string(row.row), request_of(row, authority, now_, until)));
    ANTIN_TRY(const auto ours, context_.store.certificates_by_key(one.key_hash, now_));
    const auto refuse = [&](const char* rule, const std::string& argument) {
      collected.findings.push_back(finding(row, "csr", rule, {argument}));
    };
    if (!ours.empty()) return refuse("request.own_key", ours.front().id), Status();
    if (const auto at = certified_.find(one.key_hash); at != certified_.end())
      return refuse("request.certified", at->second), Status();
    const auto before = by_key_.find(one.key_hash);
    if (before == by_key_.end() || !is_open(state_at(before->second, now_))) {
      collected.taken.push_back(std::move(one));
      return {};
    }
    ANTIN_TRY(const authority::Roster::Row asked, row_of(before->second));
    if (before->second.authority != authority || asked.code != row.code)
      return refuse("request.key_open", before->second.id), Status();
    collected.known.push_back(before->second);
    return {};
  }

  const authority::Context& context_;
  Time now_;
  std::map<Bytes, OutsideRequest> by_key_;
  std::map<Bytes, std::string> certified_;
};

Status write_collected(store::Transaction& transaction, const OutsideRequest& one, Time now) {
  ANTIN_CHECK(transaction.add_outside_request(one));
  ANTIN_CHECK(transaction.append_log(log::entry(now, "request.collect",
                                                {{"request", one.id},
                                                 {"authority", one.authority},
                                                 {"sha256", to_hex(sha256(one.request))},
                                                 {"row", to_hex(sha256(one.content))},
                                                 {"until", to_rfc3339(one.until)}})));
  return {};
}

Result<OutsideRequest> open_request(store::Store& store, const std::string& id, Time now) {
  ANTIN_TRY(const auto all, store.outside_requests());
  const auto found = std::ranges::find(all, id, &OutsideRequest::id);
  if (found == all.end())
    return fail(ErrorCode::not_found, "request: there is no " + id + ": see `antin request list`");
  const RequestState state = state_at(*found, now);
  if (!is_open(state))
    return fail(ErrorCode::failed_precondition, "request " + id + ": it is not open: " + std::string(to_string(state)));
  return *found;
}

}  // namespace

Result<Collected> collect_requests(const authority::Context& context, const authority::Roster& roster,
                                   const std::string& authority, Time until, bool dry_run) {
  const Time now = context.clock.now();
  ANTIN_CHECK(require_other(context, authority, now));
  Collected collected;
  collected.findings = unfit(roster);
  if (has_error(collected.findings)) return collected;
  ANTIN_TRY(collected.findings, authority::check_roster(context, roster));
  if (has_error(collected.findings)) return collected;
  if (dry_run) {
    ANTIN_CHECK(Collection(context, now).decide(roster, authority, until, collected));
    return collected;
  }
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(authority::guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(Collection(context, now).decide(roster, authority, until, collected));
  for (const OutsideRequest& one : collected.taken) ANTIN_CHECK(write_collected(*transaction, one, now));
  ANTIN_CHECK(transaction->commit());
  return collected;
}

Result<authority::Roster::Row> row_of(const OutsideRequest& request) {
  return in("request " + request.id, authority::row_from_canonical(row_format, request.content));
}

Status mark_exported(const authority::Context& context, const std::vector<std::string>& ids, const Bytes& list_sha256,
                     const std::function<Status()>& publish) {
  const Time now = context.clock.now();
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(authority::guard_clock(context.store, *transaction, now));
  for (const std::string& id : ids) {
    ANTIN_CHECK(open_request(context.store, id, now));
    ANTIN_CHECK(transaction->add_outside_event(id, {RequestState::exported, now, "", to_hex(list_sha256)}));
    ANTIN_CHECK(
        transaction->append_log(log::entry(now, "request.export", {{"request", id}, {"list", to_hex(list_sha256)}})));
  }
  // What is marked is on disk: killed between the two, it is on disk and may be exported again.
  ANTIN_CHECK(publish());
  return transaction->commit();
}

Status refuse_requests(const authority::Context& context, const std::vector<std::string>& ids,
                       const std::string& remark) {
  const Time now = context.clock.now();
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(authority::guard_clock(context.store, *transaction, now));
  for (const std::string& id : ids) {
    ANTIN_CHECK(open_request(context.store, id, now));
    ANTIN_CHECK(transaction->add_outside_event(id, {RequestState::refused, now, "", remark}));
    ANTIN_CHECK(transaction->append_log(log::entry(now, "request.refuse", {{"request", id}, {"remark", remark}})));
  }
  return transaction->commit();
}

Result<std::map<Bytes, OutsideRequest>> requests_by_key(store::Store& store) {
  ANTIN_TRY(auto all, store.outside_requests());
  std::map<Bytes, OutsideRequest> by_key;
  for (OutsideRequest& one : all) {
    const Bytes key = one.key_hash;
    by_key.insert_or_assign(key, std::move(one));
  }
  return by_key;
}

Status write_answer(store::Transaction& transaction, const std::string& id, const std::string& certificate, Time now) {
  ANTIN_CHECK(transaction.add_outside_event(id, {RequestState::issued, now, certificate, ""}));
  ANTIN_CHECK(
      transaction.append_log(log::entry(now, "request.issue", {{"request", id}, {"certificate", certificate}})));
  return {};
}

}  // namespace antin::foreign
