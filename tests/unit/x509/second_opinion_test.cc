#include "ca/x509/second_opinion.h"

#include "ca/x509/opinion.h"
#include "ca/x509/path_validator.h"
#include "ca/x509/signature_check.h"
#include "hsm/public_key.h"
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

TEST_CASE(
    "ML-DSA: both libraries verify what OpenSSL signed and both refuse a flipped bit; where one has none, nobody "
    "judges") {
  for (const auto& [name, scheme] : {std::pair("ML-DSA-44", hsm::SignatureScheme::ml_dsa_44),
                                     std::pair("ML-DSA-65", hsm::SignatureScheme::ml_dsa_65),
                                     std::pair("ML-DSA-87", hsm::SignatureScheme::ml_dsa_87)}) {
    INFO(name);
    EvpPkeyPtr key = make_ml_dsa_key(name);
    if (!key) {
      const EvpPkeyPtr ec = make_ec_key();
      for (const auto how : {SecondOpinion::full, SecondOpinion::fields})
        CHECK(SignatureJudge::make(made_up_ml_dsa_65(), how).error().code == ErrorCode::unimplemented);
      CHECK(check_signature(ec.get(), hsm::algorithm_identifier(scheme), {}, {}).error().code ==
            ErrorCode::unimplemented);
      continue;
    }
    const Issued made(std::move(key));
    for (const auto how : {SecondOpinion::full, SecondOpinion::fields}) {
      const auto agreed = agree_on_certificate(der_of(made.leaf.get()), made.authority_info, how);
      INFO((agreed ? std::string() : agreed.error().message));
      REQUIRE(agreed.has_value());
      CHECK(hsm::scheme_of(agreed->signature_algorithm()) == scheme);
    }
    const Certificate leaf = Certificate::from_der(der_of(made.leaf.get())).value();
    const Certificate authority = Certificate::from_der(der_of(made.authority.get())).value();
    CHECK(signed_by(leaf, authority).value());
    const auto botan = BotanKey::read(made.authority_info).value();
    const EvpPkeyPtr openssl = hsm::read_public_key(made.authority_info).value();
    const auto verdicts = [&](ByteView message, ByteView signature) {
      return std::pair(check_signature(openssl.get(), leaf.signature_algorithm(), message, signature).value(),
                       botan->check(scheme, message, signature).value());
    };
    CHECK(verdicts(leaf.tbs(), leaf.signature()) == std::pair(true, true));
    Bytes changed = to_bytes(leaf.tbs()), spoilt = to_bytes(leaf.signature());
    changed.back() ^= 1;
    spoilt[spoilt.size() / 2] ^= 1;
    CHECK(verdicts(changed, leaf.signature()) == std::pair(false, false));
    CHECK(verdicts(leaf.tbs(), spoilt) == std::pair(false, false));
    CHECK(validate_path(leaf, {{authority}, {}, {}}, {.at = time_at(2023, 1, 1), .check_revocation = false}).status ==
          PathStatus::valid);
    const Bytes list =
        make_crl({.revoked = {{.serial = 0xff, .reason = 1}}}, made.authority.get(), made.authority_key.get());
    REQUIRE(agree_on_crl(list, authority).has_value());
    CHECK(validate_path(leaf, {{authority}, {}, {Crl::from_der(list).value()}}, {.at = time_at(2022, 7, 2)}).status ==
          PathStatus::revoked);
  }
}

TEST_CASE("a signature whose algorithm is ML-DSA does not hold under another key") {
  if (!make_ml_dsa_key()) {
    CHECK(hsm::require_ml_dsa().error().code == ErrorCode::unimplemented);
    return;
  }
  const EvpPkeyPtr ec = make_ec_key(), other = make_ml_dsa_key("ML-DSA-87");
  const Bytes identifier = hsm::algorithm_identifier(hsm::SignatureScheme::ml_dsa_65);
  CHECK_FALSE(check_signature(ec.get(), identifier, {}, Bytes(3309)).value());
  CHECK_FALSE(check_signature(other.get(), identifier, {}, Bytes(3309)).value());
}
