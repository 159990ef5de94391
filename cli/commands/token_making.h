// Token making: the tokens and keys that a ceremony or a roll-over needs. What is there already is kept, so that one
// that was killed goes on from it.
#pragma once

#include <functional>
#include <string>

#include "base/file.h"
#include "base/random.h"
#include "base/secret.h"
#include "ca/store/store.h"
#include "cli/wiring/tokens.h"
#include "hsm/token.h"

namespace antin::commands {

// A token of SoftHSM2 with random PINs, kept in `folder`/pins before the token is initialised, so that no token is ever
// without them. Nothing happens when it is there.
Status make_token(RandomSource& random, wiring::Tokens& tokens, const Path& folder, const std::string& label);
// The same in software: a folder of encrypted keys under `folder`, with its PIN in `folder`/pins.
Status make_software_token(RandomSource& random, const Path& folder, const std::string& label);
// Whether a key is on record: in its place nothing is made.
using OnRecord = std::function<Result<bool>(ByteView public_key_info)>;
// Keys of certificates, and of issuers that were proposed. No store yet: none.
OnRecord on_record_in(store::Store* store, Time now);

// True when the pair `ref` was there, did not sign and was removed: SoftHSM2 leaves such a one when its process is
// stopped while it makes it. False when it signs. data_loss for one that does not sign and is on record, or in a token
// of another make; the token's error when nobody can tell.
Result<bool> remove_hollow_key(RandomSource& random, hsm::Token& token, const hsm::KeyRef& ref,
                               const OnRecord& on_record);
// The key `label` in the token, which signs; made when it is not there, and anew when remove_hollow_key() removed it.
Result<std::shared_ptr<const hsm::SigningKey>> make_key(RandomSource& random, wiring::Tokens& tokens,
                                                        const std::string& token_label, const std::string& label,
                                                        const hsm::KeySpec& spec, const OnRecord& on_record);

}  // namespace antin::commands
