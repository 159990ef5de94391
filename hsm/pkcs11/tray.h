// Tray: what is done with tokens before anybody can log in to them, and what only their security officer may do: making
// a subscriber's token, setting its user's PIN anew, erasing it. Tokens are named by label and serial, a blank one by
// its slot, which is looked at again before anything is done.
//
// A token that is open (Module::open) must be let go of first: the officer and the user are never logged in together.
// Of one thread. Source: PKCS#11 2.40, C_InitToken, C_InitPIN, CKU_SO.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hsm/pkcs11/module.h"

namespace antin::hsm::pkcs11 {

// A token that has never been initialised.
struct Blank {
  unsigned long slot = 0;
  std::string serial;  // as the maker wrote it; empty for SoftHSM2
};

class Tray {
 public:
  // `module` outlives the tray.
  explicit Tray(const Module& module);

  // In the order of their slots.
  Result<std::vector<Blank>> blanks() const;
  // The initialised token with that label, and that serial when it is not empty. unavailable when it is not there,
  // failed_precondition when several are.
  Result<TokenInfo> find(const std::string& label, const std::string& serial) const;

  // Initialises the blank token and sets the user's PIN; SoftHSM2, stopped in the middle, forgets it. already_exists
  // when a token has that label, unavailable when the slot holds another token by now.
  Status initialise(const Blank& blank, const std::string& label, const Secret& so_pin, const Secret& user_pin) const;
  // Erases everything on the token, gives it another label and a user's PIN; the officer's PIN stays.
  Status erase(const TokenInfo& token, const std::string& label, const Secret& so_pin, const Secret& user_pin) const;
  // The user's PIN is `user_pin` from now on, whatever it was, and no longer locked. Keys and certificates stay.
  Status set_user_pin(const TokenInfo& token, const Secret& so_pin, const Secret& user_pin) const;

  // With the user logged in (Module::open): gives the one key pair on the token the CKA_ID that belongs to its public
  // key, SHA-1 of the key's bits as RFC 5280 §4.2.1.2 (1), which other programs compute too. Done again, it finishes.
  // failed_precondition unless there is one pair alone.
  Result<KeyRef> name_key(const TokenInfo& token) const;
  // With the user logged in: removes every key object, whole or half, as a process leaves them that was stopped while it
  // made a pair. What was open before must be opened anew.
  Status discard_keys(const TokenInfo& token) const;
  // A CA's certificate beside the subscriber's; replaces one with that id. RW session, no login needed.
  Status write_authority(const TokenInfo& token, const KeyRef& name, ByteView certificate_der) const;

 private:
  std::shared_ptr<Library> library_;
};

}  // namespace antin::hsm::pkcs11
