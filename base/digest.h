// Message digests of the SHA-2 family.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace antin {

enum class DigestAlgorithm { sha256, sha384, sha512 };

std::string_view to_string(DigestAlgorithm algorithm) noexcept;  // `SHA-256`
std::size_t digest_size(DigestAlgorithm algorithm) noexcept;     // octets

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(ByteView data);
Bytes digest(DigestAlgorithm algorithm, ByteView data);

// A digest over pieces, in order. Not for use by two threads at once. Movable.
class Hasher {
 public:
  explicit Hasher(DigestAlgorithm algorithm = DigestAlgorithm::sha256);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();
  Hasher& update(ByteView piece);
  Bytes finish();  // ends this digest; the object starts anew

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace antin
