// CertificateExtensions: what Certificate knows of the extensions of RFC 5280 §4.2, read once. Only for ca/x509.
//
// basicConstraints, keyUsage and extendedKeyUsage that cannot be read are an error: taking them for absent would allow
// what they may forbid. The others are hints (addresses, identifiers): what cannot be read is left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ca/x509/certificate.h"
#include "ca/x509/tbs.h"

namespace antin::x509 {

struct CertificateExtensions {
  bool is_ca = false;
  std::optional<unsigned> path_length;
  std::optional<KeyUsage> key_usage;
  std::vector<std::string> extended_key_usage, crl_urls, ocsp_urls, policies, mails, dns_names;
  std::optional<Bytes> subject_key_id, authority_key_id;
};

Result<CertificateExtensions> read_certificate_extensions(const TbsView& view);

struct BasicConstraints {
  bool is_ca = false;
  std::optional<unsigned> path_length;
};
Result<BasicConstraints> read_basic_constraints(ByteView value);
Result<KeyUsage> read_key_usage(ByteView value);
Result<std::vector<std::string>> read_oids(ByteView value);  // extendedKeyUsage
// The keyIdentifier of an authorityKeyIdentifier; empty when it has none.
Result<Bytes> read_authority_key_id(ByteView value);
// GeneralNames with tag [number] that are IA5Strings: 1 rfc822Name, 2 dNSName, 6 URI.
Result<std::vector<std::string>> read_general_names(ByteView content, unsigned number);
Result<std::vector<std::string>> read_crl_urls(ByteView value);
struct AccessDescription {
  std::string method;  // dotted OID
  std::string url;
};
Result<std::vector<AccessDescription>> read_authority_information_access(ByteView value);
Result<std::vector<std::string>> read_policies(ByteView value);

}  // namespace antin::x509
