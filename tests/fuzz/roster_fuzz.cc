#include "ca/authority/authority.h"
#include "tests/fuzz/require.h"

using namespace antin;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto roster = authority::read_roster({data, size});
  if (!roster) return 0;
  for (std::size_t i = 0; i < roster->rows.size(); ++i) FUZZ_REQUIRE(roster->rows[i].row == i + 1);
  return 0;
}
