#include "ca/foreign/certificate_files.h"
#include "tests/fuzz/require.h"

using namespace antin;

// A file of certificates: each is read whole or told, and one of the two is there.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const foreign::FileContent content = foreign::certificates_in({data, size});
  FUZZ_REQUIRE(!content.certificates.empty() || !content.unreadable.empty());
  for (const x509::Certificate& one : content.certificates) {
    const auto again = x509::Certificate::from_der(one.der());
    FUZZ_REQUIRE(again && *again == one);
  }
  for (const Error& error : content.unreadable) FUZZ_REQUIRE(!error.message.empty());
  return 0;
}
