// Opinion: what one library reads in a certificate or CRL, in a form that can be compared. Only for ca/x509.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "hsm/signing_key.h"

struct x509_st;

namespace antin::x509 {

struct CertificateOpinion {
  Bytes serial;           // magnitude, no leading zeros
  Bytes issuer, subject;  // DER Name
  Time not_before, not_after;
  Bytes public_key_info;  // DER
  Bytes signature_algorithm, signature;
  std::map<Bytes, std::pair<bool, Bytes>> extensions;  // by DER OBJECT IDENTIFIER: critical, value
};

struct CrlOpinion {
  struct Entry {
    Bytes serial;
    Time revoked_at;
    int reason = 0;  // CRLReason; 0 when absent
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  Bytes issuer_text;  // DER Name
  Time this_update, next_update;
  std::vector<Entry> entries;
};

// The name of the first field that differs; empty when both agree.
std::string difference(const CertificateOpinion& a, const CertificateOpinion& b);
std::string difference(const CrlOpinion& a, const CrlOpinion& b);

Result<CertificateOpinion> openssl_opinion(x509_st* certificate);
Result<CertificateOpinion> botan_opinion(ByteView certificate);
Result<CrlOpinion> openssl_crl_opinion(ByteView crl);
Result<CrlOpinion> botan_crl_opinion(ByteView crl);

// A public key in Botan's hands. Safe for several threads: verifiers are lent from a pool.
class BotanKey {
 public:
  static Result<std::unique_ptr<BotanKey>> read(ByteView public_key_info);
  virtual ~BotanKey() = default;
  virtual Result<bool> check(hsm::SignatureScheme scheme, ByteView message, ByteView signature) const = 0;
};

}  // namespace antin::x509
