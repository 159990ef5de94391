// A PKCS#11 module that wraps the one in ANTIN_USB_WRAPS, SoftHSM2, and behaves like a USB token. ANTIN_USB_TOKEN names
// a folder whose files say how, and may change between two calls:
//   behaviour        words: `signature-ms=N` one signature at a time takes so long (700 without);
//                    `always-authenticate` signing keys are made with CKA_ALWAYS_AUTHENTICATE;
//                    `pin-pad` a protected authentication path: it asks for PINs itself, and takes none;
//                    `sessions=N` no more than so many are open
//   inserted         a token is plugged in while this is there; where it has lines, those labels alone. Written anew:
//                    pulled out and put back
//   pad/LABEL.pin, pad/LABEL.so.pin   what a person types at the token; nobody does where it is missing
//   typed            written: who was asked, a line each time
//   tries-SERIAL     written: wrong PINs in a row. After two one try is left, and after three the PIN is locked until
//                    the security officer sets it
// Pulled out, its calls answer CKR_TOKEN_NOT_PRESENT and CKR_DEVICE_REMOVED, and all sessions end.
#include <p11-kit/pkcs11.h>
#include <time.h>

#include <cstdlib>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <vector>

#include "tests/usb_token/behaviour.h"
#include "tests/wrapped_module.h"

namespace {

using namespace antin::usb;

CK_FUNCTION_LIST* real = nullptr;
CK_FUNCTION_LIST shown;
// Held by every call into the wrapped module; alone by what ends sessions: SoftHSM2 reads freed memory when a session
// is closed under a call.
std::shared_mutex calls;
std::mutex signing;  // the token does one thing at a time
std::mutex state;    // guards what follows
std::string seen_insertions;
std::set<CK_SESSION_HANDLE> open_sessions;

std::string trimmed(const CK_UTF8CHAR* text, std::size_t size) {
  std::string value(reinterpret_cast<const char*>(text), size);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.pop_back();
  return value;
}

struct TokenName {
  std::string label, serial;  // no label: not initialised
};
TokenName token_in(CK_SLOT_ID slot) {
  CK_TOKEN_INFO info{};
  if (real->C_GetTokenInfo(slot, &info) != CKR_OK || (info.flags & CKF_TOKEN_INITIALIZED) == 0) return {};
  return {trimmed(info.label, sizeof info.label), trimmed(info.serialNumber, sizeof info.serialNumber)};
}
bool is_present(CK_SLOT_ID slot) { return is_inserted(token_in(slot).label); }

CK_SLOT_ID slot_of(CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info{};
  return real->C_GetSessionInfo(session, &info) == CKR_OK ? info.slotID : CK_UNAVAILABLE_INFORMATION;
}

// Ends the sessions when something was plugged in or pulled out since the last call.
void look() {
  {
    const std::lock_guard lock(state);
    const std::string now = insertions();
    if (now == seen_insertions) return;
    seen_insertions = now;
    open_sessions.clear();
  }
  const std::unique_lock alone(calls);
  CK_SLOT_ID slots[32];
  CK_ULONG count = 32;
  if (real->C_GetSlotList(CK_FALSE, slots, &count) != CKR_OK) return;
  for (CK_ULONG i = 0; i < count; ++i) real->C_CloseAllSessions(slots[i]);
}

// Passes a call of a session on when its token is there.
template <class Act>
CK_RV of_session(CK_SESSION_HANDLE session, Act act) {
  look();
  if (insertions().empty()) return CKR_DEVICE_REMOVED;
  const std::shared_lock lock(calls);
  const CK_SLOT_ID slot = slot_of(session);
  if (slot == CK_UNAVAILABLE_INFORMATION) return CKR_SESSION_HANDLE_INVALID;
  return is_present(slot) ? act(slot) : CKR_DEVICE_REMOVED;
}

CK_RV initialize(void* arguments) {
  {
    const std::lock_guard lock(state);
    seen_insertions = insertions();
    open_sessions.clear();
  }
  return real->C_Initialize(arguments);
}

CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  look();
  CK_SLOT_ID all[32];
  CK_ULONG there = 32;
  // SoftHSM2 makes a new free slot when it is asked for the number alone.
  if (slots == nullptr) real->C_GetSlotList(present, nullptr, &there);
  there = 32;
  if (const CK_RV value = real->C_GetSlotList(present, all, &there); value != CKR_OK) return value;
  std::vector<CK_SLOT_ID> kept;
  for (CK_ULONG i = 0; i < there; ++i)
    if (!present || is_present(all[i])) kept.push_back(all[i]);
  const CK_ULONG room = *count;
  *count = kept.size();
  if (slots == nullptr) return CKR_OK;
  if (room < kept.size()) return CKR_BUFFER_TOO_SMALL;
  for (std::size_t i = 0; i < kept.size(); ++i) slots[i] = kept[i];
  return CKR_OK;
}

CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
  look();
  const CK_RV value = real->C_GetSlotInfo(slot, info);
  if (value != CKR_OK) return value;
  info->flags |= CKF_REMOVABLE_DEVICE;
  if (!is_present(slot)) info->flags &= ~static_cast<CK_FLAGS>(CKF_TOKEN_PRESENT);
  return CKR_OK;
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  look();
  if (!is_present(slot)) return CKR_TOKEN_NOT_PRESENT;
  const CK_RV value = real->C_GetTokenInfo(slot, info);
  if (value != CKR_OK) return value;
  const unsigned long wrong = wrong_tries(trimmed(info->serialNumber, sizeof info->serialNumber));
  if (wrong == 1) info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (wrong == 2) info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (wrong > 2) info->flags |= CKF_USER_PIN_LOCKED;
  if (behaves("pin-pad")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  if (const unsigned long sessions = number("sessions", 0); sessions > 0) info->ulMaxSessionCount = sessions;
  return CKR_OK;
}

CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* with, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
  look();
  if (!is_present(slot)) return CKR_TOKEN_NOT_PRESENT;
  const std::shared_lock lock(calls);
  const std::lock_guard guard(state);
  const unsigned long most = number("sessions", 0);
  if (most > 0 && open_sessions.size() >= most) return CKR_SESSION_COUNT;
  const CK_RV value = real->C_OpenSession(slot, flags, with, notify, session);
  if (value == CKR_OK) open_sessions.insert(*session);
  return value;
}

CK_RV close_session(CK_SESSION_HANDLE session) {
  look();
  const std::unique_lock alone(calls);
  const std::lock_guard guard(state);
  open_sessions.erase(session);
  return real->C_CloseSession(session);
}

CK_RV close_all_sessions(CK_SLOT_ID slot) {
  look();
  const std::unique_lock alone(calls);
  const std::lock_guard guard(state);
  std::erase_if(open_sessions, [&](CK_SESSION_HANDLE each) { return slot_of(each) == slot; });
  return real->C_CloseAllSessions(slot);
}

// Calls `act(pin, size)` with the PIN that the program gave or, at a PIN pad, with the one that a person typed.
template <class Act>
CK_RV with_pin(CK_UTF8CHAR_PTR given, CK_ULONG size, const std::string& label, bool security_officer, Act act) {
  if (!behaves("pin-pad")) return given == nullptr ? CKR_ARGUMENTS_BAD : act(given, size);
  if (given != nullptr) return CKR_ARGUMENTS_BAD;
  std::string typed = typed_at_token(label, security_officer);
  if (typed.empty()) return CKR_FUNCTION_CANCELED;
  return act(reinterpret_cast<CK_UTF8CHAR_PTR>(typed.data()), typed.size());
}

CK_RV init_token(CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG size, CK_UTF8CHAR_PTR label) {
  look();
  if (!is_present(slot)) return CKR_TOKEN_NOT_PRESENT;
  return with_pin(pin, size, trimmed(label, 32), true, [&](CK_UTF8CHAR_PTR octets, CK_ULONG length) {
    return real->C_InitToken(slot, octets, length, label);
  });
}

