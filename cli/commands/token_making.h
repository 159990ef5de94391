// Token making: the tokens and keys that a ceremony or a roll-over needs. What is there already is kept, so that one
// that was killed goes on from it.
#pragma once

#include <string>

#include "base/file.h"
#include "base/random.h"
#include "base/secret.h"
#include "cli/wiring/tokens.h"
#include "hsm/token.h"

namespace antin::commands {

// A token of SoftHSM2 with random PINs, kept in `folder`/pins before the token is initialised, so that no token is ever
// without them. Nothing happens when it is there.
Status make_token(RandomSource& random, wiring::Tokens& tokens, const Path& folder, const std::string& label);
// The same in software: a folder of encrypted keys under `folder`, with its PIN in `folder`/pins.
Status make_software_token(RandomSource& random, const Path& folder, const std::string& label);
// The key `label` in the token, made when it is not there.
Result<std::shared_ptr<const hsm::SigningKey>> make_key(wiring::Tokens& tokens, const std::string& token_label,
                                                        const std::string& label, const hsm::KeySpec& spec);

}  // namespace antin::commands
