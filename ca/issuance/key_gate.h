// Key gate: refuses public keys that are weak or malformed, before anything is built from them.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "ca/issuance/profile.h"

namespace antin::issuance {

// invalid_argument with the reason: RSA below 2048 or above 8192 bits, even or small exponent (65537 is wanted), ROCA
// fingerprint, close primes (Fermat, 100 rounds), small factors; EC parameters that are not the named curves P-256 or
// P-384, a point off the curve; other algorithms than RSA, EC, Ed25519 and ML-DSA. Pure; safe for all threads.
Status check_key(ByteView public_key_info);
// The same, and a kind of key that the profile takes: ML-DSA where it lists that kind (`subject_keys`), and always for
// an authority, whose key officers decide on one by one.
Status check_key(ByteView public_key_info, const Profile& profile);
// SHA-256 of the SubjectPublicKeyInfo, for the index of keys that were seen.
Bytes key_hash(ByteView public_key_info);

}  // namespace antin::issuance
