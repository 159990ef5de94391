// Steps of issuing that a roster and a single request share.
#pragma once

#include "ca/authority/authority.h"

namespace antin::authority {

// The record of the certificate that completes an intent.
store::CertificateRecord record_of(const store::Intent& intent, const x509::Certificate& certificate);
// Signs and makes the record; verified by two libraries inside.
Result<store::CertificateRecord> sign_intent(const issuance::Issuer& issuer, const store::Intent& intent,
                                             issuance::LintedTbs&& tbs);
// How much earlier than it could a certificate ends, and the days of the policy from which that was computed.
struct Spread {
  days earlier{0};
  unsigned over = 0;
};
// The log entry of an intent, in its transaction.
Status record_intent(store::Transaction& transaction, const store::Intent& intent, const Spread& spread, Time now);
// Certificate and log entry, in one transaction.
Status record_certificate(store::Transaction& transaction, const store::CertificateRecord& record,
                          const store::Intent& intent, Time now);
// The end of a certificate that a row asks for: by itself, or because another one followed.
struct Ending {
  std::string request_id, certificate_id;
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  std::optional<Time> invalidity_date;
  std::string followed_by = {};  // code of the subscriber who follows, or empty
};
// How the row's certificate follows another one; none when it does not.
std::optional<store::Succession> succession_of(const Roster::Row& row);
// Event and log entry, in the caller's transaction. What was revoked meanwhile stays as it was, and that is logged.
Status revoke_within(const Context& context, store::Transaction& transaction, const Ending& ending, Time now);
// The end of a certificate whose key others are known to have: nobody must ask for it.
Status revoke_exposed(const Context& context, const std::string& certificate_id, std::optional<Time> invalidity_date,
                      const std::string& remark);
// What binds a stored row's request, for comparing it with the approved row.
Bytes request_binding_of_stored(const Roster::Row& row, const store::RosterRow& stored, ByteView public_key_info);

}  // namespace antin::authority
