#include "hsm/pkcs11/session_pool.h"

#include <dlfcn.h>

namespace antin::hsm::pkcs11 {

Library::~Library() {
  if (call != nullptr && !finalised) call->C_Finalize(nullptr);
  if (handle != nullptr) ::dlclose(handle);
}

SessionPool::SessionPool(std::shared_ptr<Library> library, CK_SLOT_ID slot, Secret pin, unsigned max_sessions,
                         std::string name)
    : library_(std::move(library)),
      slot_(slot),
      pin_(std::move(pin)),
      max_sessions_(max_sessions),
      name_(std::move(name)) {}

SessionPool::~SessionPool() {
  if (!library_->finalised) call()->C_CloseAllSessions(slot_);
}

SessionPool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->give_back(session_, generation_);
}

Result<std::shared_ptr<SessionPool>> SessionPool::open(std::shared_ptr<Library> library, CK_SLOT_ID slot, Secret pin,
                                                       unsigned max_sessions, std::string name) {
  std::shared_ptr<SessionPool> pool(
      new SessionPool(std::move(library), slot, std::move(pin), max_sessions, std::move(name)));
  ANTIN_TRY(const Lease first, pool->lease());
  return pool;
}

Status SessionPool::log_in(CK_SESSION_HANDLE session) {
  const std::string_view pin = pin_.reveal();
  const CK_RV value =
      call()->C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR_PTR>(const_cast<char*>(pin.data())), pin.size());
  if (value == CKR_OK || value == CKR_USER_ALREADY_LOGGED_IN) return {};
  if (value == CKR_PIN_INCORRECT || value == CKR_PIN_LOCKED) pin_ = Secret();  // never tried again
  return fail(ckr_error(value, name_ + ": login"));
}

Result<CK_SESSION_HANDLE> SessionPool::open_session() {
  CK_SESSION_HANDLE session = 0;
  const CK_RV value = call()->C_OpenSession(slot_, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session);
  if (value != CKR_OK) return fail(ckr_error(value, name_ + ": open session"));
  if (!logged_in_) {
    if (pin_.empty())
      return fail(ErrorCode::unauthenticated, name_ + ": the PIN was refused before and is not tried again");
    if (Status done = log_in(session); !done) {
      call()->C_CloseSession(session);
      return fail(std::move(done).error());
    }
    logged_in_ = true;
  }
  return session;
}

Result<SessionPool::Lease> SessionPool::lease() {
  std::unique_lock lock(mutex_);
  if (library_->finalised) return fail(ErrorCode::unavailable, name_ + ": the PKCS#11 module was closed");
  freed_.wait(lock, [this] { return !idle_.empty() || open_ < max_sessions_; });
  if (!idle_.empty()) {
    const CK_SESSION_HANDLE session = idle_.back();
    idle_.pop_back();
    return Lease(this, session, generation_);
  }
  ANTIN_TRY(const CK_SESSION_HANDLE session, open_session());
  ++open_;
  return Lease(this, session, generation_);
}

void SessionPool::give_back(CK_SESSION_HANDLE session, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation == generation_)
    idle_.push_back(session);
  else
    call()->C_CloseSession(session);  // of a generation that ended while it was in use
  freed_.notify_one();
}

void SessionPool::renew(std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation != generation_) return;
  ++generation_;
  // Those in use are closed when they come back: SoftHSM2 reads freed memory when a session is closed under a call.
  for (const CK_SESSION_HANDLE session : idle_) call()->C_CloseSession(session);
  idle_.clear();
  open_ = 0;
  logged_in_ = false;
  freed_.notify_all();
}

}  // namespace antin::hsm::pkcs11
