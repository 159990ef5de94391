#include "cli/wiring/tokens.h"

#include <algorithm>
#include <optional>

#include "hsm/pin_source.h"
#include "hsm/software/software_token.h"
#include "hsm/terminal.h"

namespace antin::wiring {
namespace {

using hsm::pkcs11::Uri;

Result<Tokens> open_tokens(const Home& home, const TokenHome& tokens, std::shared_ptr<RefusedPins> refused = nullptr) {
  ANTIN_TRY(hsm::pkcs11::ModuleConfig how, module_config(home, tokens));
  ANTIN_TRY(std::unique_ptr<hsm::pkcs11::Module> module, hsm::pkcs11::Module::load(how));
  return Tokens(std::move(module), home, tokens, std::move(refused));
}

// What cannot be found where tokens are looked for is a token that is not there: exit code 5, not a wrong name.
template <class T>
Result<T> needed(Result<T> result) {
  if (!result && result.error().code == ErrorCode::not_found) result.error().code = ErrorCode::unavailable;
  return result;
}

// The URI by which the configuration names a token that was asked for with less.
Uri as_configured(const TokenHome& how, Uri wanted) {
  for (const auto& [name, source] : how.pins) {
    const Result<Uri> configured = hsm::pkcs11::parse_token_name(name);
    if (configured && hsm::pkcs11::is_uri(name) && configured->token == wanted.token &&
        hsm::pkcs11::agree(*configured, wanted))
      return *configured;
  }
  return wanted;
}

std::unexpected<Error> restored_elsewhere(const Uri& wanted, const hsm::TokenInfo& there) {
  return fail(ErrorCode::unavailable, "token " + wanted.token + " with serial " + wanted.serial +
                                          " is not there, but one of that label with serial " + there.serial +
                                          ": if its keys were restored onto that one, write \"" + wanted.serial +
                                          "\" = \"" + there.serial + "\" under `restored` of its tokens in antin.toml");
}

// By URI before label: the more exact name counts.
class Sources final : public hsm::PinSource {
 public:
  Sources(const TokenHome& tokens, Path folder) : folder_(std::move(folder)) {
    for (const bool exact : {true, false})
      for (const auto& [name, source] : tokens.pins)
        if (Result<Uri> token = hsm::pkcs11::parse_token_name(name); token && hsm::pkcs11::is_uri(name) == exact)
          sources_.emplace_back(*std::move(token), source);
    for (const auto& [name, source] : tokens.made_pins)
      if (Result<Uri> token = hsm::pkcs11::parse_token_name(name)) sources_.emplace_back(*std::move(token), source);
  }
  Result<Secret> pin(const hsm::TokenInfo& token) override {
    for (const auto& [name, source] : sources_)
      if (hsm::pkcs11::fits(name, token)) return hsm::read_pin(source, folder_, token.label);
    return hsm::read_pin("prompt", folder_, token.label);
  }

 private:
  std::vector<std::pair<Uri, std::string>> sources_;
  Path folder_;
};

std::string with_home(std::string text, const Home& home) {
  constexpr std::string_view mark = "{home}";
  const std::string path = std::filesystem::absolute(home.root).string();
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += path.size())
    text.replace(at, mark.size(), path);
  return text;
}

// In both languages: which one is spoken is known above alone.
void tell_whoever_is_there(const hsm::TokenInfo& token) {
  hsm::tell_terminal("PIN (" + token.label + "): nhập PIN trên token / enter the PIN at the token\n");
}

// Gives no PIN that the token refused before, and remembers the one that it gave.
class Unrefused final : public hsm::PinSource {
 public:
  Unrefused(hsm::PinSource& inner, RefusedPins* refused) : inner_(inner), refused_(refused) {}
  Result<Secret> pin(const hsm::TokenInfo& token) override {
    ANTIN_TRY(Secret pin, inner_.pin(token));
    if (refused_ == nullptr) return pin;
    if (refused_->contains(token, pin))
      return fail(ErrorCode::unauthenticated, "token " + token.label +
                                                  ": this PIN was refused before and is not tried again: put the "
                                                  "right one where the configuration says");
    given_.emplace(token, pin.clone());
    return pin;
  }
  // The token said no to what was given.
  void refused() {
    if (refused_ != nullptr && given_) refused_->add(given_->first, std::move(given_->second));
  }

 private:
  hsm::PinSource& inner_;
  RefusedPins* refused_;
  std::optional<std::pair<hsm::TokenInfo, Secret>> given_;
};

}  // namespace

bool RefusedPins::contains(const hsm::TokenInfo& token, const Secret& pin) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(token.serial);
  return found != last_.end() && found->second.reveal() == pin.reveal();
}

void RefusedPins::add(const hsm::TokenInfo& token, Secret pin) {
  const std::lock_guard lock(mutex_);
  last_.insert_or_assign(token.serial, std::move(pin));
}

