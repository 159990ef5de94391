#include "signer/pdf/signatures.h"
#include "signer/validation/verify.h"
#include "tests/fuzz/require.h"

using namespace antin;

// Whatever the file is: what is said of it lies inside it, and nobody is trusted when no anchor is.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView document(data, size);
  if (const auto found = pdf::read_signatures(document)) {
    for (const pdf::PdfSignature& signature : found->signatures) {
      if (signature.range_defect) continue;
      FUZZ_REQUIRE(signature.hole_begin < signature.hole_end && signature.hole_end <= signature.covered_end &&
                   signature.covered_end <= size);
      const auto [before, after] = pdf::covered_octets(document, signature);
      FUZZ_REQUIRE(before.size() + after.size() + (signature.hole_end - signature.hole_begin) == signature.covered_end);
    }
  }
  const x509::TrustMaterial nobody;
  const auto report = validation::verify({document, std::nullopt, nobody, time_at(2022, 12, 28)});
  FUZZ_REQUIRE(!report || report->indication != validation::Indication::total_passed);
  return 0;
}
