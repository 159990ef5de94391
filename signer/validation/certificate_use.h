// Which certificates may sign documents, by what they say about themselves. Asked before signing and when verifying.
#pragma once

#include <optional>
#include <string>

#include "ca/x509/certificate.h"

namespace antin::validation {

// The extension that forbids it, `keyUsage` or `extendedKeyUsage: …`; none when nothing does.
//
// keyUsage, when there, needs digitalSignature or nonRepudiation. No purpose of extendedKeyUsage is demanded: personal
// certificates of the State carry serverAuth beside emailProtection and purposes of their own. But one that lists
// nothing except other trades (TLS, code, time-stamps, OCSP) is no signer of documents: a device's, say.
std::optional<std::string> unfit_to_sign_documents(const x509::Certificate& certificate);

}  // namespace antin::validation
