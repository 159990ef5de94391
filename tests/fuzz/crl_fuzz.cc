#include "ca/x509/crl.h"
#include "tests/fuzz/require.h"

using namespace antin;
using namespace antin::x509;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto crl = Crl::from_file_bytes({data, size});
  if (!crl) return 0;
  std::size_t visited = 0;
  const Status all = crl->for_each([&](const CrlEntry& entry) -> Status {
    ++visited;
    FUZZ_REQUIRE(crl->find(entry.serial).has_value());
    return {};
  });
  FUZZ_REQUIRE(all.has_value());
  FUZZ_REQUIRE(visited == crl->size());
  return 0;
}
