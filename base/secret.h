// Secret: a PIN, passphrase or API token in memory. It zeroes itself, cannot be copied by accident and cannot be
// printed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace antin {

class Secret {
 public:
  Secret() = default;
  // Takes over `text` and zeroes the caller's string.
  explicit Secret(std::string&& text);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  Secret clone() const;
  bool empty() const noexcept { return text_.empty(); }
  // The one way to the characters; call it only where they are handed to a token, a KDF or a comparison.
  std::string_view reveal() const noexcept { return text_; }

 private:
  std::string text_;
};

// Overwrites memory in a way that the compiler keeps.
void wipe(void* data, std::size_t size) noexcept;

}  // namespace antin
