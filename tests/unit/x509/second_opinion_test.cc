#include "ca/x509/second_opinion.h"

#include "ca/x509/opinion.h"
#include "tests/catch.h"
#include "tests/unit/x509/openssl_pki.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

struct Issued {
  explicit Issued(EvpPkeyPtr key) : authority_key(std::move(key)) {}
  EvpPkeyPtr authority_key, leaf_key = make_ec_key();
  X509Ptr authority = make_authority("GỐC THỬ", authority_key.get(), nullptr, authority_key.get());
  X509Ptr leaf =
      make_certificate({.common_name = "N'Thol Hạ",
                        .serial = 0xff,
                        .extensions = {{"keyUsage", "critical,digitalSignature"}, {"subjectKeyIdentifier", "hash"}}},
                       leaf_key.get(), authority.get(), authority_key.get());
  Bytes authority_info = public_key_info_of(authority_key.get());
};

}  // namespace

TEST_CASE("both libraries agree on a good certificate and verify it") {
  for (auto& key : {make_ec_key(), make_ec_key("P-384"), make_rsa_key()}) {
    EVP_PKEY_up_ref(key.get());
    const Issued made{EvpPkeyPtr(key.get())};
    // P-384 with SHA-256 is ECDSA all the same.
    for (const auto how : {SecondOpinion::full, SecondOpinion::fields}) {
      const auto agreed = agree_on_certificate(der_of(made.leaf.get()), made.authority_info, how);
      INFO((agreed ? std::string() : agreed.error().message));
      REQUIRE(agreed.has_value());
      CHECK(agreed->serial().hex() == "FF");
    }
  }
}

TEST_CASE("a signature by another key is a defect, whichever library is asked") {
  const Issued made(make_ec_key()), other(make_ec_key());
  for (const auto how : {SecondOpinion::full, SecondOpinion::fields}) {
    const auto agreed = agree_on_certificate(der_of(made.leaf.get()), other.authority_info, how);
    REQUIRE_FALSE(agreed.has_value());
    CHECK(agreed.error().code == ErrorCode::internal);
  }
}

TEST_CASE("each library alone refuses a spoilt signature") {
  const Issued made(make_ec_key());
  const Certificate leaf = Certificate::from_der(der_of(made.leaf.get())).value();
  const auto botan = BotanKey::read(made.authority_info).value();
  CHECK(botan->check(hsm::SignatureScheme::ecdsa_sha256, leaf.tbs(), leaf.signature()).value());
  Bytes changed = to_bytes(leaf.tbs());
  changed.back() ^= 1;
  CHECK_FALSE(botan->check(hsm::SignatureScheme::ecdsa_sha256, changed, leaf.signature()).value());
}

TEST_CASE("every field that differs is named") {
  const Issued made(make_ec_key());
  const CertificateOpinion a = botan_opinion(der_of(made.leaf.get())).value();
  const CertificateOpinion same = openssl_opinion(made.leaf.get()).value();
  CHECK(difference(a, same).empty());
  CHECK_FALSE(a.issuer.empty());
  CHECK(a.extensions.size() == 2);
  const auto named = [&](auto change) {
    CertificateOpinion b = a;
    change(b);
    return difference(a, b);
  };
  CHECK(named([](auto& b) { b.serial.push_back(0); }) == "serial number");
  CHECK(named([](auto& b) { b.issuer.push_back(0); }) == "issuer");
  CHECK(named([](auto& b) { b.subject.push_back(0); }) == "subject");
  CHECK(named([](auto& b) { b.not_before += seconds(1); }) == "notBefore");
  CHECK(named([](auto& b) { b.not_after += seconds(1); }) == "notAfter");
  CHECK(named([](auto& b) { b.public_key_info.push_back(0); }) == "public key");
  CHECK(named([](auto& b) { b.signature_algorithm.push_back(0); }) == "signature algorithm");
  CHECK(named([](auto& b) { b.signature.push_back(0); }) == "signature");
  CHECK(named([](auto& b) { b.extensions[Bytes{6, 2, 0x2a, 3}] = {}; }) == "extensions");
  CHECK(named([](auto& b) { b.extensions.begin()->second.first = !b.extensions.begin()->second.first; }) ==
        "extensions");
}

TEST_CASE("both libraries agree on a list") {
  const Issued made(make_ec_key());
  const Certificate authority = Certificate::from_der(der_of(made.authority.get())).value();
  const Bytes der = make_crl({.revoked = {{.serial = 0x80, .reason = 1}, {.serial = 3}}}, made.authority.get(),
                             made.authority_key.get());
  const auto agreed = agree_on_crl(der, authority);
  INFO((agreed ? std::string() : agreed.error().message));
  REQUIRE(agreed.has_value());
  CHECK(agreed->size() == 2);
  const Issued other(make_ec_key());
  CHECK_FALSE(agree_on_crl(der, Certificate::from_der(der_of(other.authority.get())).value()).has_value());
}
