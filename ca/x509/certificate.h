// Certificate: a parsed X.509 v3 certificate that shares its octets; cheap to copy, immutable, usable by all threads.
//
// Reading is strict DER through OpenSSL; unknown critical extensions are listed, not refused here. Source: RFC 5280.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/name.h"
#include "ca/x509/serial_number.h"

struct x509_st;

namespace antin::x509 {

// Bits of KeyUsage (RFC 5280 §4.2.1.3), in its order.
struct KeyUsage {
  bool digital_signature = false, non_repudiation = false, key_encipherment = false, data_encipherment = false;
  bool key_agreement = false, key_cert_sign = false, crl_sign = false, encipher_only = false, decipher_only = false;
  friend bool operator==(const KeyUsage&, const KeyUsage&) = default;
};

class Certificate {
 public:
  static Result<Certificate> from_der(ByteView der);
  static Result<Certificate> from_pem(std::string_view pem);
  // DER or PEM, whichever it is.
  static Result<Certificate> from_file_bytes(ByteView bytes);
  // Every CERTIFICATE block of a PEM file, in order.
  static Result<std::vector<Certificate>> all_from_pem(std::string_view pem);

  ByteView der() const noexcept;
  ByteView tbs() const noexcept;  // the DER tbsCertificate, inside der()
  std::string pem() const;
  Bytes fingerprint() const;  // SHA-256 of der()

  const SerialNumber& serial() const noexcept;
  const Name& issuer() const noexcept;
  const Name& subject() const noexcept;
  Time not_before() const noexcept;
  Time not_after() const noexcept;
  ByteView public_key_info() const noexcept;      // DER SubjectPublicKeyInfo
  ByteView signature() const noexcept;            // the BIT STRING's octets
  ByteView signature_algorithm() const noexcept;  // DER AlgorithmIdentifier

  bool is_ca() const noexcept;  // basicConstraints cA
  std::optional<unsigned> path_length() const noexcept;
  std::optional<KeyUsage> key_usage() const noexcept;
  std::vector<std::string> extended_key_usage() const;  // dotted OIDs
  std::optional<Bytes> subject_key_id() const;
  std::optional<Bytes> authority_key_id() const;
  std::vector<std::string> crl_urls() const;
  std::vector<std::string> ocsp_urls() const;
  std::vector<std::string> policies() const;   // dotted OIDs
  std::vector<std::string> mails() const;      // rfc822Name of subjectAltName
  std::vector<std::string> dns_names() const;  // dNSName of subjectAltName
  bool self_issued() const noexcept;           // subject and issuer are the same octets

  // DER IssuerAndSerialNumber of CMS (RFC 5652 §10.2.4): the issuer's octets verbatim and the serial number.
  Bytes issuer_and_serial_number() const;

  // For paths and CMS, whose functions want OpenSSL's own object. Owned by this certificate; do not change it.
  x509_st* native() const noexcept;
  // The same without its key: cheap, for those who read fields.
  x509_st* native_keyless() const noexcept;
  friend bool operator==(const Certificate& a, const Certificate& b) { return equal(a.der(), b.der()); }

 private:
  struct Parsed;
  explicit Certificate(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace antin::x509
