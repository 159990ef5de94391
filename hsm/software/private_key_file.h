// A private key that somebody shows: to prove that it is known, or to be put into a token.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace antin::hsm::software {

// The SubjectPublicKeyInfo of an unencrypted private key, PEM or DER, in PKCS#1, SEC 1 or PKCS#8, after it signed a
// challenge that its own public key verifies: a file that was pieced together from somebody's public key is no proof.
// not_found when `file` is no private key at all, invalid_argument when it is one that does not hold together or is
// encrypted.
Result<Bytes> prove_private_key(ByteView file);

// The private key of a PEM or DER file as unencrypted PKCS#8, in memory that wipes itself. `passphrase` is asked when the
// PEM is encrypted. not_found when `file` is no private key, unauthenticated when the passphrase does not open it.
Result<Secret> read_private_key(ByteView file, const std::function<Result<Secret>()>& passphrase);

}  // namespace antin::hsm::software
