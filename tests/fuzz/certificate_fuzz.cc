#include "base/encoding.h"
#include "ca/x509/certificate.h"
#include "tests/fuzz/require.h"

using namespace antin;
using namespace antin::x509;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView input(data, size);
  const auto certificate = Certificate::from_file_bytes(input);
  if (!certificate) return 0;
  const auto again = Certificate::from_pem(certificate->pem());
  FUZZ_REQUIRE(again.has_value() && *again == *certificate);
  FUZZ_REQUIRE(is_utf8(certificate->subject().rfc4514()));
  FUZZ_REQUIRE(SerialNumber::from_der_content(certificate->serial().der_content()).value() == certificate->serial());
  FUZZ_REQUIRE(!certificate->issuer_and_serial_number().empty());
  return 0;
}
