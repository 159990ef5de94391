#include "base/encoding.h"
#include "ca/x509/name.h"
#include "tests/fuzz/require.h"

using namespace antin;
using namespace antin::x509;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto name = Name::from_der({data, size});
  if (!name) return 0;
  FUZZ_REQUIRE(equal(name->der(), {data, size}));
  FUZZ_REQUIRE(is_utf8(name->rfc4514()));
  FUZZ_REQUIRE(name->matches(*name));
  // What our writer takes, it writes in a form that reads back the same and is written the same again.
  const auto written = Name::from_rdns(name->rdns());
  if (!written) return 0;
  const auto read = Name::from_der(written->der());
  FUZZ_REQUIRE(read.has_value());
  const auto twice = Name::from_rdns(read->rdns());
  FUZZ_REQUIRE(twice.has_value() && *twice == *written);
  return 0;
}
