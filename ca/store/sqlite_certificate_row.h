// The columns of a certificate's row and how they are read. Private to this folder.
#pragma once

#include <utility>

#include "ca/store/sqlite.h"
#include "ca/store/store.h"

// Up to and with FROM; `i`, `c` and `s` are intent, certificate and succession.
#define ANTIN_CERTIFICATE_OF                                                                                         \
  "SELECT i.id, i.issuer, i.serial, c.subject, i.kind, i.profile, i.key_location, i.key_uri, i.subscriber, i.mail, " \
  "c.not_before, c.not_after, c.key_hash, c.der, (SELECT act FROM revocation r WHERE r.issuer = i.issuer AND "       \
  "r.serial = i.serial ORDER BY turn DESC LIMIT 1), s.act, s.predecessor, s.reason, s.invalidity_date, i.request_id FROM "
#define ANTIN_CERTIFICATE \
  ANTIN_CERTIFICATE_OF "intent i JOIN certificate c USING (seq) LEFT JOIN succession s USING (seq) "

namespace antin::store {

// `now` decides between valid and expired. Revoked stays revoked after the end of validity; a suspended certificate
// that ended is expired.
Result<CertificateRecord> read_certificate(const Statement& row, Time now);
// Issuer and serial of `<issuer>-<SERIAL>`; invalid_argument for anything else.
Result<std::pair<std::string, x509::SerialNumber>> parts_of_id(const std::string& id);

}  // namespace antin::store
