#include "hsm/pkcs11/slots.h"

#include "hsm/pkcs11/ckr.h"

namespace antin::hsm::pkcs11 {
namespace {

std::string padded(const CK_UTF8CHAR* text, std::size_t size) {
  std::string_view view(reinterpret_cast<const char*>(text), size);
  while (!view.empty() && (view.back() == ' ' || view.back() == '\0')) view.remove_suffix(1);
  return std::string(view);
}

TokenInfo describe(const CK_TOKEN_INFO& raw) {
  TokenInfo info;
  info.label = padded(raw.label, sizeof raw.label);
  info.serial = padded(raw.serialNumber, sizeof raw.serialNumber);
  info.model = padded(raw.model, sizeof raw.model);
  info.manufacturer = padded(raw.manufacturerID, sizeof raw.manufacturerID);
  info.initialised = (raw.flags & CKF_TOKEN_INITIALIZED) != 0;
  info.user_pin_set = (raw.flags & CKF_USER_PIN_INITIALIZED) != 0;
  info.pin_final_try = (raw.flags & CKF_USER_PIN_FINAL_TRY) != 0;
  info.pin_locked = (raw.flags & CKF_USER_PIN_LOCKED) != 0;
  info.pin_at_token = (raw.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
  if (info.initialised) info.uri = to_text(identity_of(info));
  return info;
}

std::string name_of(const Uri& wanted) {
  std::string name = wanted.token.empty() ? "token" : "token " + wanted.token;
  if (!wanted.serial.empty()) name += " with serial " + wanted.serial;
  return name;
}

// What a person must see when the wanted token is not among those: the same label with another serial above all.
std::string instead(const Uri& wanted, const std::vector<SlotToken>& found) {
  std::string there;
  for (const SlotToken& token : found) {
    if (!token.info.initialised) continue;
    there += (there.empty() ? "there: " : ", ") + token.info.label;
    if (!wanted.serial.empty()) there += " with serial " + token.info.serial;
  }
  return there.empty() ? "no token is" : there;
}

}  // namespace

Result<SlotToken> token_in_slot(CK_FUNCTION_LIST* call, CK_SLOT_ID slot) {
  CK_TOKEN_INFO raw{};
  if (const CK_RV value = call->C_GetTokenInfo(slot, &raw); value != CKR_OK) return fail(ckr_error(value, "slot"));
  return SlotToken{slot, describe(raw), raw.ulMaxSessionCount};
}

Result<std::vector<SlotToken>> walk_slots(CK_FUNCTION_LIST* call) {
  unsigned long count = 0;
  CK_RV value = call->C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (value == CKR_OK && count > 0) value = call->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (value != CKR_OK) return fail(ckr_error(value, "slot list"));
  slots.resize(count);
  std::vector<SlotToken> found;
  for (const CK_SLOT_ID slot : slots) {
    Result<SlotToken> token = token_in_slot(call, slot);
    if (token) found.push_back(*std::move(token));  // otherwise pulled out between the two calls
  }
  return found;
}

Result<SlotToken> find_token(CK_FUNCTION_LIST* call, const Uri& wanted) {
  ANTIN_TRY(const std::vector<SlotToken> found, walk_slots(call));
  const SlotToken* match = nullptr;
  for (const SlotToken& token : found) {
    if (!token.info.initialised || !fits(wanted, token.info)) continue;
    if (match != nullptr)
      return fail(ErrorCode::failed_precondition,
                  "several tokens fit " + name_of(wanted) + "; name one by its serial too (`antin token list`)");
    match = &token;
  }
  if (match == nullptr)
    return fail(ErrorCode::unavailable, name_of(wanted) + " is not there (" + instead(wanted, found) + ")");
  return *match;
}

Status may_try_pin(const TokenInfo& info) {
  if (info.pin_locked)
    return fail(ErrorCode::unauthenticated,
                "token " + info.label + ": CKR_PIN_LOCKED: the PIN is locked; the security officer must unblock it");
  if (info.pin_final_try)
    return fail(ErrorCode::unauthenticated,
                "token " + info.label +
                    ": only one PIN try is left, and it is not burnt here; log in once with another tool or have it "
                    "unblocked");
  return {};
}

}  // namespace antin::hsm::pkcs11
