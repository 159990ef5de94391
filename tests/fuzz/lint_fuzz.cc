#include "ca/issuance/issuer.h"
#include "ca/x509/tbs.h"
#include "tests/fuzz/require.h"

using namespace antin;
using namespace antin::issuance;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  for (const auto kind :
       {CertificateKind::personal, CertificateKind::root, CertificateKind::issuing, CertificateKind::device}) {
    const auto linted = lint(to_bytes(ByteView(data, size)), kind);
    if (!linted) continue;
    FUZZ_REQUIRE(equal(linted->der(), {data, size}));
    const auto tbs = x509::parse_tbs(linted->der());
    FUZZ_REQUIRE(tbs.has_value() && tbs->version == 3 && tbs->serial.size() <= 20 && (tbs->serial[0] & 0x80U) == 0);
  }
  return 0;
}
