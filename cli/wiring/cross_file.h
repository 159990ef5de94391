// The other authority's file from which a cross certificate is made, taken by the SHA-256 that people read aloud.
#pragma once

#include <string_view>

#include "ca/authority/cross_certificate.h"

namespace antin::wiring {

enum class OtherFile { certificate, request };
// Puts the DER of `file` (PEM or DER) into `change`. `sha256` is the digest of the DER in hexadecimal, as
// `openssl x509 -fingerprint -sha256` prints it or without colons. permission_denied when it is another one.
Status take_other(ByteView file, OtherFile kind, std::string_view sha256, authority::CrossChange& change);

}  // namespace antin::wiring
