// Key import: the key of an authority that moves in goes from a file's octets into a token of the CA.
#pragma once

#include <memory>
#include <string>

#include "base/secret.h"
#include "cli/wiring/tokens.h"

namespace antin::wiring {

// `key` is unencrypted PKCS#8, in memory; nothing of it is written anywhere but into the token, under the name that
// keys of this program have (named_key). The same again changes nothing. unimplemented for a token that takes no keys.
Result<std::shared_ptr<const hsm::SigningKey>> import_key(Tokens& ca, const std::string& token,
                                                          const std::string& name, const Secret& key);

}  // namespace antin::wiring
