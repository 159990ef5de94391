#include "hsm/pkcs11/session_pool.h"

#include <dlfcn.h>

#include "hsm/pkcs11/module.h"
#include "hsm/pkcs11/slots.h"

namespace antin::hsm::pkcs11 {

Library::~Library() {
  if (call != nullptr && !finalised) call->C_Finalize(nullptr);
  if (handle != nullptr) ::dlclose(handle);
}

Result<Turn> Library::turn() const {
  if (softhsm2.empty()) return Turn();
  ANTIN_TRY(Turn turn, Turn::take(softhsm2 / "login.lock"));
  ANTIN_CHECK(keep_softhsm2_tokens(softhsm2));
  return turn;
}

SessionPool::SessionPool(std::shared_ptr<Library> library, Uri token, Secret pin, unsigned max_sessions)
    : library_(std::move(library)),
      token_(std::move(token)),
      pin_(std::move(pin)),
      max_sessions_(max_sessions),
      name_("token " + token_.token) {}

// One by one: the slot may hold another token by now, whose sessions are not ours.
SessionPool::~SessionPool() {
  if (library_->finalised) return;
  for (const CK_SESSION_HANDLE session : idle_) call()->C_CloseSession(session);
}

SessionPool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->give_back(session_, generation_);
}

Result<std::shared_ptr<SessionPool>> SessionPool::open(std::shared_ptr<Library> library, Uri token, Secret pin,
                                                       unsigned max_sessions) {
  std::shared_ptr<SessionPool> pool(
      new SessionPool(std::move(library), std::move(token), std::move(pin), max_sessions));
  ANTIN_TRY(const Lease first, pool->lease());
  return pool;
}

Status SessionPool::log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, const TokenInfo& info) {
  if (refused_) return fail(ErrorCode::unauthenticated, name_ + ": the PIN was refused before and is not tried again");
  ANTIN_CHECK(may_try_pin(info));
  CK_RV value = CKR_OK;
  if (info.pin_at_token) {
    if (library_->pin_at_token) library_->pin_at_token(info);
    value = call()->C_Login(session, user, nullptr, 0);
  } else {
    const std::string_view pin = pin_.reveal();
    value =
        call()->C_Login(session, user, reinterpret_cast<CK_UTF8CHAR_PTR>(const_cast<char*>(pin.data())), pin.size());
  }
  if (value == CKR_OK || (value == CKR_USER_ALREADY_LOGGED_IN && user == CKU_USER)) return {};
  refused_ = value == CKR_PIN_INCORRECT || value == CKR_PIN_LOCKED;
  if (refused_) pin_ = Secret();  // never tried again
  return fail(ckr_error(value, name_ + (user == CKU_USER ? ": login" : ": PIN for one signature")));
}

Status SessionPool::authenticate(const Lease& lease) {
  const std::lock_guard lock(mutex_);
  ANTIN_TRY(const Turn turn, in(name_, library_->turn()));
  ANTIN_TRY(const SlotToken now, in(name_, token_in_slot(call(), slot_)));
  return log_in(lease.session(), CKU_CONTEXT_SPECIFIC, now.info);
}

// The token is looked at again after the session was opened: a session ends with its token, so what is in the slot now
// is what the session belongs to.
Status SessionPool::enter(CK_SESSION_HANDLE session) {
  ANTIN_TRY(const SlotToken now, in(name_, token_in_slot(call(), slot_)));
  if (!fits(token_, now.info))
    return fail(ErrorCode::unavailable, name_ + ": token " + now.info.label + " with serial " + now.info.serial +
                                            " came into its slot; put back the one with serial " + token_.serial);
  return logged_in_ ? Status() : log_in(session, CKU_USER, now.info);
}

Result<CK_SESSION_HANDLE> SessionPool::open_session() {
  ANTIN_TRY(const Turn turn, in(name_, library_->turn()));
  if (!logged_in_) {
    ANTIN_TRY(const SlotToken found, find_token(call(), token_));
    slot_ = found.slot;
  }
  CK_SESSION_HANDLE session = 0;
  const CK_RV value = call()->C_OpenSession(slot_, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session);
  if (value != CKR_OK) return fail(ckr_error(value, name_ + ": open session"));
  if (Status done = enter(session); !done) {
    call()->C_CloseSession(session);
    return fail(std::move(done).error());
  }
  logged_in_ = true;
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
  Result<CK_SESSION_HANDLE> session = open_session();
  if (!session && logged_in_ && session.error().code == ErrorCode::unavailable) {
    // The sessions that are open went with the token, which may be in another slot by now.
    end_generation();
    session = open_session();
  }
  if (!session) return fail(std::move(session).error());
  ++open_;
  return Lease(this, *session, generation_);
}

void SessionPool::give_back(CK_SESSION_HANDLE session, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation == generation_) {
    idle_.push_back(session);
  } else {
    call()->C_CloseSession(session);  // of a generation that ended while it was in use
    --open_;
  }
  freed_.notify_one();
}

void SessionPool::end_generation() {
  ++generation_;
  // Those in use are closed when they come back: SoftHSM2 reads freed memory when a session is closed under a call.
  for (const CK_SESSION_HANDLE session : idle_) call()->C_CloseSession(session);
  open_ -= static_cast<unsigned>(idle_.size());
  idle_.clear();
  logged_in_ = false;
  freed_.notify_all();
}

void SessionPool::renew(std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation == generation_) end_generation();
}

}  // namespace antin::hsm::pkcs11
