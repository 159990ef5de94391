// ForgiveLeaks: SoftHSM2 2.6 forgets the curve's name that it decodes when an Ed25519 key is made or used; its leak is
// not counted as ours while this lives.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace antin {

struct ForgiveLeaks {
#if defined(__SANITIZE_ADDRESS__)
  ForgiveLeaks() { __lsan_disable(); }
  ~ForgiveLeaks() { __lsan_enable(); }
#else
  ForgiveLeaks() {}
  ~ForgiveLeaks() {}
#endif
  ForgiveLeaks(const ForgiveLeaks&) = delete;
  ForgiveLeaks& operator=(const ForgiveLeaks&) = delete;
};

}  // namespace antin
