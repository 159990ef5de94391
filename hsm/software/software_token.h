// Software token: a folder of encrypted keys that stands in for a PKCS#11 token after login. For keys that no module
// has yet, which are those of ML-DSA, and for the homes of tests alone: a production configuration refuses it.
//
//   FOLDER/LABEL/            mode 0700, one a token
//   FOLDER/LABEL/NAME.pem    mode 0600, one a key: encrypted PKCS#8, CKA_ID and CKA_LABEL in the lines before it
//
// The PIN is the passphrase of every key. Nothing counts wrong ones. Keys sign; they agree on no secrets, and
// certificates are not kept beside them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "hsm/token.h"

namespace antin::hsm::software {

// What a token and a key may be called here, since their names are those of files: letters, digits, `-`, `_` and `.`,
// not at the beginning, at most 64.
bool is_token_name(std::string_view name) noexcept;
// Tokens in `folder`, by label; none when it is not there.
std::vector<TokenInfo> tokens_in(const Path& folder);
// An empty token. Nothing happens when it is there. invalid_argument for a label that is no token name.
Status make_token(const Path& folder, const std::string& label);
// Logs in: reads and opens every key. not_found when there is no such token; unauthenticated when the PIN does not open
// a key; data_loss for a file that is no key of ours. Safe for several threads once it is open, as long as no key is
// made or destroyed.
Result<std::shared_ptr<Token>> open_token(const Path& folder, const std::string& label, PinSource& pins);

}  // namespace antin::hsm::software
