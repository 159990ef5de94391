#include "signer/asic/container.h"
#include "signer/validation/verify.h"
#include "tests/fuzz/require.h"

using namespace antin;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView octets(data, size);
  if (const auto container = asic::read_container(octets)) {
    for (const auto& [name, content] : container->files) FUZZ_REQUIRE(!name.starts_with("/") && !name.contains(".."));
  }
  const x509::TrustMaterial nobody;
  const auto report = validation::verify({octets, std::nullopt, nobody, time_at(2022, 12, 28)});
  FUZZ_REQUIRE(!report || report->indication != validation::Indication::total_passed);
  return 0;
}
