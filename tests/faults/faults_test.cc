// Tokens that fail: what SoftHSM2 never does, played by a module of our own around it.
#include "tests/faults/faulty_token.h"

using namespace antin;
using namespace antin::hsm;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("played through, the faulty module is the module it wraps") {
  FaultyToken f;
  CHECK(signs(*f.key()));
}

TEST_CASE("the last PIN try is never burnt: the PIN is not even asked for") {
  FaultyToken f;
  FaultyToken::play("final-try");
  const auto refused = f.module->open("pkcs11:token=t", f.pins);
  CHECK(refused.error().code == ErrorCode::unauthenticated);
  CHECK_THAT(refused.error().message, ContainsSubstring("one PIN try is left"));
  CHECK(f.pins.asked == 0);
}

TEST_CASE("a locked PIN is named, before and at login") {
  FaultyToken f;
  FaultyToken::play("locked");
  CHECK_THAT(f.module->open("pkcs11:token=t", f.pins).error().message, ContainsSubstring("CKR_PIN_LOCKED"));
  CHECK(f.pins.asked == 0);
  FaultyToken::play("login-locked");
  const auto refused = f.module->open("pkcs11:token=t", f.pins);
  CHECK(refused.error().code == ErrorCode::unauthenticated);
  CHECK_THAT(refused.error().message, ContainsSubstring("CKR_PIN_LOCKED"));
  CHECK(f.pins.asked == 1);
}

TEST_CASE("a lost session and one device error heal by themselves") {
  FaultyToken f;
  const auto key = f.key();
  for (const char* fault : {"session-lost", "device-error"}) {
    FaultyToken::play(fault);
    CHECK(signs(*key));
    CHECK(signs(*key));
  }
  CHECK(f.pins.asked == 1);
}

TEST_CASE("a token pulled out in the middle fails clearly, and works again when it is back") {
  FaultyToken f;
  const auto key = f.key();
  FaultyToken::play("removed");
  const auto gone = key->sign(SignatureScheme::ecdsa_sha256, bytes_of("m"));
  CHECK(gone.error().code == ErrorCode::unavailable);
  CHECK_THAT(gone.error().message, ContainsSubstring("CKR_DEVICE_REMOVED"));
  CHECK(f.module->open("pkcs11:token=t", f.pins).error().code == ErrorCode::unavailable);
  FaultyToken::play("");
  CHECK(signs(*key));
}

TEST_CASE("a broken device is given up after one retry, and a slow one is waited for") {
  FaultyToken f;
  const auto key = f.key();
  FaultyToken::play("device-broken");
  CHECK_THAT(key->sign(SignatureScheme::ecdsa_sha256, bytes_of("m")).error().message,
             ContainsSubstring("CKR_DEVICE_ERROR"));
  FaultyToken::play("slow");
  CHECK(signs(*key));
}
