// Keys that agree on secrets: in a token and in memory, both sides come to the same one.
#include "base/encoding.h"
#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::hsm;

TEST_CASE("a token's key and a key in memory agree on one secret, and the token's key signs nothing") {
  TemporaryDirectory home;
  const auto module = pkcs11::Module::load(pkcs11::make_softhsm2_home(home / "t").value()).value();
  REQUIRE(module->initialise("t", Secret(std::string("so-pin-1")), Secret(std::string("user-pin-1"))).has_value());
  KnownPin pin(Secret(std::string("user-pin-1")));
  const auto token = module->open("pkcs11:token=t", pin).value();
  const auto ours = token->generate_agreement_key({Bytes{7}, "t-encryption"}).value();
  const auto theirs = software::generate_agreement().value();
  const auto here = ours->agree(p256_point(theirs->public_key_info()).value()).value();
  const auto there = theirs->agree(p256_point(ours->public_key_info()).value()).value();
  CHECK(here.reveal().size() == 32);
  CHECK(here.reveal() == there.reveal());

  const auto again = token->find_agreement_key({{}, "t-encryption"}).value();
  CHECK(again->agree(p256_point(theirs->public_key_info()).value()).value().reveal() == there.reveal());
  CHECK(token->generate_agreement_key({Bytes{7}, "t-encryption"}).error().code == ErrorCode::already_exists);
  const auto as_signer = token->find_key({{}, "t-encryption"}).value();
  CHECK_FALSE(as_signer->sign(SignatureScheme::ecdsa_sha256, bytes_of("x")).has_value());

  REQUIRE(token->generate_key({Bytes{8}, "signer"}, {}).has_value());
  const auto signer = token->find_agreement_key({{}, "signer"}).value();
  CHECK_FALSE(signer->agree(p256_point(theirs->public_key_info()).value()).has_value());
}

TEST_CASE("a point that is not on P-256 is refused before a key sees it") {
  const auto key = software::generate_agreement().value();
  Bytes point = p256_point(key->public_key_info()).value();
  point[64] ^= 1;
  CHECK(key->agree(point).error().code == ErrorCode::invalid_argument);
  CHECK(key->agree(Bytes(65, 0)).error().code == ErrorCode::invalid_argument);
  CHECK(key->agree({}).error().code == ErrorCode::invalid_argument);
  const auto other = software::generate({.algorithm = KeyAlgorithm::ec_p384}).value();
  CHECK(p256_point(other->public_key_info()).error().code == ErrorCode::invalid_argument);
}
