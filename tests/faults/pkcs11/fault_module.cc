// A PKCS#11 module that wraps the one in ANTIN_FAULT_WRAPS and plays what SoftHSM2 never does. ANTIN_FAULT says what,
// as words with commas between, and may change between two calls:
//   final-try              the token says that one PIN try is left
//   locked                 the token says that the PIN is locked
//   login-locked           C_Login answers CKR_PIN_LOCKED
//   removed                no token is in any slot; every call answers CKR_DEVICE_REMOVED or CKR_TOKEN_NOT_PRESENT
//   removed@CALL           that call alone answers so
//   removed-later          every call does from the sixth signature on
//   session-lost[@CALL]    the next such call ends all sessions and answers CKR_SESSION_HANDLE_INVALID, once
//   device-error[@CALL]    the next such call answers CKR_DEVICE_ERROR, once
//   device-often[@CALL]    every fifth such call does
//   device-broken[@CALL]   every such call does
//   slow[@CALL]            such a call takes 20 ms longer
//   spoilt                 signatures come out with a wrong last octet
//   swapped                the token ANTIN_FAULT_TOKEN and another one are in each other's slot; sessions ended
//   replaced               another token is in its slot, and it is nowhere
//   moved                  it is in a slot that was free
// CALL is open, login, find, attribute, sign-init, sign, generate, create or destroy; sign without one. "Once" begins
// anew with C_Initialize and when ANTIN_FAULT changes. ANTIN_FAULT_SESSIONS: no more sessions than that may be open.

#include <cstdlib>
#include <mutex>
#include <set>
#include <string>

#include "tests/faults/pkcs11/play.h"
#include "tests/wrapped_module.h"

namespace {

using namespace antin::faults;

CK_FUNCTION_LIST wrapped;
std::mutex mutex;
std::set<CK_SESSION_HANDLE> open_sessions;  // guarded by mutex

// Plays what `call` must answer, or passes it on.
template <class Act>
CK_RV play(std::string_view call, Act act) {
  if (const CK_RV value = fault_at(call); value != CKR_OK) return value;
  const std::shared_lock lock(calls);
  return act();
}

CK_RV initialize(void* arguments) {
  const CK_RV value = real->C_Initialize(arguments);
  look(true);
  return value;
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  look();
  if (playing("removed") || is_empty(slot)) return CKR_TOKEN_NOT_PRESENT;
  const CK_RV value = real->C_GetTokenInfo(exchanged(slot), info);
  if (value != CKR_OK) return value;
  if (playing("final-try")) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (playing("locked")) info->flags |= CKF_USER_PIN_LOCKED;
  if (session_limit() > 0) info->ulMaxSessionCount = session_limit();
  return CKR_OK;
}

CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  look();
  if (playing("removed") && present) {
    *count = 0;
    return CKR_OK;
  }
  const CK_RV value = real->C_GetSlotList(present, slots, count);
  if (value != CKR_OK || slots == nullptr || !present) return value;
  CK_ULONG kept = 0;
  for (CK_ULONG i = 0; i < *count; ++i)
    if (!is_empty(slots[i])) slots[kept++] = slots[i];
  *count = kept;
  return CKR_OK;
}

CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* with, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
  return play("open", [&]() -> CK_RV {
    const std::lock_guard lock(mutex);
    std::erase_if(open_sessions, [](CK_SESSION_HANDLE each) {
      CK_SESSION_INFO info;
      return real->C_GetSessionInfo(each, &info) != CKR_OK;
    });
    if (session_limit() > 0 && open_sessions.size() >= session_limit()) return CKR_SESSION_COUNT;
    const CK_RV value = real->C_OpenSession(exchanged(slot), flags, with, notify, session);
    if (value == CKR_OK) open_sessions.insert(*session);
    return value;
  });
}

CK_RV close_session(CK_SESSION_HANDLE session) {
  look();
  const std::unique_lock alone(calls);
  return real->C_CloseSession(session);
}

CK_RV close_all_sessions(CK_SLOT_ID slot) {
  look();
  const CK_SLOT_ID which = exchanged(slot);
  const std::unique_lock alone(calls);
  return real->C_CloseAllSessions(which);
}

CK_RV init_token(CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG size, CK_UTF8CHAR_PTR label) {
  return real->C_InitToken(exchanged(slot), pin, size, label);
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
  return play("login", [&]() -> CK_RV {
    return playing("login-locked") ? CKR_PIN_LOCKED : real->C_Login(session, user, pin, size);
  });
}

CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR match, CK_ULONG size) {
  return play("find", [&] { return real->C_FindObjectsInit(session, match, size); });
}

CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR want, CK_ULONG size) {
  return play("attribute", [&] { return real->C_GetAttributeValue(session, object, want, size); });
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  return play("sign-init", [&] { return real->C_SignInit(session, mechanism, key); });
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  return play("sign", [&] {
    const CK_RV value = real->C_Sign(session, data, size, out, out_size);
    if (value == CKR_OK && out != nullptr && playing("spoilt")) out[*out_size - 1] ^= 1;
    return value;
  });
}

// An error of the device comes after the work was done: whoever tries again must cope with what is there.
template <class Act>
CK_RV work_then_play(std::string_view call, Act act) {
  if (!playing("device-error@" + std::string(call))) return play(call, act);
  const CK_RV value = [&] {
    const std::shared_lock lock(calls);
    return act();
  }();
  const CK_RV answer = fault_at(call);
  return answer == CKR_OK ? value : answer;
}

CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR public_key,
                        CK_ULONG public_size, CK_ATTRIBUTE_PTR private_key, CK_ULONG private_size,
                        CK_OBJECT_HANDLE_PTR public_made, CK_OBJECT_HANDLE_PTR private_made) {
  return work_then_play("generate", [&] {
    return real->C_GenerateKeyPair(session, mechanism, public_key, public_size, private_key, private_size, public_made,
                                   private_made);
  });
}

CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR content, CK_ULONG size, CK_OBJECT_HANDLE_PTR made) {
  return work_then_play("create", [&] { return real->C_CreateObject(session, content, size, made); });
}

CK_RV destroy_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  return work_then_play("destroy", [&] { return real->C_DestroyObject(session, object); });
}

void wrap() {
  wrapped = *real;
  wrapped.C_Initialize = initialize;
  wrapped.C_GetTokenInfo = get_token_info;
  wrapped.C_GetSlotList = get_slot_list;
  wrapped.C_InitToken = init_token;
  wrapped.C_OpenSession = open_session;
  wrapped.C_CloseSession = close_session;
  wrapped.C_CloseAllSessions = close_all_sessions;
  wrapped.C_Login = login;
  wrapped.C_FindObjectsInit = find_objects_init;
  wrapped.C_GetAttributeValue = get_attribute_value;
  wrapped.C_SignInit = sign_init;
  wrapped.C_Sign = sign;
  wrapped.C_GenerateKeyPair = generate_key_pair;
  wrapped.C_CreateObject = create_object;
  wrapped.C_DestroyObject = destroy_object;
}

}  // namespace

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  if (const CK_RV value = antin::tests::load_wrapped("ANTIN_FAULT_WRAPS", &real); value != CKR_OK) return value;
  wrap();
  *list = &wrapped;
  return CKR_OK;
}
