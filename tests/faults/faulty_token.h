// FaultyToken: SoftHSM2's token `t` behind the module that plays faults, and another one, `u`, beside it.
#pragma once

#include <cstdlib>

#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

namespace antin::hsm {

inline Secret pin_text(const std::string& text) { return Secret(std::string(text)); }

// Counts how often a PIN was asked for.
class CountingPin final : public PinSource {
 public:
  Result<Secret> pin(const TokenInfo& token) override {
    ++asked;
    return pin_text(token.label == "u" ? of_u : "user-pin-1");
  }
  int asked = 0;
  std::string of_u = "user-pin-1";
};

struct FaultyToken {
  TemporaryDirectory home;
  std::unique_ptr<pkcs11::Module> module;
  CountingPin pins;

  explicit FaultyToken(const std::string& pin_of_u = "user-pin-1") {
    play("");
    REQUIRE(::setenv("ANTIN_FAULT_TOKEN", "t", 1) == 0);
    pkcs11::ModuleConfig config = pkcs11::make_softhsm2_home(home / "t").value();
    config.environment["ANTIN_FAULT_WRAPS"] = config.library.string();
    config.library = ANTIN_FAULT_MODULE;
    module = pkcs11::Module::load(config).value();
    pins.of_u = pin_of_u;
    REQUIRE(module->initialise("t", pin_text("so-pin-1"), pin_text("user-pin-1")).has_value());
    REQUIRE(module->initialise("u", pin_text("so-pin-1"), pin_text(pin_of_u)).has_value());
  }
  ~FaultyToken() { play(""); }
  static void play(const std::string& fault) { REQUIRE(::setenv("ANTIN_FAULT", fault.c_str(), 1) == 0); }
  std::shared_ptr<Token> open(const std::string& label = "t") {
    return module->open("pkcs11:token=" + label, pins).value();
  }
  std::shared_ptr<const SigningKey> key(const std::string& label = "t") {
    return open(label)->generate_key({Bytes{1}, "k"}, {}).value();
  }
};

inline Result<Bytes> try_to_sign(const SigningKey& key) {
  return key.sign(SignatureScheme::ecdsa_sha256, bytes_of("m"));
}

inline bool signs(const SigningKey& key) {
  const auto signature = try_to_sign(key);
  return signature &&
         verify_signature(key.public_key_info(), SignatureScheme::ecdsa_sha256, bytes_of("m"), *signature).value();
}

}  // namespace antin::hsm
