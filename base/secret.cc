#include "base/secret.h"

#include <string.h>

#include <utility>

namespace antin {

void wipe(void* data, std::size_t size) noexcept { ::explicit_bzero(data, size); }

namespace {
void wipe(std::string& text) noexcept {
  text.resize(text.capacity());
  antin::wipe(text.data(), text.size());
  text.clear();
}
}  // namespace

Secret::Secret(std::string&& text) : text_(text) { wipe(text); }
Secret::Secret(Secret&& other) noexcept : text_(other.text_) { wipe(other.text_); }
Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(text_);
    text_ = other.text_;
    wipe(other.text_);
  }
  return *this;
}
Secret::~Secret() { wipe(text_); }
Secret Secret::clone() const { return Secret(std::string(text_)); }

}  // namespace antin
