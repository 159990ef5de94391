// OcspAnswer: what a responder said about certificates (RFC 6960 §4.2), read from its octets. Whether it is well made
// is the linter's question, whether it is fresh the caller's.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/certificate.h"
#include "ca/x509/crl.h"

namespace antin::x509 {

// Of one certificate.
struct OcspStatus {
  enum class State { good, revoked, unknown };
  Bytes hash_algorithm;  // content octets of the OBJECT IDENTIFIER
  Bytes issuer_name_hash, issuer_key_hash;
  SerialNumber serial;
  State state = State::unknown;
  std::optional<Time> revoked_at;  // of `revoked`, with its reason
  RevocationReason reason = RevocationReason::unspecified;
  Time this_update;
  std::optional<Time> next_update;
  // Whether it speaks of a certificate of this authority: both hashes are of its name and key. False for a hash other
  // than SHA-1 and the SHA-2 family.
  bool is_of(const Certificate& issuer) const;
};

class OcspAnswer {
 public:
  // invalid_argument for what is no OCSPResponse with a BasicOCSPResponse in strict DER; failed_precondition for a
  // responder's refusal, which says nothing about any certificate.
  static Result<OcspAnswer> from_der(ByteView der);

  Time produced_at() const noexcept { return produced_at_; }
  const std::vector<OcspStatus>& statuses() const noexcept { return statuses_; }
  // By the key of `issuer`, or by a responder whose certificate came along: `issuer` signed it for OCSP, and the answer
  // was made while it was valid (RFC 6960 §4.2.2.2).
  Result<bool> signed_by(const Certificate& issuer) const;

 private:
  OcspAnswer() = default;
  Bytes tbs_, algorithm_, signature_;
  Time produced_at_;
  std::vector<OcspStatus> statuses_;
  std::vector<Certificate> certificates_;
};

}  // namespace antin::x509
