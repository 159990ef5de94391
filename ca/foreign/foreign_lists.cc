#include "ca/foreign/foreign_lists.h"

#include "base/digest.h"
#include "ca/foreign/key_and_signature.h"

namespace antin::foreign {
namespace {

using Act = store::RevocationEvent::Act;

// The certificate whose key signed the list; else why there is none.
std::expected<x509::Certificate, store::Doubt> signer_of(const x509::Crl& list,
                                                         std::span<const x509::Certificate> issuers) {
  store::Doubt why{"import.crl_no_issuer", {list.issuer().rfc4514()}};
  for (const x509::Certificate& issuer : issuers) {
    if (!issuer.subject().matches(list.issuer())) continue;
    if (list.signed_by(issuer).value_or(false)) return issuer;
    why.rule = "import.crl_bad_signature";
  }
  return std::unexpected(why);
}

std::optional<store::Doubt> refusal(const x509::Crl& list, Time now) {
  const x509::CrlScope& scope = list.scope();
  if (scope.delta || scope.indirect || scope.unknown_critical || scope.only_attribute_certificates)
    return store::Doubt{"import.crl_scope", {}};
  if (list.this_update() > now) return store::Doubt{"import.crl_future", {}};
  return std::nullopt;
}

bool speaks_for_all(const x509::CrlScope& scope) {
  return !scope.only_user_certificates && !scope.only_ca_certificates && !scope.some_reasons_only &&
         !scope.distribution_point;
}

// What the list adds to what is on record; nothing when it is older than that.
std::optional<store::ForeignEvent> news(const store::ForeignCertificate& certificate, const x509::Crl& list) {
  const store::ForeignEvent* last = certificate.events.empty() ? nullptr : &certificate.events.back();
  if (last != nullptr && (last->act == Act::revoke || list.this_update() < last->list_issued)) return std::nullopt;
  const bool on_hold = last != nullptr && last->act == Act::suspend;
  const std::optional<x509::CrlEntry> entry = list.find(certificate.serial);
  store::ForeignEvent event{.certificate_id = certificate.id,
                            .act = Act::resume,
                            .at = list.this_update(),
                            .invalidity_date = {},
                            .list_issued = list.this_update(),
                            .list_sha256 = digest(DigestAlgorithm::sha256, list.der())};
  if (!entry) return on_hold && speaks_for_all(list.scope()) ? std::optional(event) : std::nullopt;
  event.act = entry->reason == x509::RevocationReason::certificate_hold ? Act::suspend : Act::revoke;
  if (on_hold && event.act == Act::suspend) return std::nullopt;
  event.reason = entry->reason;
  event.at = entry->revoked_at;
  event.invalidity_date = entry->invalidity_date;
  return event;
}

bool is_of(const store::ForeignCertificate& certificate, const x509::Certificate& issuer) {
  const auto parsed = x509::Certificate::from_der(certificate.der);
  return parsed && is_issued_by(*parsed, issuer);
}

}  // namespace

ListAnswer ask(const GivenList& given, std::span<const x509::Certificate> issuers,
               std::vector<store::ForeignCertificate>& certificates, Time now) {
  const x509::Crl& list = given.list;
  ListAnswer answer{.file = given.file, .issuer = list.issuer().rfc4514(), .refused = refusal(list, now), .events = {}};
  if (answer.refused) return answer;
  const auto signer = signer_of(list, issuers);
  if (!signer) {
    answer.refused = signer.error();
    return answer;
  }
  answer.stale = list.next_update() && *list.next_update() < now;
  for (store::ForeignCertificate& certificate : certificates) {
    const auto event = news(certificate, list);
    if (!event || !is_of(certificate, *signer)) continue;
    certificate.events.push_back(*event);
    answer.events.push_back(*event);
  }
  return answer;
}

}  // namespace antin::foreign
