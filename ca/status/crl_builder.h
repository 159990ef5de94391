// CrlBuilder: the octets of a full CRL (RFC 5280 §5), entry by entry; about 40 octets of memory an entry.
#pragma once

#include <cstdint>
#include <string>

#include "ca/issuance/issuer.h"
#include "ca/x509/crl.h"

namespace antin::status {

struct CrlHead {
  std::uint64_t number = 0;
  Time this_update, next_update;
  std::string url;  // of the issuing distribution point; empty: none
};

class CrlBuilder {
 public:
  void add(const x509::CrlEntry& entry);  // in order of serial
  std::uint64_t entries() const noexcept { return entries_; }
  // The DER CertificateList: hashed in pieces, signed once by the issuer's token.
  Result<Bytes> finish(const CrlHead& head, const issuance::Issuer& issuer) const;

 private:
  Bytes revoked_;  // content of revokedCertificates
  std::uint64_t entries_ = 0;
};

}  // namespace antin::status
