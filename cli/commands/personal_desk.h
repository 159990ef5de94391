// What the commands that personalise tokens share: the folder HOME/personal, the PINs of security officers while a token
// is worked on, and the officers who open an escrow. docs/decisions/0016-personalisation.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/turn.h"
#include "ca/personal/personal_token.h"
#include "cli/commands/exit_code.h"
#include "cli/commands/home_session.h"
#include "hsm/pkcs11/tray.h"

namespace antin::commands {

// Secrets of tokens on their way, one file a name, mode 0600, gone when the token is handed over.
class KeptPins {
 public:
  explicit KeptPins(Path folder) : folder_(std::move(folder)) {}
  // None when there is no such file.
  Result<std::optional<Secret>> find(const std::string& name) const;
  // On disk when it returns.
  Status keep(const std::string& name, const Secret& pin) const;
  // Nothing when it is not there.
  Status remove(const std::string& name) const;

 private:
  Path file(const std::string& name) const { return folder_ / (name + ".so.pin"); }
  Path folder_;
};

// The officers' PINs out of the escrows of `tokens`, by token id. Needs the officers' module, which is closed again when
// this returns: two SoftHSM2 homes are never open at once. Empty when `officers` is.
Result<std::map<std::string, Secret>> open_escrows(Session& session, const OpenHome& home,
                                                   const std::vector<std::string>& officers,
                                                   const std::vector<store::PersonalToken>& tokens);

// One's place at the tray of subscribers' tokens, which one process at a time has.
class Desk {
 public:
  // Waits until the process that is at it is done.
  static Result<Desk> open(Session& session, OpenHome& home, std::map<std::string, Secret> from_escrow = {});

  hsm::pkcs11::Tray& tray() { return *tray_; }
  const KeptPins& pins() const { return pins_; }
  // A PIN that nobody will know: for the time in which this process works on the token.
  Result<Secret> passing_pin(Session& session) const;
  // The security officer's PIN of that token: kept, or from its escrow. failed_precondition when there is neither.
  Result<Secret> so_pin(const store::PersonalToken& token) const;
  // Logs in.
  Result<std::shared_ptr<hsm::Token>> open_token(const hsm::TokenInfo& info, const Secret& user_pin);

 private:
  Desk(Turn turn, Path folder, std::map<std::string, Secret> from_escrow)
      : turn_(std::move(turn)), pins_(std::move(folder)), from_escrow_(std::move(from_escrow)) {}
  Turn turn_;
  KeptPins pins_;
  std::map<std::string, Secret> from_escrow_;
  std::unique_ptr<hsm::pkcs11::Module> module_;
  std::unique_ptr<hsm::pkcs11::Tray> tray_;
};

// The key signs, and its public half, as the key or its certificate says it, verifies.
Status try_key(Session& session, const hsm::SigningKey& key, ByteView public_key_info);
// The tokens that are not over.
std::vector<store::PersonalToken> open_ones(const std::vector<store::PersonalToken>& tokens);
// The label of a token between two subscribers.
std::string recycled_label(const store::PersonalToken& token);

// What `antin token list --personal` and the other commands say of one token.
Json personal_value(const store::PersonalToken& token);
Result<ExitCode> list_personal(Session& session);
// The line that names a token which was set aside, and why; the reason goes on record too.
Status set_aside(Session& session, OpenHome& home, const store::PersonalToken& token, const Error& why);

}  // namespace antin::commands
