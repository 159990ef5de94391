// A small PKI made with OpenSSL's own functions: input for our readers that our writers have not touched.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/openssl_ptr.h"

namespace antin::tests {

EvpPkeyPtr make_ec_key(const char* curve = "P-256");
EvpPkeyPtr make_rsa_key(unsigned bits = 2048);
EvpPkeyPtr make_ml_dsa_key(const char* name = "ML-DSA-65");  // null where OpenSSL has none
Bytes made_up_ml_dsa_65();                                   // a SubjectPublicKeyInfo whose private key nobody has
Bytes public_key_info_of(EVP_PKEY* key);

struct CertificateSpec {
  std::string common_name = "leaf";
  std::string organisation = "DỮ LIỆU GIẢ LẬP";
  long serial = 7;
  Time not_before = time_at(2022, 1, 1), not_after = time_at(2030, 1, 1);
  // Name and value as in openssl.cnf, for example {"basicConstraints", "critical,CA:TRUE"}.
  std::vector<std::pair<std::string, std::string>> extensions;
};
// Self-signed when `issuer` is null.
X509Ptr make_certificate(const CertificateSpec& spec, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key);
X509Ptr make_authority(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, long serial = 1);
Bytes der_of(X509* certificate);

struct RevokedSpec {
  long serial = 7;
  Time at = time_at(2022, 6, 1);
  int reason = -1;  // CRLReason; -1: no extension
};
struct CrlSpec {
  long number = 1;
  Time this_update = time_at(2022, 7, 1), next_update = time_at(2022, 7, 8);
  std::vector<RevokedSpec> revoked;
  std::vector<std::pair<std::string, std::string>> extensions;
};
Bytes make_crl(const CrlSpec& spec, X509* issuer, EVP_PKEY* key);
Bytes make_request(const std::string& common_name, EVP_PKEY* key, const EVP_MD* digest = EVP_sha256());

}  // namespace antin::tests
