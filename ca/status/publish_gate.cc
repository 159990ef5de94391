#include "ca/status/publish_gate.h"

#include "ca/lint/lint.h"

namespace antin::status {
namespace {

// How long an act may wait for the store between reading the clock and its commit.
constexpr seconds commit_delay{15};

std::unexpected<Error> refuse(const CrlPlan& plan, const std::string& why) {
  return fail(ErrorCode::failed_precondition,
              "publish gate: list of " + plan.issuer_name + ": " + why + ": the published list stays");
}

Status check_source(const CrlPlan& plan, const x509::Crl& list) {
  const issuance::IssuerIdentity& identity = plan.issuer->identity();
  if (!(list.issuer() == identity.name)) return refuse(plan, "its issuer is another");
  const auto key_id = list.authority_key_id();
  if (!key_id || *key_id != identity.key_id) return refuse(plan, "its authority key identifier is another");
  const std::vector<std::string> urls = list.distribution_point_urls();
  if (plan.url.empty() ? !urls.empty() : urls != std::vector{plan.url})
    return refuse(plan, "its distribution point is another");
  if (!list.next_update() || *list.next_update() <= list.this_update())
    return refuse(plan, "nextUpdate is not after thisUpdate");
  return {};
}

bool grew(const Bytes& number, const Bytes& before) {
  return number.size() != before.size() ? number.size() > before.size() : number > before;
}

Status check_progress(const CrlPlan& plan, const x509::Crl& list, const x509::Crl& before) {
  if (!list.number() || !before.number() || !grew(*list.number(), *before.number()))
    return refuse(plan, "its number did not grow");
  if (list.this_update() < before.this_update()) return refuse(plan, "thisUpdate went back: the clock is wrong");
  if (before.next_update() && *list.next_update() < *before.next_update() && *before.next_update() < list.this_update())
    return refuse(plan, "nextUpdate went back");
  return {};
}

// Of an adopted issuer the store may know no more than the serial and when its certificate ended.
Status check_lost(const authority::Context& context, const CrlPlan& plan, const x509::SerialNumber& serial,
                  const x509::Crl& before) {
  ANTIN_TRY(const auto listed, context.store.listed_serials());
  for (const store::ListedSerial& one : listed) {
    if (one.issuer != plan.issuer_name || !(one.serial == serial)) continue;
    if (!still_listed(one.not_after, before.this_update())) return {};
    return refuse(plan, "serial " + serial.hex() + " vanished from it");
  }
  return refuse(plan, "the store does not know serial " + serial.hex() + " of the published list");
}

// One that is gone from the list must have been resumed, or its certificate's end was behind the list before.
Status check_vanished(const authority::Context& context, const CrlPlan& plan, const x509::Crl& list,
                      const x509::Crl& before) {
  return before.for_each([&](const x509::CrlEntry& entry) -> Status {
    if (list.find(entry.serial)) return {};
    ANTIN_TRY(auto record, context.store.certificate_by_serial(plan.issuer_name, entry.serial, list.this_update()));
    if (!record) return check_lost(context, plan, entry.serial, before);
    ANTIN_TRY(const auto events, context.store.revocations(record->id));
    // The last event is asked, not the status: one that was resumed may have ended since.
    const bool resumed = !events.empty() && events.back().act == store::RevocationEvent::Act::resume;
    if (resumed || !still_listed(record->not_after, before.this_update())) return {};
    return refuse(plan, "serial " + entry.serial.hex() + " vanished from it");
  });
}

// The other way round: what stands on the list is what the store says, entry for entry.
// Acts of the last seconds may have been committed after the list was collected; the next list has them.
Status check_entries(const authority::Context& context, const CrlPlan& plan, const x509::Crl& list,
                     std::optional<Time> last_update) {
  std::uint64_t known = 0;
  ANTIN_CHECK(
      context.store.for_each_revoked(plan.issuer_name, [&](const x509::CrlEntry& entry, Time not_after) -> Status {
        const auto listed = list.find(entry.serial);
        if (!listed) {
          const bool settled = entry.revoked_at + commit_delay < list.this_update();
          if (settled && still_listed(not_after, last_update))
            return refuse(plan, "serial " + entry.serial.hex() + " is missing");
          return {};
        }
        if (listed->reason != entry.reason || listed->revoked_at != entry.revoked_at ||
            listed->invalidity_date != entry.invalidity_date)
          return refuse(plan, "serial " + entry.serial.hex() + " differs from the store");
        ++known;
        return {};
      }));
  if (known != list.size()) return refuse(plan, "it has entries that the store does not have");
  return {};
}

Status check_rules(const CrlPlan& plan, ByteView octets) {
  const lint::Findings found = lint::crl(octets);
  if (!found.acceptable()) return refuse(plan, "lint: " + found.summary());
  return {};
}

}  // namespace

Status check_published(const Path& file, ByteView list) {
  ANTIN_TRY(const Bytes there, in("crl", read_file(file)));
  if (equal(there, list)) return {};
  return fail(ErrorCode::data_loss,
              "crl: " + file.string() + " is not the list that was published: another program wrote there");
}

bool still_listed(Time not_after, std::optional<Time> last_update) { return !last_update || *last_update <= not_after; }

Status check_publishable(const authority::Context& context, const CrlPlan& plan, ByteView octets,
                         const std::optional<x509::Crl>& before) {
  ANTIN_TRY(const x509::Crl list, x509::agree_on_crl(octets, *plan.issuer->certificate()));
  ANTIN_CHECK(check_rules(plan, octets));
  ANTIN_CHECK(check_source(plan, list));
  ANTIN_CHECK(check_entries(context, plan, list, before ? std::optional(before->this_update()) : std::nullopt));
  if (!before) return {};
  ANTIN_CHECK(check_progress(plan, list, *before));
  return check_vanished(context, plan, list, *before);
}

}  // namespace antin::status
