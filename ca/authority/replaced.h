// Replaced: the certificate that a row of a roster renews, rekeys, changes or revokes. Only for ca/authority.
#pragma once

#include "ca/authority/authority.h"

namespace antin::authority {

struct Replaced {
  store::CertificateRecord record;
  x509::Name subject;
  std::vector<std::string> dns_names;
  Bytes public_key_info;
  unsigned renewals = 0;                   // since its key was new
  std::optional<std::string> successor;    // id of the certificate that follows it
  std::optional<std::string> compromised;  // id of a certificate with its key that was revoked for keyCompromise
};

// The first certificate with this key that was revoked because the key was exposed.
Result<std::optional<std::string>> compromised_with(const Context& context, ByteView key_hash, Time now);

// None when the row replaces nothing, or no certificate has exactly that id.
Result<std::optional<Replaced>> read_replaced(const Context& context, const Roster::Row& row, Time now);

}  // namespace antin::authority
