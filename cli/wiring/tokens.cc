#include "cli/wiring/tokens.h"

#include "cli/wiring/turn.h"
#include "hsm/pin_source.h"
#include "hsm/pkcs11/uri.h"

namespace antin::wiring {
namespace {

// SoftHSM2 writes a token's file at every login, and another process that reads it then sees half of it: loading and
// login take turns.
Result<Turn> take_turn(const Path& softhsm2) {
  return softhsm2.empty() ? Result<Turn>(Turn()) : Turn::take(softhsm2 / "login.lock");
}

Result<Tokens> open_tokens(const Home& home, const TokenHome& tokens) {
  ANTIN_TRY(hsm::pkcs11::ModuleConfig how, module_config(home, tokens));
  const Path softhsm2 = tokens.softhsm2.empty() ? Path() : home.root / tokens.softhsm2;
  ANTIN_TRY(Turn turn, take_turn(softhsm2));
  if (!softhsm2.empty()) ANTIN_CHECK(hsm::pkcs11::discard_half_made_softhsm2_token(softhsm2));
  if (!softhsm2.empty()) ANTIN_CHECK(hsm::pkcs11::keep_softhsm2_tokens(softhsm2));
  ANTIN_TRY(std::unique_ptr<hsm::pkcs11::Module> module, hsm::pkcs11::Module::load(how));
  return Tokens(std::move(module), pin_sources(home, tokens), softhsm2);
}

// What cannot be found where tokens are looked for is a token that is not there: exit code 5, not a wrong name.
template <class T>
Result<T> needed(Result<T> result) {
  if (!result && result.error().code == ErrorCode::not_found) result.error().code = ErrorCode::unavailable;
  return result;
}

}  // namespace

Tokens::Tokens(std::unique_ptr<hsm::pkcs11::Module> module, std::unique_ptr<hsm::PinSource> pins, Path softhsm2)
    : pins_(std::move(pins)), module_(std::move(module)), softhsm2_(std::move(softhsm2)) {}
Tokens::Tokens(Tokens&&) noexcept = default;
Tokens& Tokens::operator=(Tokens&&) noexcept = default;
Tokens::~Tokens() {
  open_.clear();  // before the module that they came from
}

Result<std::shared_ptr<hsm::Token>> Tokens::token(const std::string& label) {
  if (auto found = open_.find(label); found != open_.end()) return found->second;
  ANTIN_TRY(Turn turn, take_turn(softhsm2_));
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, needed(module_->open("pkcs11:token=" + label, *pins_)));
  open_.emplace(label, token);
  return token;
}

Status Tokens::initialise(const std::string& label, const Secret& so_pin, const Secret& user_pin) {
  ANTIN_TRY(Turn turn, take_turn(softhsm2_));
  if (softhsm2_.empty()) return module_->initialise(label, so_pin, user_pin);
  ANTIN_CHECK(hsm::pkcs11::begin_softhsm2_token(softhsm2_));
  const Status made = module_->initialise(label, so_pin, user_pin);
  ANTIN_CHECK(hsm::pkcs11::end_softhsm2_token(softhsm2_));
  return made;
}

Result<std::shared_ptr<const hsm::SigningKey>> Tokens::key(const std::string& uri) {
  ANTIN_TRY(hsm::pkcs11::Uri wanted, hsm::pkcs11::parse_uri(uri));
  ANTIN_TRY(std::shared_ptr<hsm::Token> found, token(wanted.token));
  return in("token " + wanted.token, needed(found->find_key(wanted.key)));
}

Result<Tokens> open_ca(const Home& home, const Config& config) {
  return in("tokens of the CA", open_tokens(home, config.ca));
}
Result<Tokens> open_officers(const Home& home, const Config& config) {
  return in("tokens of the officers", open_tokens(home, config.officers));
}
Result<Tokens> open_service(const Home& home, const Config& config) {
  return in("tokens of the service", open_tokens(home, config.service));
}

Result<std::shared_ptr<const hsm::SigningKey>> find_personal_key(Tokens& service, const Config& config,
                                                                 ByteView public_key_info) {
  for (const auto& [label, source] : config.service.pins) {
    if (label == "seals") continue;
    ANTIN_TRY(std::shared_ptr<hsm::Token> token, service.token(label));
    ANTIN_TRY(std::vector<hsm::KeyInfo> keys, token->keys());
    for (const hsm::KeyInfo& info : keys) {
      if (!info.has_private) continue;
      ANTIN_TRY(std::shared_ptr<const hsm::SigningKey> key, token->find_key(info.ref));
      if (equal(key->public_key_info(), public_key_info)) return key;
    }
  }
  return fail(ErrorCode::failed_precondition, "its key is with the subscriber, not on a token of the service");
}

Result<hsm::pkcs11::ModuleConfig> module_config(const Home& home, const TokenHome& tokens) {
  if (tokens.module.empty()) {
    ANTIN_TRY(hsm::pkcs11::ModuleConfig config, needed(hsm::pkcs11::softhsm2_home(home.root / tokens.softhsm2)));
    config.max_sessions = tokens.max_sessions;
    return config;
  }
  hsm::pkcs11::ModuleConfig config;
  config.library = tokens.module;
  config.max_sessions = tokens.max_sessions;
  return config;
}

std::unique_ptr<hsm::PinSource> pin_sources(const Home& home, const TokenHome& tokens) {
  return hsm::pin_sources(tokens.pins, home.root);
}

}  // namespace antin::wiring
