// Proof that a private key is known to others.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace antin::commands {

// The SubjectPublicKeyInfo of the key that the file shows: the private key itself (PKCS#1, SEC 1, PKCS#8; PEM or DER),
// or a PKCS#10 request signed with it whose CN is `Proof of Key Compromise`; any other request may be the subscriber's
// own. invalid_argument or failed_precondition for what proves nothing.
Result<Bytes> proven_key(ByteView file);

// What `key` finds in the file; its octets are wiped, for they may be a private key.
Result<Bytes> read_key_file(const std::string& path, Result<Bytes> (*key)(ByteView file));

}  // namespace antin::commands
