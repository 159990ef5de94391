// BlockList: keys that others have published as broken, in the format of Debian's openssl-blacklist.
//
// A line is either 20 hexadecimal digits, the last 80 bits of SHA-1 over `Modulus=HEX\n` as `openssl rsa -modulus`
// prints it (upper case, no leading zeros), or 64 digits, the SHA-256 of a SubjectPublicKeyInfo of any kind. `#` begins
// a comment, empty lines are skipped. Debian's blacklist.RSA-2048 can be handed over as it is.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"

namespace antin::issuance {

class BlockList {
 public:
  // Adds the lines of `text`. invalid_argument names `source` and line; then nothing was added.
  Status add(std::string_view text, std::string_view source);
  std::size_t size() const noexcept { return moduli_.size() + keys_.size(); }
  // Safe for all threads once nothing is added any more.
  bool contains(ByteView public_key_info) const;

 private:
  using Modulus = std::array<std::uint8_t, 10>;
  std::vector<Modulus> moduli_;  // sorted
  std::vector<Sha256> keys_;     // sorted
};

}  // namespace antin::issuance
