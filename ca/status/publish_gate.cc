#include "ca/status/publish_gate.h"

namespace antin::status {
namespace {

std::unexpected<Error> refuse(const CrlPlan& plan, const std::string& why) {
  return fail(ErrorCode::failed_precondition, "publish gate: list of " + plan.issuer_name + ": " + why + ": the published list stays");
}

Status check_source(const CrlPlan& plan, const x509::Crl& list) {
  const issuance::IssuerIdentity& identity = plan.issuer->identity();
  if (!(list.issuer() == identity.name)) return refuse(plan, "its issuer is another");
  const auto key_id = list.authority_key_id();
  if (!key_id || *key_id != identity.key_id) return refuse(plan, "its authority key identifier is another");
  const std::vector<std::string> urls = list.distribution_point_urls();
  if (plan.url.empty() ? !urls.empty() : urls != std::vector{plan.url}) return refuse(plan, "its distribution point is another");
  if (!list.next_update() || *list.next_update() <= list.this_update()) return refuse(plan, "nextUpdate is not after thisUpdate");
  return {};
}

bool grew(const Bytes& number, const Bytes& before) { return number.size() != before.size() ? number.size() > before.size() : number > before; }

Status check_progress(const CrlPlan& plan, const x509::Crl& list, const x509::Crl& before) {
  if (!list.number() || !before.number() || !grew(*list.number(), *before.number())) return refuse(plan, "its number did not grow");
  if (list.this_update() < before.this_update()) return refuse(plan, "thisUpdate went back: the clock is wrong");
  if (before.next_update() && *list.next_update() < *before.next_update() && *before.next_update() < list.this_update()) return refuse(plan, "nextUpdate went back");
  return {};
}

// One that is gone from the list must have been resumed, or its certificate's end was behind the list before.
Status check_vanished(const authority::Context& context, const CrlPlan& plan, const x509::Crl& list, const x509::Crl& before) {
  return before.for_each([&](const x509::CrlEntry& entry) -> Status {
    if (list.find(entry.serial)) return {};
    ANTIN_TRY(auto record, context.store.certificate_by_serial(plan.issuer_name, entry.serial, list.this_update()));
    if (!record) return refuse(plan, "the store does not know serial " + entry.serial.hex() + " of the published list");
    const bool resumed = entry.reason == x509::RevocationReason::certificate_hold && record->status == store::CertificateStatus::valid;
    if (resumed || !still_listed(record->not_after, before.this_update())) return {};
    return refuse(plan, "serial " + entry.serial.hex() + " vanished from it");
  });
}

// The other way round: what stands on the list is what the store says, entry for entry.
Status check_entries(const authority::Context& context, const CrlPlan& plan, const x509::Crl& list) {
  std::uint64_t known = 0;
  ANTIN_CHECK(context.store.for_each_revoked(plan.issuer_name, [&](const x509::CrlEntry& entry, Time) -> Status {
    const auto listed = list.find(entry.serial);
    if (!listed) return {};
    if (listed->reason != entry.reason || listed->revoked_at != entry.revoked_at) return refuse(plan, "serial " + entry.serial.hex() + " differs from the store");
    ++known;
    return {};
  }));
  if (known != list.size()) return refuse(plan, "it has entries that the store does not have");
  return {};
}

}  // namespace

bool still_listed(Time not_after, std::optional<Time> last_update) { return !last_update || *last_update <= not_after; }

Status check_publishable(const authority::Context& context, const CrlPlan& plan, ByteView octets, const std::optional<x509::Crl>& before) {
  ANTIN_TRY(const x509::Crl list, x509::agree_on_crl(octets, *plan.issuer->certificate()));
  ANTIN_CHECK(check_source(plan, list));
  ANTIN_CHECK(check_entries(context, plan, list));
  if (!before) return {};
  ANTIN_CHECK(check_progress(plan, list, *before));
  return check_vanished(context, plan, list, *before);
}

}  // namespace antin::status
