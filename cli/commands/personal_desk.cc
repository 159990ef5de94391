#include "cli/commands/personal_desk.h"

#include <nlohmann/json.hpp>
#include <ostream>
#include <system_error>

#include "ca/backup/escrow.h"
#include "ca/personal/random_pin.h"
#include "cli/commands/backup_steps.h"
#include "cli/wiring/tokens.h"
#include "hsm/key_trial.h"
#include "hsm/pin_source.h"
#include "hsm/pkcs11/uri.h"

namespace antin::commands {
namespace {

using AgreementKeys = std::vector<std::shared_ptr<const hsm::AgreementKey>>;

Result<Secret> unlock(const backup::Header& header, const AgreementKeys& keys) {
  std::vector<Secret> shares;
  for (const auto& key : keys) {
    ANTIN_TRY(Secret share, backup::open_share(header, *key));
    shares.push_back(std::move(share));
  }
  return backup::join(header, shares);
}

// The folder of SoftHSM2 is made when it is first needed: most homes personalise no token.
Result<hsm::pkcs11::ModuleConfig> tray_config(const OpenHome& home, const wiring::Home& at) {
  const wiring::TokenHome& how = home.config.subscribers;
  std::error_code error;
  if (!how.softhsm2.empty() && !std::filesystem::exists(at.root / how.softhsm2 / "softhsm2.conf", error))
    ANTIN_CHECK(hsm::pkcs11::make_softhsm2_home(at.root / how.softhsm2));
  return wiring::module_config(at, how);
}

}  // namespace

Result<std::optional<Secret>> KeptPins::find(const std::string& name) const {
  Result<Bytes> kept = read_file(file(name), 256);
  if (!kept && kept.error().code == ErrorCode::not_found) return std::nullopt;
  if (!kept) return fail(std::move(kept).error());
  std::string text(text_of(*kept));
  wipe(kept->data(), kept->size());
  return Secret(std::move(text));
}

Status KeptPins::keep(const std::string& name, const Secret& pin) const {
  return write_file(file(name), pin.reveal(), 0600);
}

Status KeptPins::remove(const std::string& name) const {
  std::error_code error;
  std::filesystem::remove(file(name), error);
  return error ? Status(fail(ErrorCode::unavailable, file(name).string() + ": " + error.message())) : Status();
}

Result<std::map<std::string, Secret>> open_escrows(Session& session, const OpenHome& home,
                                                   const std::vector<std::string>& officers,
                                                   const std::vector<store::PersonalToken>& tokens) {
  std::map<std::string, Secret> pins;
  if (officers.empty() || tokens.empty()) return pins;
  ANTIN_TRY(wiring::Tokens module, wiring::open_officers(session.home, home.config));
  AgreementKeys keys;
  for (const std::string& officer : officers) {
    ANTIN_TRY(const std::shared_ptr<hsm::Token> token, module.token(officer));
    ANTIN_TRY(auto key, token->find_agreement_key({.id = {}, .label = encryption_key_label(token->info().label)}));
    keys.push_back(std::move(key));
  }
  for (const store::PersonalToken& token : tokens) {
    ANTIN_TRY(Secret pin, in("token " + token.label,
                             backup::open_so_pin(token.escrow, token.label, [&](const backup::Header& header) {
                               return unlock(header, keys);
                             })));
    pins.emplace(token.id, std::move(pin));
  }
  return pins;
}

Result<Desk> Desk::open(Session& session, OpenHome& home, std::map<std::string, Secret> from_escrow) {
  const Path folder = session.home.personal();
  ANTIN_CHECK(make_directories(folder, 0700));
  ANTIN_TRY(Turn turn, Turn::take(folder / "desk.lock"));
  Desk desk(std::move(turn), folder, std::move(from_escrow));
  ANTIN_TRY(const hsm::pkcs11::ModuleConfig config, in("tokens of subscribers", tray_config(home, session.home)));
  ANTIN_TRY(desk.module_, in("tokens of subscribers", hsm::pkcs11::Module::load(config)));
  desk.tray_ = std::make_unique<hsm::pkcs11::Tray>(*desk.module_);
  return desk;
}

Result<Secret> Desk::passing_pin(Session& session) const {
  return personal::random_pin(session.random(), personal::user_pin_digits);
}

Result<Secret> Desk::so_pin(const store::PersonalToken& token) const {
  if (const auto opened = from_escrow_.find(token.id); opened != from_escrow_.end()) return opened->second.clone();
  ANTIN_TRY(std::optional<Secret> kept, pins_.find(token.id));
  if (kept) return std::move(*kept);
  return fail(ErrorCode::failed_precondition,
              "token " + token.label + ": the officers hold the PIN that is needed: name them with --officer");
}

Result<std::shared_ptr<hsm::Token>> Desk::open_token(const hsm::TokenInfo& info, const Secret& user_pin) {
  hsm::KnownPin pin(user_pin.clone());
  return module_->open(hsm::pkcs11::to_text(hsm::pkcs11::identity_of(info)), pin);
}

Status try_key(Session& session, const hsm::SigningKey& key, ByteView public_key_info) {
  return hsm::try_key(key, public_key_info, session.random());
}

std::vector<store::PersonalToken> open_ones(const std::vector<store::PersonalToken>& tokens) {
  std::vector<store::PersonalToken> open;
  for (const store::PersonalToken& token : tokens)
    if (!personal::is_over(personal::state_of(token))) open.push_back(token);
  return open;
}

std::string recycled_label(const store::PersonalToken& token) { return "recycled-" + token.id.substr(6); }

Json personal_value(const store::PersonalToken& token) {
  const store::PersonalToken::Event* certificate = personal::last(token, store::PersonalAct::certificate);
  Json value = {{"id", token.id},
                {"label", token.label},
                {"subscriber", token.subscriber},
                {"state", to_string(personal::state_of(token))},
                {"serial", personal::serial_of(token)},
                {"certificate", certificate == nullptr ? "" : certificate->certificate},
                {"begun_at", to_rfc3339(token.begun_at)}};
  if (const std::string trouble = personal::trouble_of(token); !trouble.empty()) value["set_aside"] = trouble;
  return value;
}

Status set_aside(Session& session, OpenHome& home, const store::PersonalToken& token, const Error& why) {
  session.err() << session.text("personal.set_aside", {token.label, token.subscriber, session.words(why.message)})
                << "\n";
  return personal::record(home.context(session), token.id,
                          {.act = store::PersonalAct::set_aside,
                           .at = {},
                           .serial = personal::serial_of(token),
                           .request = {},
                           .certificate = {},
                           .remark = why.message});
}

}  // namespace antin::commands
