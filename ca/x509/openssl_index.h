// One line of the database of `openssl ca` (index.txt): with it, another program can go on where we stop.
#pragma once

#include <optional>
#include <string>

#include "ca/x509/certificate.h"
#include "ca/x509/crl.h"

namespace antin::x509 {

// Tab-separated: status V, R or E; expiry; revocation time and reason; serial; `unknown`; subject as X509_NAME_oneline
// writes it. Times are UTCTime through 2049, then GeneralizedTime. The format knows an invalidity date for
// keyCompromise alone (`keyTime`); with other reasons it is left out, and so are the reasons privilegeWithdrawn and
// aACompromise. Without newline.
std::string openssl_index_line(const Certificate& certificate, const std::optional<CrlEntry>& revoked, Time now);
// Of a revoked certificate that is lost: its subject is `/`.
std::string openssl_index_line(const CrlEntry& revoked, Time not_after);

}  // namespace antin::x509
