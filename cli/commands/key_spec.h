// Kinds of key as they are named on the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hsm/token.h"

namespace antin::commands {

std::vector<std::string> key_spec_names();  // `p256`, `p384`, `rsa-2048`, `rsa-3072`, `rsa-4096`, `ed25519`
Result<hsm::KeySpec> key_spec(std::string_view name);

}  // namespace antin::commands
