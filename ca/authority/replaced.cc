#include "ca/authority/replaced.h"

namespace antin::authority {
namespace {

// By id alone: what officers approve must not mean another certificate tomorrow.
Result<std::optional<store::CertificateRecord>> by_id(const Context& context, const std::string& id, Time now) {
  auto found = context.store.certificate(id, now);
  if (found && found->id == id) return *std::move(found);
  if (found || found.error().code == ErrorCode::not_found || found.error().code == ErrorCode::failed_precondition)
    return std::nullopt;
  return fail(std::move(found).error());
}

// A change keeps the key and its time, so it does not count; a new key begins anew.
Result<unsigned> count_renewals(const Context& context, store::CertificateRecord record, Time now) {
  unsigned renewals = 0;
  while (record.succession && record.succession->act != "rekey") {
    if (record.succession->act == "renew") ++renewals;
    ANTIN_TRY(record, context.store.certificate(record.succession->predecessor, now));
  }
  return renewals;
}

}  // namespace

Result<std::optional<std::string>> compromised_with(const Context& context, ByteView key_hash, Time now) {
  ANTIN_TRY(const auto known, context.store.certificates_by_key(key_hash, now));
  for (const store::CertificateRecord& certificate : known) {
    if (certificate.status != store::CertificateStatus::revoked) continue;
    ANTIN_TRY(const auto events, context.store.revocations(certificate.id));
    if (!events.empty() && events.back().reason == x509::RevocationReason::key_compromise) return certificate.id;
  }
  return std::nullopt;
}

Result<std::optional<Replaced>> read_replaced(const Context& context, const Roster::Row& row, Time now) {
  if (row.replaces.empty()) return std::nullopt;
  ANTIN_TRY(auto record, by_id(context, row.replaces, now));
  if (!record) return std::nullopt;
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record->der));
  ANTIN_TRY(const unsigned renewals, count_renewals(context, *record, now));
  ANTIN_TRY(const auto successor, context.store.successor(record->id, now));
  ANTIN_TRY(auto compromised, compromised_with(context, record->key_hash, now));
  return Replaced{*std::move(record),
                  certificate.subject(),
                  certificate.dns_names(),
                  to_bytes(certificate.public_key_info()),
                  renewals,
                  successor ? std::optional(successor->id) : std::nullopt,
                  std::move(compromised)};
}

}  // namespace antin::authority
