#include "ca/authority/authority.h"
#include "tests/fuzz/require.h"

using namespace antin;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto roster = authority::read_roster({data, size});
  if (!roster) return 0;
  for (std::size_t i = 0; i < roster->rows.size(); ++i) FUZZ_REQUIRE(roster->rows[i].row == i + 1);
  // What is written is what was read: a roster that `antin roster diff` makes says what its rows say.
  const std::string written = authority::roster_file(*roster);
  const auto again = authority::read_roster(bytes_of(written));
  FUZZ_REQUIRE(again.has_value());
  FUZZ_REQUIRE(authority::roster_file(*again) == written);
  return 0;
}