Tokens::Tokens(std::unique_ptr<hsm::pkcs11::Module> module, const Home& home, TokenHome how,
               std::shared_ptr<RefusedPins> refused)
    : how_(std::move(how)),
      software_(how_.software.empty() ? Path() : home.root / how_.software),
      pins_(pin_sources(home, how_)),
      module_(std::move(module)),
      refused_(std::move(refused)) {}
Tokens::Tokens(Tokens&&) noexcept = default;
Tokens& Tokens::operator=(Tokens&&) noexcept = default;
Tokens::~Tokens() {
  open_.clear();  // before the module that they came from
}

Result<std::shared_ptr<hsm::Token>> Tokens::token(const std::string& label_or_uri) {
  ANTIN_TRY(Uri wanted, hsm::pkcs11::parse_token_name(label_or_uri));
  if (wanted.serial.empty()) wanted = as_configured(how_, std::move(wanted));
  for (const std::shared_ptr<hsm::Token>& token : open_)
    if (hsm::pkcs11::fits(wanted, token->info())) return token;
  Unrefused pins(*pins_, refused_.get());
  auto token = needed(open(wanted, pins));
  if (!token && token.error().code == ErrorCode::unauthenticated) pins.refused();
  if (token) open_.push_back(*token);
  return token;
}

// One in software is asked for by its serial, or by a label that no token of the library has.
Result<std::shared_ptr<hsm::Token>> Tokens::open(const Uri& wanted, hsm::PinSource& pins) {
  const auto same = [&](const hsm::TokenInfo& info) { return hsm::pkcs11::fits(wanted, info); };
  const std::vector<hsm::TokenInfo> here =
      software_.empty() ? std::vector<hsm::TokenInfo>() : hsm::software::tokens_in(software_);
  const auto found = std::ranges::find_if(here, same);
  if (found == here.end()) return module_->open(hsm::pkcs11::to_text(wanted), pins);
  ANTIN_TRY(const std::vector<hsm::TokenInfo> there, module_->tokens());
  if (std::ranges::any_of(there, same))
    return fail(ErrorCode::failed_precondition,
                "token " + found->label + ": there is one in software and another of that label: name it by its URI");
  return hsm::software::open_token(software_, found->label, pins);
}

Result<std::vector<hsm::TokenInfo>> Tokens::list() const {
  ANTIN_TRY(std::vector<hsm::TokenInfo> infos, module_->tokens());
  if (software_.empty()) return infos;
  const std::vector<hsm::TokenInfo> more = hsm::software::tokens_in(software_);
  infos.insert(infos.end(), more.begin(), more.end());
  return infos;
}

Status Tokens::initialise(const std::string& label, const Secret& so_pin, const Secret& user_pin) {
  return module_->initialise(label, so_pin, user_pin);
}

Result<std::shared_ptr<const hsm::SigningKey>> Tokens::key(const std::string& uri) {
  ANTIN_TRY(Uri wanted, hsm::pkcs11::parse_uri(uri));
  if (const auto moved = how_.restored.find(wanted.serial); moved != how_.restored.end()) wanted.serial = moved->second;
  Result<std::shared_ptr<hsm::Token>> found = token(hsm::pkcs11::to_text(wanted));
  if (!found && found.error().code == ErrorCode::unavailable && !wanted.serial.empty()) {
    ANTIN_TRY(const std::vector<hsm::TokenInfo> there, list());
    for (const hsm::TokenInfo& info : there)
      if (info.label == wanted.token && info.serial != wanted.serial) return restored_elsewhere(wanted, info);
  }
  if (!found) return fail(std::move(found).error());
  return in("token " + wanted.token, needed((*found)->find_key(wanted.key)));
}

Result<Tokens> open_ca(const Home& home, const Config& config) {
  return in("tokens of the CA", open_tokens(home, config.ca));
}
Result<Tokens> open_officers(const Home& home, const Config& config) {
  return in("tokens of the officers", open_tokens(home, config.officers));
}
Result<Tokens> open_service(const Home& home, const Config& config, std::shared_ptr<RefusedPins> refused) {
  return in("tokens of the service", open_tokens(home, config.service, std::move(refused)));
}

Result<std::shared_ptr<const hsm::SigningKey>> find_personal_key(Tokens& service, const Config& config,
                                                                 ByteView public_key_info) {
  for (const auto& [name, source] : config.service.pins) {
    ANTIN_TRY(std::shared_ptr<hsm::Token> token, service.token(name));
    if (token->info().label == "seals") continue;
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
    config.pin_at_token = tell_whoever_is_there;
    return config;
  }
  hsm::pkcs11::ModuleConfig config;
  config.library = tokens.module;
  config.arguments = with_home(tokens.module_arguments, home);
  for (const auto& [name, value] : tokens.module_environment) config.environment[name] = with_home(value, home);
  config.max_sessions = tokens.max_sessions;
  config.pin_at_token = tell_whoever_is_there;
  return config;
}

std::unique_ptr<hsm::PinSource> pin_sources(const Home& home, const TokenHome& tokens) {
  return std::make_unique<Sources>(tokens, home.root);
}

}  // namespace antin::wiring
