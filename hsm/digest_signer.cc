#include "hsm/digest_signer.h"

namespace antin::hsm {

Result<Bytes> DigestSigner::sign_digest(SignatureScheme scheme, ByteView digest) const {
  if (!fits(scheme, algorithm_))
    return fail(ErrorCode::invalid_argument, std::string(to_string(scheme)) + " does not fit " + uri());
  if (scheme == SignatureScheme::ed25519)
    return fail(ErrorCode::invalid_argument, "Ed25519 signs messages, not digests");
  if (digest.size() != digest_size(digest_of(scheme)))
    return fail(ErrorCode::invalid_argument,
                "sign: the digest has another size than " + std::string(to_string(digest_of(scheme))));
  return sign_input(scheme, digest);
}

Result<Bytes> DigestSigner::sign(SignatureScheme scheme, ByteView message) const {
  if (scheme != SignatureScheme::ed25519) return sign_digest(scheme, digest(digest_of(scheme), message));
  if (!fits(scheme, algorithm_)) return fail(ErrorCode::invalid_argument, "Ed25519 does not fit " + uri());
  return sign_input(scheme, message);
}

}  // namespace antin::hsm
