// SessionPool: the sessions of one process on one token: one login, a bounded number of sessions, and generations.
//
// When a session dies with its token, all sessions end, the generation grows, and the next use looks for the token in
// every slot by label and serial, opens and logs in anew. No session is used and no PIN is given before the token in
// the slot was recognised. An object handle is good for one generation only. Safe for several threads.
#pragma once

#include <p11-kit/pkcs11.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/secret.h"
#include "base/turn.h"
#include "hsm/pkcs11/ckr.h"
#include "hsm/pkcs11/uri.h"

namespace antin::hsm::pkcs11 {

// The loaded library; finalised and unloaded with its last user.
struct Library {
  void* handle = nullptr;
  CK_FUNCTION_LIST* call = nullptr;
  bool finalised = false;
  Path softhsm2;  // see ModuleConfig, as the next
  std::function<void(const TokenInfo&)> pin_at_token{};
  // tpm2-pkcs11: what a public key may do follows from the private one and cannot be asked for; and it signs with RSA
  // by decrypting, which no key of ours does.
  bool tpm2 = false;
  ~Library();
  // One's turn at the tokens' files, which are whole then, whoever was killed while writing them; held for no longer
  // than some calls, and never taken while it is held.
  Result<Turn> turn() const;
};

class SessionPool {
 public:
  // Logs in; the PIN is kept (in memory that wipes itself) for the login after a lost session and for keys that ask
  // each time, never for a second try. No PIN is given to a token that asks for it itself. `token` fits one token
  // alone. At most `max_sessions` are open at any time, those of an ended generation that are still in use among them.
  static Result<std::shared_ptr<SessionPool>> open(std::shared_ptr<Library> library, Uri token, Secret pin,
                                                   unsigned max_sessions);
  ~SessionPool();

  class Lease {
   public:
    Lease(Lease&& other) noexcept : pool_(other.pool_), session_(other.session_), generation_(other.generation_) {
      other.pool_ = nullptr;
    }
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    CK_SESSION_HANDLE session() const { return session_; }
    std::uint64_t generation() const { return generation_; }

   private:
    friend class SessionPool;
    Lease(SessionPool* pool, CK_SESSION_HANDLE session, std::uint64_t generation)
        : pool_(pool), session_(session), generation_(generation) {}
    SessionPool* pool_;
    CK_SESSION_HANDLE session_;
    std::uint64_t generation_;
  };
  // Waits for a free session.
  Result<Lease> lease();
  // Gives the PIN once more for the operation that the session has begun, as keys with CKA_ALWAYS_AUTHENTICATE want it.
  // When it fails, the generation must be renewed: the operation is still open.
  Status authenticate(const Lease& lease);
  // Ends generation `generation` if it is still the present one.
  void renew(std::uint64_t generation);

  CK_FUNCTION_LIST* call() const { return library_->call; }
  const Library& library() const { return *library_; }
  const std::string& name() const { return name_; }

  // Runs `act(lease)`, which returns a CK_RV; once more on a new session when that may help.
  template <class Act>
  Status with_session(std::string_view where, Act act) {
    CK_RV value = CKR_OK;
    for (int attempt = 0; attempt < 2; ++attempt) {
      Result<Lease> held = lease();
      if (!held && attempt == 0) return fail(std::move(held).error());
      if (!held) return fail(std::move(held).error().in(at(where) + ": " + ckr_name(value) + ", and then"));
      value = act(*held);
      if (value == CKR_OK) return {};
      if (!heals_with_new_session(value)) break;
      renew(held->generation());
    }
    return fail(ckr_error(value, at(where)));
  }

 private:
  SessionPool(std::shared_ptr<Library> library, Uri token, Secret pin, unsigned max_sessions);
  std::string at(std::string_view where) const { return name_ + ": " + std::string(where); }
  void give_back(CK_SESSION_HANDLE session, std::uint64_t generation);
  // These are called with the mutex held.
  Result<CK_SESSION_HANDLE> open_session();
  Status enter(CK_SESSION_HANDLE session);
  Status log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, const TokenInfo& info);
  void end_generation();

  std::shared_ptr<Library> library_;
  Uri token_;
  CK_SLOT_ID slot_ = 0;  // where the token was when this generation began
  Secret pin_;
  bool refused_ = false;  // the PIN, or the one that was typed at the token
  unsigned max_sessions_;
  std::string name_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<CK_SESSION_HANDLE> idle_;  // of this generation
  unsigned open_ = 0;                    // idle or in use, of any generation
  bool logged_in_ = false;
  std::uint64_t generation_ = 1;
};

}  // namespace antin::hsm::pkcs11
