#include "hsm/digest_signer.h"

#include "hsm/scheme_hasher.h"

namespace antin::hsm {

Result<Bytes> DigestSigner::sign_digest(SignatureScheme scheme, ByteView digest) const {
  if (!fits(scheme, algorithm_))
    return fail(ErrorCode::invalid_argument, std::string(to_string(scheme)) + " does not fit " + uri());
  if (scheme == SignatureScheme::ed25519)
    return fail(ErrorCode::invalid_argument, "Ed25519 signs messages, not digests");
  if (digest.size() != SchemeHasher::size(scheme))
    return fail(ErrorCode::invalid_argument,
                "sign: the digest has not the size that " + std::string(to_string(scheme)) + " wants");
  return sign_input(scheme, digest);
}

Result<Bytes> DigestSigner::sign(SignatureScheme scheme, ByteView message) const {
  if (!fits(scheme, algorithm_))
    return fail(ErrorCode::invalid_argument, std::string(to_string(scheme)) + " does not fit " + uri());
  if (scheme != SignatureScheme::ed25519) {
    ANTIN_TRY(SchemeHasher hasher, SchemeHasher::begin(scheme, public_key_info_));
    return sign_input(scheme, hasher.update(message).finish());
  }
  return sign_input(scheme, message);
}

}  // namespace antin::hsm