CK_RV init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
  return of_session(session, [&](CK_SLOT_ID slot) {
    const TokenName token = token_in(slot);
    const CK_RV value = with_pin(pin, size, token.label, false, [&](CK_UTF8CHAR_PTR octets, CK_ULONG length) {
      return real->C_InitPIN(session, octets, length);
    });
    if (value == CKR_OK) forget_wrong_tries(token.serial);
    return value;
  });
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
  return of_session(session, [&](CK_SLOT_ID slot) -> CK_RV {
    const TokenName token = token_in(slot);
    if (user != CKU_SO && wrong_tries(token.serial) > 2) return CKR_PIN_LOCKED;
    const CK_RV value = with_pin(pin, size, token.label, user == CKU_SO, [&](CK_UTF8CHAR_PTR octets, CK_ULONG length) {
      return real->C_Login(session, user, octets, length);
    });
    if (user == CKU_SO) return value;
    if (value == CKR_PIN_INCORRECT) count_wrong_try(token.serial);
    if (value == CKR_OK) forget_wrong_tries(token.serial);
    return value;
  });
}

CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR match, CK_ULONG size) {
  return of_session(session, [&](CK_SLOT_ID) { return real->C_FindObjectsInit(session, match, size); });
}

CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR want, CK_ULONG size) {
  return of_session(session, [&](CK_SLOT_ID) { return real->C_GetAttributeValue(session, object, want, size); });
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  return of_session(session, [&](CK_SLOT_ID) { return real->C_SignInit(session, mechanism, key); });
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  {
    const std::lock_guard one(signing);
    const unsigned long ms = number("signature-ms", 700);
    const timespec pause{static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000) * 1'000'000};
    ::nanosleep(&pause, nullptr);
  }
  // It may have been pulled out by now.
  return of_session(session, [&](CK_SLOT_ID) { return real->C_Sign(session, data, size, out, out_size); });
}

bool is_true(const CK_ATTRIBUTE& attribute) {
  return attribute.ulValueLen == sizeof(CK_BBOOL) && *static_cast<CK_BBOOL*>(attribute.pValue) == CK_TRUE;
}

CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR public_key,
                        CK_ULONG public_size, CK_ATTRIBUTE_PTR private_key, CK_ULONG private_size,
                        CK_OBJECT_HANDLE_PTR public_made, CK_OBJECT_HANDLE_PTR private_made) {
  std::vector<CK_ATTRIBUTE> wanted(private_key, private_key + private_size);
  bool signs = false;
  for (const CK_ATTRIBUTE& each : wanted) signs = signs || (each.type == CKA_SIGN && is_true(each));
  CK_BBOOL yes = CK_TRUE;
  if (signs && behaves("always-authenticate")) wanted.push_back({CKA_ALWAYS_AUTHENTICATE, &yes, sizeof yes});
  return of_session(session, [&](CK_SLOT_ID) {
    return real->C_GenerateKeyPair(session, mechanism, public_key, public_size, wanted.data(), wanted.size(),
                                   public_made, private_made);
  });
}

CK_RV derive_key(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key, CK_ATTRIBUTE_PTR wanted,
                 CK_ULONG size, CK_OBJECT_HANDLE_PTR made) {
  return of_session(session,
                    [&](CK_SLOT_ID) { return real->C_DeriveKey(session, mechanism, key, wanted, size, made); });
}

CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR content, CK_ULONG size, CK_OBJECT_HANDLE_PTR made) {
  return of_session(session, [&](CK_SLOT_ID) { return real->C_CreateObject(session, content, size, made); });
}

CK_RV destroy_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  return of_session(session, [&](CK_SLOT_ID) { return real->C_DestroyObject(session, object); });
}

void wrap() {
  shown = *real;
  shown.C_Initialize = initialize;
  shown.C_GetSlotList = get_slot_list;
  shown.C_GetSlotInfo = get_slot_info;
  shown.C_GetTokenInfo = get_token_info;
  shown.C_OpenSession = open_session;
  shown.C_CloseSession = close_session;
  shown.C_CloseAllSessions = close_all_sessions;
  shown.C_InitToken = init_token;
  shown.C_InitPIN = init_pin;
  shown.C_Login = login;
  shown.C_FindObjectsInit = find_objects_init;
  shown.C_GetAttributeValue = get_attribute_value;
  shown.C_SignInit = sign_init;
  shown.C_Sign = sign;
  shown.C_GenerateKeyPair = generate_key_pair;
  shown.C_DeriveKey = derive_key;
  shown.C_CreateObject = create_object;
  shown.C_DestroyObject = destroy_object;
}

}  // namespace

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  if (const CK_RV value = antin::tests::load_wrapped("ANTIN_USB_WRAPS", &real); value != CKR_OK) return value;
  wrap();
  *list = &shown;
  return CKR_OK;
}
