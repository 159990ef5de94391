// The certificate that an answer or a token brings for its own signature. Only for ca/lint.
#pragma once

#include <vector>

#include "ca/lint/findings.h"
#include "ca/lint/view.h"

namespace antin::lint {

// The rules of every certificate; nothing when it cannot be read.
std::optional<CertificateView> lint_certificate(ByteView der, const Place& place, Findings& findings);

bool says_ca(const Extensions& extensions);
// Purposes of its extendedKeyUsage as content octets; empty without one.
std::vector<ByteView> extended_usages(const CertificateView& view);
bool has_purpose(const CertificateView& view, x509::der::OidLiteral purpose);

// keyUsage lets it sign; `time`, in the validity of the certificate.
void lint_signer(const CertificateView& view, Time time, const Place& place, Findings& findings);
// By the key of the certificate; a notice when the algorithm is not known.
void lint_signature(const CertificateView& view, const AlgorithmView& algorithm, ByteView message, ByteView signature,
                    const Place& place, Findings& findings);

}  // namespace antin::lint
