// What a key that was made in a token may do, read back from the module itself.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::hsm;

namespace {

struct Raw {
  CK_FUNCTION_LIST* call = nullptr;
  CK_SESSION_HANDLE session = 0;
  explicit Raw(const Path& library) {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_NOLOAD);
    REQUIRE(handle != nullptr);
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
    REQUIRE(get(&call) == CKR_OK);
    CK_SLOT_ID slots[8];
    CK_ULONG count = 8;
    REQUIRE(call->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK);
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_TOKEN_INFO info{};
      if (call->C_GetTokenInfo(slots[i], &info) == CKR_OK && (info.flags & CKF_TOKEN_INITIALIZED) != 0)
        REQUIRE(call->C_OpenSession(slots[i], CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_OK);
    }
  }
  std::vector<CK_OBJECT_HANDLE> objects(CK_OBJECT_CLASS wanted) const {
    CK_ATTRIBUTE match{CKA_CLASS, &wanted, sizeof wanted};
    CK_OBJECT_HANDLE found[16];
    CK_ULONG count = 0;
    REQUIRE(call->C_FindObjectsInit(session, &match, 1) == CKR_OK);
    REQUIRE(call->C_FindObjects(session, found, 16, &count) == CKR_OK);
    call->C_FindObjectsFinal(session);
    return {found, found + count};
  }
  bool is(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
    CK_BBOOL value = 2;
    CK_ATTRIBUTE want{type, &value, sizeof value};
    REQUIRE(call->C_GetAttributeValue(session, object, &want, 1) == CKR_OK);
    REQUIRE(value < 2);
    return value == CK_TRUE;
  }
};

}  // namespace

TEST_CASE("a key that is made in a token signs and verifies, and does nothing else") {
  TemporaryDirectory home;
  const pkcs11::ModuleConfig config = pkcs11::make_softhsm2_home(home / "t").value();
  const auto module = pkcs11::Module::load(config).value();
  REQUIRE(module->initialise("t", Secret(std::string("so-pin-1")), Secret(std::string("user-pin-1"))).has_value());
  KnownPin pin(Secret(std::string("user-pin-1")));
  const auto token = module->open("pkcs11:token=t", pin).value();
  REQUIRE(token->generate_key({Bytes{1}, "ec"}, {}).has_value());
  REQUIRE(token->generate_key({Bytes{2}, "rsa"}, {KeyAlgorithm::rsa, 2048}).has_value());

  const Raw raw(config.library);
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
