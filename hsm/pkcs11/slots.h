// Slots: which token is in which slot just now. A token is known by its label and serial (and model and manufacturer,
// where they are given); a slot's number says nothing about what will be in it later.
#pragma once

#include <p11-kit/pkcs11.h>

#include <vector>

#include "hsm/pkcs11/uri.h"
#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

struct SlotToken {
  CK_SLOT_ID slot = 0;
  TokenInfo info;
  unsigned long session_limit = 0;
};

// Walks the slots: the tokens that are there, initialised or not.
Result<std::vector<SlotToken>> walk_slots(CK_FUNCTION_LIST* call);
// The one initialised token that fits. unavailable with what is there instead; failed_precondition when several fit.
Result<SlotToken> find_token(CK_FUNCTION_LIST* call, const Uri& wanted);
// What is in that slot now.
Result<SlotToken> token_in_slot(CK_FUNCTION_LIST* call, CK_SLOT_ID slot);
// unauthenticated when the token says that its PIN is locked, or that one try is left, which is never burnt.
Status may_try_pin(const TokenInfo& info);

}  // namespace antin::hsm::pkcs11
