// Tokens: one PKCS#11 library of a home, opened with the configuration's PIN sources, and in a home of tests the tokens
// in software that its configuration has beside it.
//
//   ANTIN_TRY(Tokens service, open_service(home, config));
//   ANTIN_TRY(std::shared_ptr<hsm::Token> seals, service.token("seals"));
//   ANTIN_TRY(auto key, seals->find_key({.id = …}));
//
// SoftHSM2 reads its configuration once a process: at most one of ca, officers and service is open at a time, and it
// must be destroyed before the next one is opened. Errors: unavailable when library, folder or token is not there,
// unauthenticated when the PIN is missing or wrong, permission_denied for a PIN file in production or one that others
// can read.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/wiring/config.h"
#include "hsm/pkcs11/module.h"
#include "hsm/pkcs11/uri.h"

namespace antin::wiring {

// PINs that tokens refused, for a process that opens its tokens more than once: none is given a second time to the same
// token. In memory that wipes itself. Safe for all threads.
class RefusedPins {
 public:
  bool contains(const hsm::TokenInfo& token, const Secret& pin) const;
  void add(const hsm::TokenInfo& token, Secret pin);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Secret> last_;  // by serial
};

class Tokens {
 public:
  Tokens(std::unique_ptr<hsm::pkcs11::Module> module, const Home& home, TokenHome how,
         std::shared_ptr<RefusedPins> refused = nullptr);
  Tokens(Tokens&&) noexcept;
  Tokens& operator=(Tokens&&) noexcept;
  ~Tokens();

  // Logs in at the first call for a token; the same object afterwards. Of a label that the configuration gives a URI,
  // the token of that URI.
  Result<std::shared_ptr<hsm::Token>> token(const std::string& label_or_uri);
  // The key that an RFC 7512 URI names by token, serial, id and object; a `pin-*` attribute is refused. unavailable,
  // with what to do, when a token of that label with another serial is there.
  Result<std::shared_ptr<const hsm::SigningKey>> key(const std::string& uri);
  // See Module::to_initialise and initialise.
  Result<hsm::TokenInfo> to_initialise(const std::string& label) const { return module_->to_initialise(label); }
  Status initialise(const std::string& label, const Secret& so_pin, const Secret& user_pin);
  // What is there, logged in to or not; tokens in software last.
  Result<std::vector<hsm::TokenInfo>> list() const;

 private:
  Result<std::shared_ptr<hsm::Token>> open(const hsm::pkcs11::Uri& wanted, hsm::PinSource& pins);
  TokenHome how_;
  Path software_;  // folder of tokens in software; empty: none
  std::unique_ptr<hsm::PinSource> pins_;
  std::unique_ptr<hsm::pkcs11::Module> module_;
  std::vector<std::shared_ptr<hsm::Token>> open_;
  std::shared_ptr<RefusedPins> refused_;  // none: nothing is remembered
};

Result<Tokens> open_ca(const Home& home, const Config& config);
Result<Tokens> open_officers(const Home& home, const Config& config);
// `refused`: see RefusedPins; none for a process that opens them once.
Result<Tokens> open_service(const Home& home, const Config& config, std::shared_ptr<RefusedPins> refused = nullptr);
// The key with this public key on one of the service's tokens other than `seals`: a leader's, whose certificate came
// from a request and so names no key. failed_precondition when it is on none of them.
Result<std::shared_ptr<const hsm::SigningKey>> find_personal_key(Tokens& service, const Config& config,
                                                                 ByteView public_key_info);
// How a library is loaded for one token home, without opening it.
Result<hsm::pkcs11::ModuleConfig> module_config(const Home& home, const TokenHome& tokens);

// The PIN sources of one token home (hsm/pin_source.h), by URI before label; a token without one is prompted for.
// `file:` paths are relative to the home. A production configuration with such a path was refused when it was read.
std::unique_ptr<hsm::PinSource> pin_sources(const Home& home, const TokenHome& tokens);

}  // namespace antin::wiring
