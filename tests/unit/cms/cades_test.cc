#include "signer/cms/cades.h"

#include <cstdlib>

#include "base/encoding.h"
#include "base/file.h"
#include "signer/cms/ber.h"
#include "tests/catch.h"
#include "tests/raw_pdf.h"
#include "tests/temporary_directory.h"
#include "tests/test_authority.h"

using namespace antin;

namespace {

const Bytes content = to_bytes("Nội dung văn bản thử nghiệm\n");

cms::SignedAttributes attributes_for(const TestAuthority::Subscriber& signer, hsm::SignatureScheme scheme) {
  return {cms::Form::cades, scheme, digest(cms::content_digest_algorithm(scheme), content),
          time_at(2022, 12, 28, 2, 30, 15), signer.certificate};
}

Bytes sign(const TestAuthority::Subscriber& signer, const TestAuthority& authority, hsm::SignatureScheme scheme) {
  const auto about = attributes_for(signer, scheme);
  const Bytes attributes = cms::encode_signed_attributes(about).value();
  return cms::assemble_detached(attributes, about, signer.key->sign(scheme, attributes).value(), {authority.root()})
      .value();
}

}  // namespace

TEST_CASE("a signature of every kind of key is read back as it was made") {
  TestAuthority authority;
  for (const hsm::KeyAlgorithm algorithm :
       {hsm::KeyAlgorithm::rsa, hsm::KeyAlgorithm::ec_p256, hsm::KeyAlgorithm::ec_p384, hsm::KeyAlgorithm::ed25519}) {
    const auto signer = authority.issue("Nguyễn Văn Thử", {algorithm, 2048});
    for (int s = 0; s <= static_cast<int>(hsm::SignatureScheme::ed25519); ++s) {
      const auto scheme = static_cast<hsm::SignatureScheme>(s);
      if (!hsm::fits(scheme, algorithm)) continue;
      const Bytes message = sign(signer, authority, scheme);
      CHECK(message.size() <= cms::size_bound(signer.certificate, {authority.root()}));
      const auto read = cms::parse(message).value();
      REQUIRE(read.signers.size() == 1);
      const cms::SignerInfo& info = read.signers.front();
      CHECK(info.signer == signer.certificate);
      CHECK(info.scheme == scheme);
      CHECK(info.message_digest == digest(info.digest_algorithm, content));
      CHECK(info.signing_time == time_at(2022, 12, 28, 2, 30, 15));
      CHECK(info.signing_certificate_matches == true);
      CHECK(info.content_type == "1.2.840.113549.1.7.1");
      CHECK(info.defects.empty());
      CHECK(cms::verify_value(info).value());
      CHECK_FALSE(read.content.has_value());
    }
  }
}

TEST_CASE("a flipped octet is never read as a good signature over the same digest") {
  TestAuthority authority;
  const auto signer = authority.issue("Trần Thị Mẫu");
  const Bytes good = sign(signer, authority, hsm::SignatureScheme::ecdsa_sha256);
  const auto reference = cms::parse(good).value().signers.front();
  for (std::size_t i = 0; i < good.size(); i += 3) {
    Bytes bad = good;
    bad[i] ^= 0x41;
    const auto read = cms::parse(bad);
    if (!read || read->signers.size() != 1) continue;
    const cms::SignerInfo& info = read->signers.front();
    const bool same_claim = info.signed_attributes == reference.signed_attributes && info.signer == reference.signer;
    if (!same_claim)
      CHECK_FALSE((cms::verify_value(info).value() && info.signing_certificate_matches == true &&
                   info.signer == reference.signer));
  }
}

TEST_CASE("another certificate in the signer's place does not match the signed reference") {
  TestAuthority authority;
  const auto signer = authority.issue("Người ký"), other = authority.issue("Người khác");
  auto about = attributes_for(signer, hsm::SignatureScheme::ecdsa_sha256);
  const Bytes attributes = cms::encode_signed_attributes(about).value();
  const Bytes signature = signer.key->sign(about.scheme, attributes).value();
  about.signer = other.certificate;
  const auto read = cms::parse(cms::assemble_detached(attributes, about, signature, {}).value()).value();
  CHECK(read.signers.front().signing_certificate_matches == false);
  CHECK_FALSE(cms::verify_value(read.signers.front()).value());
}

