#include "base/openssl_ptr.h"

#include <openssl/err.h>

namespace antin {

std::string openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "OpenSSL gave no reason";
  const char* library = ERR_lib_error_string(code);
  const char* reason = ERR_reason_error_string(code);
  return std::string(library != nullptr ? library : "OpenSSL") + ": " + (reason != nullptr ? reason : "unknown reason");
}

}  // namespace antin
