// The verdict on one CMS signature, in the order of EN 319 102-1 §5.3: format, identification of the signer, integrity,
// cryptography, constraints, path.
#pragma once

#include <functional>

#include "ca/x509/path_validator.h"
#include "signer/cms/cades.h"
#include "signer/validation/report.h"

namespace antin::validation {

// The digest of what was signed, or none when it is not there.
using ContentDigest = std::function<std::optional<Bytes>(DigestAlgorithm)>;

// In which order of the signed attributes a signature value may hold (RFC 5652 §5.4).
enum class OrderRule {
  either,  // of DER or as they were received: what openssl and pdfsig accept
  der      // to the letter, as CAdES asks
};

SignatureReport judge(const cms::SignerInfo& signer, const cms::SignedData& message, const ContentDigest& content,
                      const x509::TrustMaterial& trust, Time at, OrderRule rule = OrderRule::either);

// TOTAL-FAILED / FORMAT_FAILURE with the reason; nothing in it holds.
SignatureReport malformed(const std::string& why);

// Sets a worse verdict and adds its reason; a better one changes nothing but the reasons.
void conclude(SignatureReport& report, Indication indication, SubIndication sub, Reason reason);

}  // namespace antin::validation
