// Module: one loaded PKCS#11 library, initialised for several threads. Tokens are chosen by label and serial.
//
// Several modules may be open in one process only when they are different libraries; two homes of SoftHSM2 are opened
// one after the other. Destroying it closes sessions, logs out and finalises; tokens and keys that came from it fail
// `unavailable` afterwards. Source: PKCS#11 2.40 and 3.0, RFC 7512.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

struct ModuleConfig {
  Path library;                                    // for SoftHSM2: find_softhsm2()
  std::map<std::string, std::string> environment;  // set before C_Initialize: SOFTHSM2_CONF
  Path softhsm2;                                   // the folder that SoftHSM2 has to itself; empty: another module
  unsigned max_sessions = 16;                      // bounded further by the token's own limit
  // For C_Initialize, beside its arguments: NSS softokn's `configdir='sql:…'`. Empty: none, as other modules want it.
  std::string arguments;
  // Called before a token asks for its PIN itself (CKF_PROTECTED_AUTHENTICATION_PATH), to tell whoever is there; by any
  // thread that uses the token. Empty: nobody is told.
  std::function<void(const TokenInfo&)> pin_at_token;
};

// Where Debian puts libsofthsm2.so, or SOFTHSM2_MODULE from the environment; not_found with the package's name.
Result<Path> find_softhsm2();
// Writes softhsm2.conf and the token folder (mode 0700) inside `directory`; returns the configuration to load it.
Result<ModuleConfig> make_softhsm2_home(const Path& directory);
// The configuration of a folder made before; not_found when there is none.
Result<ModuleConfig> softhsm2_home(const Path& directory);

// SoftHSM2 truncates and rewrites a token's file at every login, and whoever reads it then sees half of it and takes
// the token for gone. All that reads or writes such a file does so in its turn (`directory`/login.lock): loading,
// looking at slots, a new session, login, making a token.

// SoftHSM2 makes a token in many small writes. Between `begin` and `end` the names of the tokens that were there before
// are kept in `directory`/making, so that what a process left half-made when it was stopped is known and removed: it
// had no user's PIN that anybody could have used, hence no key. For Module, in its turn.
Status begin_softhsm2_token(const Path& directory);
Status end_softhsm2_token(const Path& directory);
// Removes what a stopped process left half-made; nothing when none did. Before the module is loaded.
Status discard_half_made_softhsm2_token(const Path& directory);
// A process that is killed while it rewrites a token's file takes the token with it. This keeps a copy of each such
// file in `directory`/kept, and puts it back where the file is shorter than its copy. In one's turn.
Status keep_softhsm2_tokens(const Path& directory);

struct Library;

class Module {
 public:
  static Result<std::unique_ptr<Module>> load(const ModuleConfig& config);
  virtual ~Module() = default;

  virtual Result<std::vector<TokenInfo>> tokens() const = 0;
  // Logs in and returns the token. `uri` is RFC 7512 (`pkcs11:token=LABEL;serial=…`, a `pin-*` attribute is refused).
  // not_found (with the labels that are there), unauthenticated (wrong PIN; with one try left the PIN is not tried at
  // all). A token that asks for its PIN itself is let do so, and `pins` is not asked.
  virtual Result<std::shared_ptr<Token>> open(const std::string& uri, PinSource& pins) = 0;
  // The token that initialise() would take: so that nobody is asked for PINs that it asks for itself.
  virtual Result<TokenInfo> to_initialise(const std::string& label) const = 0;
  // Initialises a free slot and sets the user's PIN; a token of that label that has no user's PIN yet gets it.
  // already_exists when the label is taken. A token that asks for PINs itself is given neither: they are set there. Of
  // SoftHSM2, stopped in the middle, nothing is found by the next to load.
  virtual Status initialise(const std::string& label, const Secret& so_pin, const Secret& user_pin) = 0;
  // For Tray.
  virtual std::shared_ptr<Library> library() const = 0;
};

}  // namespace antin::hsm::pkcs11
