#include "hsm/key_trial.h"

#include "hsm/public_key.h"

namespace antin::hsm {

Status try_key(const SigningKey& key, ByteView public_key_info, RandomSource& random) {
  Bytes nonce(32);
  ANTIN_CHECK(random.fill(nonce));
  const SignatureScheme scheme = default_scheme(key.algorithm());
  ANTIN_TRY(const Bytes signature, key.sign(scheme, nonce));
  ANTIN_TRY(const bool holds, verify_signature(public_key_info, scheme, nonce, signature));
  if (holds) return {};
  return fail(ErrorCode::data_loss, key.uri() + ": what it signs does not verify with its public key");
}

}  // namespace antin::hsm
