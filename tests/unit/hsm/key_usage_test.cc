// What a key that was made in a token may do, read back from the module itself.
#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "tests/catch.h"
#include "tests/raw_session.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::hsm;

TEST_CASE("a key that is made in a token signs and verifies, and does nothing else") {
  TemporaryDirectory home;
  const pkcs11::ModuleConfig config = pkcs11::make_softhsm2_home(home / "t").value();
  const auto module = pkcs11::Module::load(config).value();
  REQUIRE(module->initialise("t", Secret(std::string("so-pin-1")), Secret(std::string("user-pin-1"))).has_value());
  KnownPin pin(Secret(std::string("user-pin-1")));
  const auto token = module->open("pkcs11:token=t", pin).value();
  REQUIRE(token->generate_key({Bytes{1}, "ec"}, {}).has_value());
  REQUIRE(token->generate_key({Bytes{2}, "rsa"}, {KeyAlgorithm::rsa, 2048}).has_value());

  const tests::RawSession raw(config.library,
                              [](const CK_TOKEN_INFO& info) { return (info.flags & CKF_TOKEN_INITIALIZED) != 0; });
  const auto privates = raw.objects(CKO_PRIVATE_KEY), publics = raw.objects(CKO_PUBLIC_KEY);
  CHECK((privates.size() == 2 && publics.size() == 2));
  for (const CK_OBJECT_HANDLE key : privates) {
    for (const CK_ATTRIBUTE_TYPE may :
         {CKA_SIGN, CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE, CKA_LOCAL})
      CHECK(raw.is(key, may));
    for (const CK_ATTRIBUTE_TYPE may_not : {CKA_EXTRACTABLE, CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE, CKA_SIGN_RECOVER})
      CHECK_FALSE(raw.is(key, may_not));
  }
  for (const CK_OBJECT_HANDLE key : publics) {
    CHECK(raw.is(key, CKA_VERIFY));
    for (const CK_ATTRIBUTE_TYPE may_not : {CKA_ENCRYPT, CKA_WRAP, CKA_DERIVE, CKA_VERIFY_RECOVER})
      CHECK_FALSE(raw.is(key, may_not));
  }
}
