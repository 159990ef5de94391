// Public key: OpenSSL's object for a DER SubjectPublicKeyInfo.
#pragma once

#include "base/bytes.h"
#include "base/openssl_ptr.h"
#include "base/result.h"
#include "hsm/signing_key.h"

namespace antin::hsm {

// Uncompressed P-256 and P-384 points, Ed25519, ML-DSA and RSA in their usual encodings are read directly, which takes
// a quarter of the time of OpenSSL's decoders; every other key goes to those. invalid_argument when the octets are no
// key, hold a point off its curve, or do not end where the key ends; unimplemented for ML-DSA where OpenSSL has none.
// Safe for all threads.
Result<EvpPkeyPtr> read_public_key(ByteView public_key_info);

// The octets of an ML-DSA key (FIPS 204 §4), a view into `public_key_info`; invalid_argument for every other key.
Result<ByteView> ml_dsa_octets(ByteView public_key_info);
// How OpenSSL calls it: `ML-DSA-65`. None for other algorithms.
const char* openssl_name(KeyAlgorithm algorithm) noexcept;

}  // namespace antin::hsm
