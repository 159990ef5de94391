#include "tests/tokens/token_kind.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <cstdlib>

#include "tests/catch.h"

namespace antin::hsm {
namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  REQUIRE(value != nullptr);
  return value;
}

std::string uri_of(const std::string& label) {
  std::string out = "pkcs11:token=";
  for (const char c : label) out += c == ' ' ? "%20" : std::string(1, c);
  return out;
}

// A session with the token beside those of our code.
struct Raw {
  CK_FUNCTION_LIST* call = nullptr;
  CK_SESSION_HANDLE session = 0;
  Raw(const Path& library, const std::string& label) {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_NOLOAD);
    REQUIRE(handle != nullptr);
    REQUIRE(reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"))(&call) == CKR_OK);
    CK_SLOT_ID slots[8];
    CK_ULONG count = 8;
    REQUIRE(call->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK);
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_TOKEN_INFO info{};
      REQUIRE(call->C_GetTokenInfo(slots[i], &info) == CKR_OK);
      if (std::string(reinterpret_cast<const char*>(info.label), sizeof info.label).starts_with(label + " "))
        REQUIRE(call->C_OpenSession(slots[i], CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_OK);
    }
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() { call->C_CloseSession(session); }
  std::vector<CK_OBJECT_HANDLE> private_keys() const {
    CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
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

FreshToken::FreshToken() {
  const std::string kind = from_environment("ANTIN_TOKEN_KIND");
  if (kind == "softhsm2" || kind == "usb") config_ = pkcs11::make_softhsm2_home(home_ / "t").value();
  config_.library = from_environment("ANTIN_TOKEN_MODULE");
  if (kind == "nss") {
    std::filesystem::create_directory(home_ / "nss");
    config_.arguments = "configdir='sql:" + (home_ / "nss").string() +
                        "' certPrefix='' keyPrefix='' secmod='' flags=noModDB dbTokenDescription='t'";
  }
  if (kind == "tpm2") {
    std::filesystem::create_directory(home_ / "tpm2");
    config_.environment["TPM2_PKCS11_STORE"] = (home_ / "tpm2").string();
  }
  module_ = pkcs11::Module::load(config_).value();
  // NSS softokn lets a security officer in without a PIN, and only to set the user's first.
  const Secret so_pin(kind == "nss" ? std::string() : std::string("so-pin-1"));
  const Status made = module_->initialise(label_, so_pin, Secret(std::string("user-pin-1")));
  INFO((made ? "" : made.error().message));
  REQUIRE(made.has_value());
}

Result<std::shared_ptr<Token>> FreshToken::try_pin(const std::string& pin) const {
  KnownPin known{Secret(std::string(pin))};
  return module_->open(uri_of(label_), known);
}

std::shared_ptr<Token> FreshToken::open() const {
  auto token = try_pin("user-pin-1");
  INFO((token ? "" : token.error().message));
  REQUIRE(token.has_value());
  return *token;
}

std::vector<PrivateKeyUse> FreshToken::private_keys() const {
  const Raw raw(config_.library, label_);
  std::vector<PrivateKeyUse> uses;
  for (const CK_OBJECT_HANDLE key : raw.private_keys())
    uses.push_back({.signs = raw.is(key, CKA_SIGN),
                    .decrypts = raw.is(key, CKA_DECRYPT),
                    .unwraps = raw.is(key, CKA_UNWRAP),
                    .derives = raw.is(key, CKA_DERIVE),
                    .sensitive = raw.is(key, CKA_SENSITIVE),
                    .extractable = raw.is(key, CKA_EXTRACTABLE)});
  return uses;
}

void FreshToken::reload() {
  module_.reset();
  module_ = pkcs11::Module::load(config_).value();
}

}  // namespace antin::hsm