TEST_CASE("attributes that were signed in another order than DER's are verified in that order, and the order is told") {
  TestAuthority authority;
  const auto signer = authority.issue("Người ký");
  const auto about = attributes_for(signer, hsm::SignatureScheme::ecdsa_sha256);
  const Bytes sorted = cms::encode_signed_attributes(about).value();
  const Bytes reversed = with_members_reversed(sorted);
  REQUIRE(sorted != reversed);
  const auto order = [&](const Bytes& sent, const Bytes& signed_over) {
    const Bytes signature = signer.key->sign(about.scheme, signed_over).value();
    const auto read = cms::parse(cms::assemble_detached(sent, about, signature, {}).value()).value();
    CHECK(read.signers.front().defects.empty());
    CHECK(cms::verify_value(read.signers.front()).value() ==
          (cms::verified_order(read.signers.front()).value() != cms::AttributeOrder::neither));
    return cms::verified_order(read.signers.front()).value();
  };
  CHECK(order(sorted, sorted) == cms::AttributeOrder::der);
  CHECK(order(reversed, sorted) == cms::AttributeOrder::der);
  CHECK(order(reversed, reversed) == cms::AttributeOrder::as_received);
  CHECK(order(sorted, reversed) == cms::AttributeOrder::neither);
}

TEST_CASE("the size of an element is found whatever form its length has") {
  const auto size = [](const char* hex) { return cms::encoded_size(from_hex(hex).value()); };
  CHECK(size("3000") == 2);
  CHECK(size("30030201050000") == 5);
  CHECK(size("3081030201050000") == 6);
  CHECK(size("308002010500000000") == 7);
  CHECK(size("3080a08004010000000000ff") == 11);
  CHECK(size("1f810100") == 4);
  for (const char* cut :
       {"", "30", "3005", "30800201", "0000", "0480", "30ff", "308901020304050607080900", "3084ffffffff"})
    CHECK_FALSE(size(cut).has_value());
}

TEST_CASE("what is no CMS is refused") {
  CHECK_FALSE(cms::parse({}).has_value());
  CHECK_FALSE(cms::parse(bytes_of("not a signature")).has_value());
  CHECK(cms::encode_signed_attributes(attributes_for(TestAuthority().issue("x"), hsm::SignatureScheme::ecdsa_sha384))
            .has_value());
}

TEST_CASE("openssl cms and certtool accept the signature") {
  TestAuthority authority;
  const TemporaryDirectory folder;
  REQUIRE(write_file(folder / "content", content).has_value());
  REQUIRE(write_file(folder / "ca.pem", authority.root().pem()).has_value());
  for (const hsm::KeyAlgorithm algorithm :
       {hsm::KeyAlgorithm::rsa, hsm::KeyAlgorithm::ec_p256, hsm::KeyAlgorithm::ec_p384}) {
    const auto signer = authority.issue("Lê Văn Mẫu", {algorithm, 2048});
    REQUIRE(write_file(folder / "signature.p7s", sign(signer, authority, hsm::default_scheme(algorithm))).has_value());
    const std::string at = folder.path().string();
    const std::string openssl = "openssl cms -verify -binary -cades -attime 1672200000 -inform DER -in " + at +
                                "/signature.p7s -content " + at + "/content -CAfile " + at +
                                "/ca.pem -purpose any -out /dev/null 2>" + at + "/log";
    CHECK(std::system(openssl.c_str()) == 0);
    const std::string certtool = "certtool --p7-verify --inder --load-ca-certificate " + at + "/ca.pem --load-data " +
                                 at + "/content --infile " + at + "/signature.p7s >/dev/null 2>&1";
    CHECK(std::system(certtool.c_str()) == 0);
  }
}
