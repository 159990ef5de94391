// Crl: a full certificate revocation list (RFC 5280 §5), held as octets with an index of its entries.
//
// Reading is one streaming pass of our own over strict DER, so that a list of a million entries costs its octets and
// little more. The signature is verified over the hashed tbsCertList. Immutable and shared by copies.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/certificate.h"

namespace antin::x509 {

// CRLReason of RFC 5280 §5.3.1; 7 is not used.
enum class RevocationReason {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_crl = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10,
};
std::string_view to_string(RevocationReason reason) noexcept;  // `keyCompromise`
Result<RevocationReason> revocation_reason(std::string_view name);

struct CrlEntry {
  SerialNumber serial;
  Time revoked_at;
  RevocationReason reason = RevocationReason::unspecified;
  std::optional<Time> invalidity_date;
};

// Which certificates a list speaks for (issuingDistributionPoint, deltaCRLIndicator), and whether we understand it.
struct CrlScope {
  bool only_user_certificates = false, only_ca_certificates = false, only_attribute_certificates = false;
  bool some_reasons_only = false, indirect = false, delta = false;
  bool distribution_point = false;  // it names one
  std::vector<std::string> urls;    // of the distribution point
  std::vector<Bytes> names;         // the same, all DER GeneralNames; none when it is relative to the issuer
  bool unknown_critical = false;    // a critical extension, of the list or of an entry, that we do not know
};

class Crl {
 public:
  static Result<Crl> from_der(ByteView der);
  static Result<Crl> from_file_bytes(ByteView bytes);  // DER or PEM

  ByteView der() const noexcept;
  const Name& issuer() const noexcept;
  Time this_update() const noexcept;
  std::optional<Time> next_update() const noexcept;
  std::optional<Bytes> number() const;  // CRLNumber, unsigned big-endian
  std::optional<Bytes> authority_key_id() const;
  std::vector<std::string> distribution_point_urls() const;  // of the issuing distribution point
  const CrlScope& scope() const noexcept;
  ByteView tbs() const noexcept;                  // the DER tbsCertList, inside der()
  ByteView signature_algorithm() const noexcept;  // DER AlgorithmIdentifier
  ByteView signature() const noexcept;            // the BIT STRING's octets
  std::size_t size() const noexcept;              // entries
  std::optional<CrlEntry> find(const SerialNumber& serial) const;
  // Entries in the order of the list; stops at the first error that `visit` returns.
  Status for_each(const std::function<Status(const CrlEntry&)>& visit) const;
  // Signature over tbsCertList by the key of `issuer`, whose subject must be this list's issuer (names are compared as
  // RFC 5280 §7.1 says: case and spaces do not count) and whose keyUsage, if any, must have cRLSign.
  Result<bool> signed_by(const Certificate& issuer) const;

 private:
  struct Parsed;
  explicit Crl(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace antin::x509
