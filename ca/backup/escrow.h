// Escrow: the PIN of a token's security officer, sealed so that k of n officers can open it together. The octets are a
// container's header of kind `so-pin` and the PIN under AES-256-GCM. docs/formats/backup.md.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "ca/backup/container.h"

namespace antin::backup {

// `token` is the label of the token that the PIN belongs to: the octets open for no other. Fails as seal().
Result<Bytes> seal_so_pin(const Secret& so_pin, std::string_view token, unsigned threshold,
                          const std::vector<Recipient>& recipients, RandomSource& random);
// `unlock` gives what join() gives for that header. invalid_argument for octets of another form, data_loss when they do
// not open, or belong to another token.
Result<Secret> open_so_pin(ByteView escrow, std::string_view token,
                           const std::function<Result<Secret>(const Header&)>& unlock);

}  // namespace antin::backup
