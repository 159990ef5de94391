// The life of a signature in order: check the certificate now, prepare, sign on the token, verify, assemble, check the
// result.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/path_validator.h"
#include "signer/pipeline/document_format.h"

namespace antin::pipeline {

struct Signer {
  std::shared_ptr<const hsm::SigningKey> key;
  x509::Certificate certificate;
  std::vector<x509::Certificate> chain;
};

struct SigningOptions {
  std::string reason, location, contact, field_name;
  std::optional<hsm::SignatureScheme> scheme;  // default_scheme of the key otherwise
};

// Microseconds of each part, for the benchmark.
struct SigningCost {
  std::uint64_t check_certificate = 0, prepare = 0, token = 0, assemble = 0, self_check = 0;
};

// permission_denied when the signer's certificate is not good now (path, validity, revocation, key usage), with the
// reason; internal when the token's signature or the finished document does not verify.
Result<Bytes> sign_document(const DocumentFormat& format, std::vector<NamedDocument> documents, const Signer& signer,
                            const SigningOptions& options, const x509::TrustMaterial& trust, const Clock& clock,
                            SigningCost* cost = nullptr);

// `pades`, `cades`, `asic-e`; not_found for others.
Result<std::shared_ptr<const DocumentFormat>> document_format(std::string_view name);

}  // namespace antin::pipeline
