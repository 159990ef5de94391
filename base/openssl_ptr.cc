#include "base/openssl_ptr.h"

#include <openssl/err.h>
#include <openssl/provider.h>

namespace antin {
namespace {

// Providers of one context go before it does.
class KeylessContext {
 public:
  KeylessContext()
      : context_(OSSL_LIB_CTX_new()), nothing_(context_ ? OSSL_PROVIDER_load(context_.get(), "null") : nullptr) {}
  ~KeylessContext() {
    if (nothing_ != nullptr) OSSL_PROVIDER_unload(nothing_);
  }
  OSSL_LIB_CTX* get() const noexcept { return nothing_ == nullptr ? nullptr : context_.get(); }

 private:
  OpensslPtr<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context_;
  OSSL_PROVIDER* nothing_;
};

}  // namespace

OSSL_LIB_CTX* keyless_openssl() {
  static const KeylessContext context;
  return context.get();
}

std::string openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "OpenSSL gave no reason";
  const char* library = ERR_lib_error_string(code);
  const char* reason = ERR_reason_error_string(code);
  return std::string(library != nullptr ? library : "OpenSSL") + ": " + (reason != nullptr ? reason : "unknown reason");
}

}  // namespace antin
