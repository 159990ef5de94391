#include "ca/issuance/issuer.h"
#include "ca/lint/lint.h"
#include "ca/x509/tbs.h"
#include "tests/fuzz/require.h"

using namespace antin;

namespace {

void require_bounded(const lint::Findings& findings) {
  FUZZ_REQUIRE(findings.list().size() <= lint::Findings::most);
  std::size_t counted = 0;
  for (const auto severity :
       {lint::Severity::notice, lint::Severity::warning, lint::Severity::error, lint::Severity::fatal})
    counted += findings.count(severity);
  FUZZ_REQUIRE(counted + 1 >= findings.list().size());
  for (const lint::Finding& one : findings.list())
    FUZZ_REQUIRE(!one.where.empty() && one.where.size() < 300 && one.detail.size() < 300);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView octets(data, size);
  require_bounded(lint::certificate(octets));
  require_bounded(lint::crl(octets));
  require_bounded(lint::ocsp(octets));
  require_bounded(lint::time_stamp(octets));
  const lint::Findings general = lint::tbs_certificate(octets);
  require_bounded(general);
  for (const auto kind : {issuance::CertificateKind::personal, issuance::CertificateKind::root,
                          issuance::CertificateKind::issuing, issuance::CertificateKind::device}) {
    const auto linted = issuance::lint(to_bytes(octets), kind);
    if (!linted) continue;
    FUZZ_REQUIRE(general.acceptable());
    FUZZ_REQUIRE(equal(linted->der(), octets));
    const auto tbs = x509::parse_tbs(linted->der());
    FUZZ_REQUIRE(tbs.has_value() && tbs->version == 3 && tbs->serial.size() <= 20 && (tbs->serial[0] & 0x80U) == 0);
  }
  return 0;
}
