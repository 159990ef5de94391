// Second opinion: OpenSSL and Botan both parse what was signed, must agree on every field, and both verify the
// signature.
//
// A difference is `internal` and names the field. `fields` leaves the signature to OpenSSL alone.
#pragma once

#include <memory>

#include "ca/x509/certificate.h"
#include "ca/x509/crl.h"

namespace antin::x509 {

enum class SecondOpinion { full, fields };

// A key whose signatures are judged by both libraries, read once and used for many certificates. Safe for several
// threads.
class SignatureJudge {
 public:
  static Result<SignatureJudge> make(ByteView issuer_public_key_info, SecondOpinion how);
  SignatureJudge(SignatureJudge&&) noexcept;
  SignatureJudge& operator=(SignatureJudge&&) noexcept;
  ~SignatureJudge();

  // As agree_on_certificate below, with this key.
  Result<Certificate> agree_on_certificate(ByteView der) const;
  // `internal` when a library refuses the signature. Both are asked, unless `fields` leaves it to OpenSSL.
  Status verify(ByteView algorithm_identifier, ByteView message, ByteView signature) const;

 private:
  struct State;
  explicit SignatureJudge(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Returns the certificate as parsed. `issuer_public_key_info` is the key that must have signed it.
Result<Certificate> agree_on_certificate(ByteView der, ByteView issuer_public_key_info, SecondOpinion how);
// Signature of a CRL by both libraries over the hashed tbsCertList; up to 10,000 entries also parsed whole by both.
Result<Crl> agree_on_crl(ByteView der, const Certificate& issuer);

}  // namespace antin::x509
