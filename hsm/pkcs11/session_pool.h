// SessionPool: the sessions of one process on one token: one login, a bounded number of sessions, and generations.
//
// When a session dies with its token, all sessions end, the generation grows, and the next use opens and logs in anew.
// An object handle is good for one generation only. Safe for several threads.
#pragma once

#include <p11-kit/pkcs11.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/secret.h"
#include "hsm/pkcs11/ckr.h"

namespace antin::hsm::pkcs11 {

// The loaded library; finalised and unloaded with its last user.
struct Library {
  void* handle = nullptr;
  CK_FUNCTION_LIST* call = nullptr;
  bool finalised = false;
  ~Library();
};

class SessionPool {
 public:
  // Logs in; the PIN is kept (in memory that wipes itself) for the login after a lost session, never for a second try.
  static Result<std::shared_ptr<SessionPool>> open(std::shared_ptr<Library> library, CK_SLOT_ID slot, Secret pin,
                                                   unsigned max_sessions, std::string name);
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
  // Ends generation `generation` if it is still the present one.
  void renew(std::uint64_t generation);

  CK_FUNCTION_LIST* call() const { return library_->call; }
  const std::string& name() const { return name_; }

  // Runs `act(lease)`, which returns a CK_RV; once more on a new session when that may help.
  template <class Act>
  Status with_session(std::string_view where, Act act) {
    CK_RV value = CKR_OK;
    for (int attempt = 0; attempt < 2; ++attempt) {
      ANTIN_TRY(Lease held, lease());
      value = act(held);
      if (value == CKR_OK) return {};
      if (!heals_with_new_session(value)) break;
      renew(held.generation());
    }
    return fail(ckr_error(value, name_ + ": " + std::string(where)));
  }

 private:
  SessionPool(std::shared_ptr<Library> library, CK_SLOT_ID slot, Secret pin, unsigned max_sessions, std::string name);
  Status log_in(CK_SESSION_HANDLE session);
  Result<CK_SESSION_HANDLE> open_session();
  void give_back(CK_SESSION_HANDLE session, std::uint64_t generation);

  std::shared_ptr<Library> library_;
  CK_SLOT_ID slot_;
  Secret pin_;
  unsigned max_sessions_;
  std::string name_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<CK_SESSION_HANDLE> idle_;
  unsigned open_ = 0;
  bool logged_in_ = false;
  std::uint64_t generation_ = 1;
};

}  // namespace antin::hsm::pkcs11
