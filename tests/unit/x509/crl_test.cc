#include "ca/x509/crl.h"

#include "base/encoding.h"
#include "tests/catch.h"
#include "tests/unit/x509/openssl_pki.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

struct Authority {
  EvpPkeyPtr key = make_ec_key();
  X509Ptr native = make_authority("GỐC THỬ", key.get(), nullptr, key.get());
  Certificate certificate = Certificate::from_der(der_of(native.get())).value();
};

SerialNumber serial(long value) {
  char text[32];
  std::snprintf(text, sizeof text, "%lx", static_cast<unsigned long>(value));
  return SerialNumber::from_hex(text).value();
}

}  // namespace

TEST_CASE("a list that OpenSSL made is read field by field") {
  const Authority ca;
  const Crl crl = Crl::from_der(make_crl({.number = 300,
                                          .revoked = {{.serial = 0x1ff, .reason = 1},
                                                      {.serial = 0x80, .at = time_at(2022, 5, 4), .reason = 6},
                                                      {.serial = 2}}},
                                         ca.native.get(), ca.key.get()))
                      .value();
  CHECK(crl.issuer() == ca.certificate.subject());
  CHECK(crl.this_update() == time_at(2022, 7, 1));
  CHECK(crl.next_update() == time_at(2022, 7, 8));
  CHECK(to_hex(crl.number().value()) == "012c");
  CHECK(crl.authority_key_id() == ca.certificate.subject_key_id());
  CHECK(crl.size() == 3);
  CHECK(crl.find(serial(0x1ff)).value().reason == RevocationReason::key_compromise);
  CHECK(crl.find(serial(0x80)).value().reason == RevocationReason::certificate_hold);
  CHECK(crl.find(serial(0x80)).value().revoked_at == time_at(2022, 5, 4));
  CHECK(crl.find(serial(2)).value().reason == RevocationReason::unspecified);
  for (const long absent : {1L, 3L, 0x7fL, 0x81L, 0x1feL, 0x200L, 0xffL})
    CHECK_FALSE(crl.find(serial(absent)).has_value());
  CHECK(crl.signed_by(ca.certificate).value());
}

TEST_CASE("entries are visited in the order of the list, and an error stops the visit") {
  const Authority ca;
  const Crl crl =
      Crl::from_der(make_crl({.revoked = {{.serial = 9}, {.serial = 3}, {.serial = 5}}}, ca.native.get(), ca.key.get()))
          .value();
  std::string seen;
  REQUIRE(crl.for_each([&](const CrlEntry& entry) -> Status {
    seen += entry.serial.hex();
    return {};
  }));
  CHECK(seen == "935");
  const Status stopped = crl.for_each([&](const CrlEntry&) -> Status { return fail(ErrorCode::aborted, "enough"); });
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().message == "enough");
}

TEST_CASE("a list without entries is empty") {
  const Authority ca;
  const Crl crl = Crl::from_der(make_crl({}, ca.native.get(), ca.key.get())).value();
  CHECK(crl.size() == 0);
  CHECK_FALSE(crl.find(serial(7)).has_value());
}

TEST_CASE("another key, another name or a changed octet: not signed by it") {
  const Authority ca, stranger;
  const Bytes der = make_crl({.revoked = {{.serial = 9}}}, ca.native.get(), ca.key.get());
  CHECK_FALSE(Crl::from_der(der).value().signed_by(stranger.certificate).value());
  Bytes changed = der;
  changed.back() ^= 1;
  const auto broken = Crl::from_der(changed);
  if (broken) CHECK_FALSE(broken->signed_by(ca.certificate).value());
}

TEST_CASE("an issuer that may not sign lists has not signed one") {
  const EvpPkeyPtr key = make_ec_key();
  const X509Ptr native = make_certificate({.extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                                          {"keyUsage", "critical,keyCertSign"},
                                                          {"subjectKeyIdentifier", "hash"}}},
                                          key.get(), nullptr, key.get());
  const Crl crl = Crl::from_der(make_crl({}, native.get(), key.get())).value();
  CHECK_FALSE(crl.signed_by(Certificate::from_der(der_of(native.get())).value()).value());
}

TEST_CASE("the issuing distribution point is read") {
  const Authority ca;
  // SEQUENCE { [0] { [0] { [6] "http://pki.lamdong.test/a.crl" } }, [1] TRUE }
  const Crl crl =
      Crl::from_der(
          make_crl(
              {.extensions = {{"2.5.29.28",
                               "critical,DER:"
                               "3027A022A020861E687474703A2F2F706B692E6C616D646F6E672E746573742F61612E63726C8101FF"}}},
              ca.native.get(), ca.key.get()))
          .value();
  CHECK(crl.distribution_point_urls() == std::vector<std::string>{"http://pki.lamdong.test/aa.crl"});
  CHECK(crl.scope().only_user_certificates);
  CHECK_FALSE(crl.scope().unknown_critical);
}

TEST_CASE("a critical extension that is not known is noted") {
  const Authority ca;
  CHECK(Crl::from_der(make_crl({.extensions = {{"1.2.3.4", "critical,DER:0500"}}}, ca.native.get(), ca.key.get()))
            .value()
            .scope()
            .unknown_critical);
  CHECK_FALSE(Crl::from_der(make_crl({.extensions = {{"1.2.3.4", "DER:0500"}}}, ca.native.get(), ca.key.get()))
                  .value()
                  .scope()
                  .unknown_critical);
}

TEST_CASE("no cut of a list is a list") {
  const Authority ca;
  const Bytes whole = make_crl({.revoked = {{.serial = 9}, {.serial = 3, .reason = 4}}}, ca.native.get(), ca.key.get());
  for (std::size_t size = 0; size < whole.size(); ++size)
    REQUIRE_FALSE(Crl::from_der(ByteView(whole).first(size)).has_value());
}

TEST_CASE("reasons have names both ways") {
  for (const auto reason :
       {RevocationReason::key_compromise, RevocationReason::certificate_hold, RevocationReason::aa_compromise})
    CHECK(revocation_reason(to_string(reason)).value() == reason);
  CHECK_FALSE(revocation_reason("because").has_value());
}
