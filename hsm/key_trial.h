// Key trial: a key signs a random nonce and the signature is verified, before anything is built on the key.
#pragma once

#include "base/random.h"
#include "hsm/signing_key.h"

namespace antin::hsm {

// data_loss when what `key` signs does not verify with `public_key_info`; the token's error when it does not sign.
Status try_key(const SigningKey& key, ByteView public_key_info, RandomSource& random);

}  // namespace antin::hsm
