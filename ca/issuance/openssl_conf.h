// The extensions of build_tbs() in the words of OpenSSL's configuration (x509v3_config(5)), for whoever goes on with
// `openssl ca`. Pure; what a request adds (DNS names) is not in them.
#pragma once

#include <string>

#include "ca/issuance/issuer.h"

namespace antin::issuance {

// The sections that the functions below refer to: addresses of the issuer's list and certificate. Empty for one that
// writes neither.
std::string openssl_addresses(const IssuerIdentity& issuer);
// A section `[NAME]` of what a certificate by this profile says. One whose subject has a mail address says it in the
// alternative names too, with a section `[NAME_without_mail]` for subjects that have none. The subjectKeyIdentifier is made by SHA-1, the one
// method that `openssl ca` has (RFC 5280 §4.2.1.2).
std::string openssl_extensions(const Profile& profile, const IssuerIdentity& issuer);
// A section `[crl_list]` of what a list of the issuer says; the number comes from `crlnumber`.
std::string openssl_list_extensions(const IssuerIdentity& issuer);

}  // namespace antin::issuance
