#include "ca/backup/recipients.h"

#include "ca/x509/certificate.h"

namespace antin::backup {

Result<std::vector<Recipient>> recipients_of(store::Store& store, Time now) {
  store::CertificateQuery query;
  query.kind = "encryption";
  query.status = store::CertificateStatus::valid;
  ANTIN_TRY(const auto records, store.certificates(query, now));
  std::vector<Recipient> out;
  for (const store::CertificateRecord& record : records) {
    ANTIN_TRY(const auto certificate, in(record.id, x509::Certificate::from_der(record.der)));
    out.push_back({sha256(record.der), to_bytes(certificate.public_key_info()), record.subscriber});
  }
  return out;
}

}  // namespace antin::backup
