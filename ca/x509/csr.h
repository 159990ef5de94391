// CertificationRequest: a PKCS#10 request (RFC 2986), parsed strictly; proof of possession is a separate question.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "ca/x509/name.h"
#include "hsm/signing_key.h"

namespace antin::x509 {

class CertificationRequest {
 public:
  static Result<CertificationRequest> from_der(ByteView der);
  static Result<CertificationRequest> from_file_bytes(ByteView bytes);  // DER or PEM
  // Builds and signs one: for keys made inside a token and for tests.
  static Result<CertificationRequest> make(const Name& subject, const hsm::SigningKey& key);

  ByteView der() const noexcept;
  const Name& subject() const noexcept;
  ByteView public_key_info() const noexcept;
  // The subjectKeyIdentifier that it asks for (extensionRequest, RFC 2985 §5.4.2); none when it names none.
  std::optional<Bytes> subject_key_id() const;
  // True when the request is signed by the key that it names.
  Result<bool> proof_of_possession() const;

 private:
  struct Parsed;
  explicit CertificationRequest(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace antin::x509
