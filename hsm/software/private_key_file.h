// A private key that somebody shows: read only to prove that it is known.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace antin::hsm::software {

// The SubjectPublicKeyInfo of an unencrypted private key, PEM or DER, in PKCS#1, SEC 1 or PKCS#8, after it signed a
// challenge that its own public key verifies: a file that was pieced together from somebody's public key is no proof.
// not_found when `file` is no private key at all, invalid_argument when it is one that does not hold together or is
// encrypted.
Result<Bytes> prove_private_key(ByteView file);

}  // namespace antin::hsm::software
