#include "ca/issuance/profile.h"
#include "tests/fuzz/require.h"

using namespace antin;
using namespace antin::issuance;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto profile = Profile::from_json(text_of({data, size}));
  if (!profile) {
    FUZZ_REQUIRE(profile.error().code == ErrorCode::invalid_argument);
    return 0;
  }
  FUZZ_REQUIRE(profile->is_authority() ==
               (profile->kind() == CertificateKind::root || profile->kind() == CertificateKind::issuing));
  const auto validity = profile->validity(time_at(2022, 12, 28), std::nullopt);
  FUZZ_REQUIRE(validity.has_value() && validity->not_before < validity->not_after);
  return 0;
}
