// Signature check: an X.509 signature (algorithm identifier, message, bits) against a public key, by OpenSSL.
#pragma once

#include "base/bytes.h"
#include "base/openssl_ptr.h"
#include "base/result.h"
#include "ca/x509/certificate.h"

namespace antin::x509 {

// False for a signature that does not hold or whose algorithm does not fit the key; unimplemented for an algorithm that
// is not known or that this OpenSSL lacks. RSA PKCS#1 v1.5 and PSS, ECDSA, EdDSA, ML-DSA and whatever else it has.
// Thread-safe for a shared key.
Result<bool> check_signature(EVP_PKEY* key, ByteView algorithm_identifier, ByteView message, ByteView signature);

// Whether the key of `issuer` signed `certificate`; names are not compared. Errors as above, and for a key that cannot
// be read.
Result<bool> signed_by(const Certificate& certificate, const Certificate& issuer);

}  // namespace antin::x509
