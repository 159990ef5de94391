// A PKCS#11 module that wraps the one in ANTIN_FAULT_WRAPS and plays what SoftHSM2 never does. ANTIN_FAULT says what,
// and may change between two calls:
//   final-try            the token says that one PIN try is left
//   locked               the token says that the PIN is locked
//   login-locked         C_Login answers CKR_PIN_LOCKED
//   removed              no token is in any slot; signing answers CKR_DEVICE_REMOVED
//   session-lost         the next C_Sign ends all sessions and answers CKR_SESSION_HANDLE_INVALID, once
//   device-error         the next C_Sign answers CKR_DEVICE_ERROR, once
//   device-broken        every C_Sign answers CKR_DEVICE_ERROR
//   slow                 C_Sign takes 50 ms longer
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <time.h>

#include <cstdlib>
#include <string_view>

namespace {

CK_FUNCTION_LIST wrapped;
CK_FUNCTION_LIST* real = nullptr;

bool playing(std::string_view fault) {
  const char* wanted = std::getenv("ANTIN_FAULT");
  return wanted != nullptr && fault == wanted;
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  const CK_RV value = real->C_GetTokenInfo(slot, info);
  if (value != CKR_OK) return value;
  if (playing("final-try")) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (playing("locked")) info->flags |= CKF_USER_PIN_LOCKED;
  return CKR_OK;
}

CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  if (playing("removed") && present) {
    *count = 0;
    return CKR_OK;
  }
  return real->C_GetSlotList(present, slots, count);
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
  return playing("login-locked") ? CKR_PIN_LOCKED : real->C_Login(session, user, pin, size);
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR signature,
           CK_ULONG_PTR signature_size) {
  if (playing("removed")) return CKR_DEVICE_REMOVED;
  if (playing("device-broken")) return CKR_DEVICE_ERROR;
  if (playing("device-error")) {
    ::unsetenv("ANTIN_FAULT");
    return CKR_DEVICE_ERROR;
  }
  if (playing("session-lost")) {
    ::unsetenv("ANTIN_FAULT");
    CK_SESSION_INFO info;
    if (real->C_GetSessionInfo(session, &info) == CKR_OK) real->C_CloseAllSessions(info.slotID);
    return CKR_SESSION_HANDLE_INVALID;
  }
  if (playing("slow")) {
    const timespec pause{0, 50'000'000};
    ::nanosleep(&pause, nullptr);
  }
  return real->C_Sign(session, data, size, signature, signature_size);
}

}  // namespace

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  const char* path = std::getenv("ANTIN_FAULT_WRAPS");
  void* handle = path == nullptr ? nullptr : ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const auto get_list =
      handle == nullptr ? nullptr : reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
  if (get_list == nullptr) return CKR_GENERAL_ERROR;
  if (const CK_RV value = get_list(&real); value != CKR_OK) return value;
  wrapped = *real;
  wrapped.C_GetTokenInfo = get_token_info;
  wrapped.C_GetSlotList = get_slot_list;
  wrapped.C_Login = login;
  wrapped.C_Sign = sign;
  *list = &wrapped;
  return CKR_OK;
}
