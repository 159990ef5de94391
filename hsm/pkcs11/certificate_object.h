// A certificate as an object on a token: what PKCS#11 §4.6 wants beside its octets.
#pragma once

#include <p11-kit/pkcs11.h>

#include <vector>

#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

// Subject, issuer and serial as PKCS#11 wants them: DER.
struct CertificateNames {
  Bytes subject, issuer, serial;
};
Result<CertificateNames> names_of(ByteView certificate_der);

// For C_CreateObject: public, on the token, with that CKA_ID and label. It points into its arguments, which must
// outlive it.
std::vector<CK_ATTRIBUTE> certificate_template(const KeyRef& name, const CertificateNames& names, ByteView certificate_der);

}  // namespace antin::hsm::pkcs11
