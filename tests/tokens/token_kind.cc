#include "tests/tokens/token_kind.h"

#include <cstdlib>

#include "tests/catch.h"
#include "tests/raw_session.h"

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
  const tests::RawSession raw(config_.library, [&](const CK_TOKEN_INFO& info) {
    return std::string(reinterpret_cast<const char*>(info.label), sizeof info.label).starts_with(label_ + " ");
  });
  std::vector<PrivateKeyUse> uses;
  for (const CK_OBJECT_HANDLE key : raw.objects(CKO_PRIVATE_KEY))
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
