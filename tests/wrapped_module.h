// The PKCS#11 module that a module of the tests wraps.
#pragma once

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <cstdlib>

namespace antin::tests {

// Loads the library that this environment variable names and puts its functions into `real`; CKR_GENERAL_ERROR when it
// names none.
inline CK_RV load_wrapped(const char* variable, CK_FUNCTION_LIST** real) {
  const char* path = std::getenv(variable);
  void* handle = path == nullptr ? nullptr : ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const auto get_list =
      handle == nullptr ? nullptr : reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
  return get_list == nullptr ? CKR_GENERAL_ERROR : get_list(real);
}

}  // namespace antin::tests
