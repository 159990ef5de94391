// The header of a container: what is read of a file before anybody's key opens it.
#include "ca/backup/archive.h"
#include "ca/backup/container.h"
#include "tests/fuzz/require.h"

using namespace antin;
using namespace antin::backup;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView input(data, size);
  const auto whole = header_size(input);
  const auto header = parse_header(input);
  if (header) {
    FUZZ_REQUIRE(whole && *whole == size);
    FUZZ_REQUIRE(header->threshold >= 2 && header->threshold <= header->shares.size());
    FUZZ_REQUIRE(equal(header->octets, input));
    for (const SealedShare& share : header->shares)
      FUZZ_REQUIRE(share.ephemeral.size() == 65 && share.public_key.size() == 65);
  }
  if (is_inside(text_of(input))) FUZZ_REQUIRE(input[0] != '/' && input[size - 1] != '/');
  return 0;
}
