#include "base/encoding.h"
#include "ca/x509/csr.h"
#include "tests/fuzz/require.h"

using namespace antin;
using namespace antin::x509;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto request = CertificationRequest::from_file_bytes({data, size});
  if (!request) return 0;
  FUZZ_REQUIRE(is_utf8(request->subject().rfc4514()));
  const auto proof = request->proof_of_possession();
  FUZZ_REQUIRE(proof.has_value() || !proof.error().message.empty());
  return 0;
}
