// ML-DSA on message representatives (SchemeHasher), by OpenSSL 3.5 and later. Only for hsm.
#pragma once

#include "base/bytes.h"
#include "base/openssl_ptr.h"
#include "base/result.h"

namespace antin::hsm {

// `key` is one of ML-DSA with its private part; `representative` has 64 octets. Hedged, as FIPS 204 §3.4 recommends.
Result<Bytes> sign_representative(EVP_PKEY* key, ByteView representative);
// False for a signature that does not hold.
Result<bool> verify_representative(EVP_PKEY* key, ByteView representative, ByteView signature);

}  // namespace antin::hsm
