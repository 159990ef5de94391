#include "ca/issuance/key_gate.h"
#include "hsm/signing_key.h"
#include "tests/fuzz/require.h"

using namespace antin;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView input(data, size);
  if (size > 2048) return 0;
  if (issuance::check_key(input)) FUZZ_REQUIRE(hsm::key_algorithm_of(input).has_value());
  return 0;
}
