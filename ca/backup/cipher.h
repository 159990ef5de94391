// AES-256-GCM and HKDF-SHA-256, as the container uses them. Private to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace antin::backup {

using Nonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t tag_size = 16;

// RFC 5869; 32 octets.
Result<Secret> hkdf(const Secret& input, ByteView salt, std::string_view info);
// The ciphertext and its tag. `key` is 32 octets and never used twice with one nonce.
Result<Bytes> encrypt(const Secret& key, const Nonce& nonce, ByteView associated, ByteView plain);
// data_loss when the tag does not fit.
Result<Bytes> decrypt(const Secret& key, const Nonce& nonce, ByteView associated, ByteView sealed);

}  // namespace antin::backup
