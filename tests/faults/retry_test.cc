// Every operation of a token is tried once more on a new session, finds what its first attempt did, and stays within
// the token's limit.
#include <atomic>
#include <thread>

#include "base/openssl_ptr.h"
#include "tests/faults/faulty_token.h"

using namespace antin;
using namespace antin::hsm;
using Catch::Matchers::ContainsSubstring;

namespace {

Bytes certificate(long serial) {
  const EvpPkeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr made(X509_new());
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key.get());
  REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  unsigned char* der = nullptr;
  const int size = i2d_X509(made.get(), &der);
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

}  // namespace

TEST_CASE("keys are made, found, listed, given a certificate and destroyed though a session is lost at any call") {
  for (const char* fault :
       {"session-lost@find", "session-lost@attribute", "session-lost@generate", "session-lost@create",
        "session-lost@destroy", "device-error@find", "device-error@attribute", "device-error@generate",
        "device-error@create", "device-error@destroy"}) {
    INFO(fault);
    FaultyToken f;
    const auto token = f.open();
    const auto play_again = [&] {  // "once" begins anew
      FaultyToken::play("");
      CHECK(f.module->tokens().has_value());
      FaultyToken::play(fault);
    };
    play_again();
    const auto key = token->generate_key({Bytes{1}, "k"}, {});
    REQUIRE(key.has_value());
    CHECK(signs(**key));
    play_again();
    CHECK(token->write_certificate({Bytes{1}, ""}, certificate(1)).has_value());
    play_again();
    CHECK(token->write_certificate({Bytes{1}, ""}, certificate(2)).has_value());
    play_again();
    const auto keys = token->keys();
    REQUIRE(keys.has_value());
    CHECK(keys->size() == 1);
    CHECK((keys->at(0).has_private && keys->at(0).has_public && keys->at(0).has_certificate && keys->at(0).sensitive));
    play_again();
    CHECK(token->destroy_key({Bytes{1}, ""}).has_value());
    play_again();
    CHECK(token->keys().value().empty());
    CHECK(token->find_key({Bytes{1}, ""}).error().code == ErrorCode::not_found);
  }
}

TEST_CASE("never more sessions than the token allows, though sessions are lost while others are in use") {
  REQUIRE(::setenv("ANTIN_FAULT_SESSIONS", "3", 1) == 0);
  {
    FaultyToken f;
    const auto key = f.key();
    FaultyToken::play("device-often,slow");
    std::atomic<int> good = 0, given_up = 0, other = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 12; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          const auto signature = try_to_sign(*key);
          const bool twice = !signature && signature.error().message.find("CKR_DEVICE_ERROR") != std::string::npos;
          ++(signature ? good : twice ? given_up : other);
        }
      });
    for (auto& thread : threads) thread.join();
    CHECK(other == 0);
    CHECK(good > given_up);
    FaultyToken::play("");
    CHECK(signs(*key));
  }
  ::unsetenv("ANTIN_FAULT_SESSIONS");
}
