#include "signer/cms/cades.h"
#include "signer/validation/verify.h"
#include "tests/fuzz/require.h"

using namespace antin;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView message(data, size);
  if (const auto found = cms::parse(message))
    for (const cms::SignerInfo& signer : found->signers) (void)cms::verify_value(signer);
  const x509::TrustMaterial nobody;
  const auto report = validation::verify({message, message, nobody, time_at(2022, 12, 28)});
  FUZZ_REQUIRE(!report || report->indication != validation::Indication::total_passed);
  return 0;
}
