// FreshToken: an initialised token without keys, of the kind that ANTIN_TOKEN_KIND names: `softhsm2`, `usb` (ours
// around it), `nss`, `tpm2`. on_token.sh sets the kind and its module.
#pragma once

#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "tests/temporary_directory.h"

namespace antin::hsm {

// What the module says of a private key.
struct PrivateKeyUse {
  bool signs = false, decrypts = false, unwraps = false, derives = false, sensitive = false, extractable = false;
};

class FreshToken {
 public:
  FreshToken();
  std::shared_ptr<Token> open() const;
  Result<std::shared_ptr<Token>> try_pin(const std::string& pin) const;
  pkcs11::Module& module() const { return *module_; }
  const std::string& label() const { return label_; }
  // All of the token's, read past our own code. After open().
  std::vector<PrivateKeyUse> private_keys() const;
  // The module is closed and loaded anew.
  void reload();

 private:
  TemporaryDirectory home_;
  pkcs11::ModuleConfig config_;
  std::string label_ = "t";
  std::unique_ptr<pkcs11::Module> module_;
};

}  // namespace antin::hsm
