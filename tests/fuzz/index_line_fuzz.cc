#include "ca/migration/index_line.h"
#include "tests/fuzz/require.h"

using namespace antin;

// A line is read whole or refused with a sentence; what is not marked as revoked has no date of revocation.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto line = migration::read_index_line(text_of({data, size}), 7);
  if (!line) {
    FUZZ_REQUIRE(!line.error().message.empty());
    return 0;
  }
  FUZZ_REQUIRE(line->number == 7);
  FUZZ_REQUIRE(line->state == migration::IndexLine::State::revoked || (!line->revoked_at && !line->invalidity_date));
  return 0;
}
