// Kinds of key as they are named on the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hsm/token.h"

namespace antin::commands {

// Those that tokens make.
std::vector<std::string> key_spec_names();  // `p256`, `p384`, `rsa-2048`, `rsa-3072`, `rsa-4096`, `ed25519`
// Those that a CA's key may be: Ed25519 signs messages and not digests, and a CRL is hashed as it is written, in one
// pass.
std::vector<std::string> authority_key_spec_names();
// The same and ML-DSA, `ml-dsa-44`, `ml-dsa-65`, `ml-dsa-87`, for a generation beside those in tokens.
std::vector<std::string> generation_key_spec_names();
Result<hsm::KeySpec> key_spec(std::string_view name);

}  // namespace antin::commands
