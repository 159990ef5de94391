#include "ca/x509/ocsp_answer.h"
#include "tests/fuzz/require.h"

using namespace antin;

// An answer is read whole or refused with a sentence; a time of revocation is there with `revoked` and only then.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto answer = x509::OcspAnswer::from_der({data, size});
  if (!answer) {
    FUZZ_REQUIRE(!answer.error().message.empty());
    return 0;
  }
  for (const x509::OcspStatus& one : answer->statuses())
    FUZZ_REQUIRE(one.revoked_at.has_value() == (one.state == x509::OcspStatus::State::revoked));
  return 0;
}
