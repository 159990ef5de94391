// What is being played: ANTIN_FAULT, a list with commas that may change between two calls. fault_module.cc says what
// each word does.
#pragma once

#include <p11-kit/pkcs11.h>

#include <shared_mutex>
#include <string_view>

namespace antin::faults {

inline CK_FUNCTION_LIST* real = nullptr;
// Held by every call into the wrapped module; alone by what ends sessions: SoftHSM2 reads freed memory when a session
// is closed under a call.
inline std::shared_mutex calls;

// Takes note of a new ANTIN_FAULT; begins anew when `initialised`. Ends all sessions where tokens change places.
void look(bool initialised = false);
bool playing(std::string_view word);
// The value that `call` must answer without doing its work; CKR_OK when it works. Waits where it must be slow.
CK_RV fault_at(std::string_view call);

// Which real slot stands behind one that is shown; the other way round, too.
CK_SLOT_ID exchanged(CK_SLOT_ID slot);
// False for a slot whose token went elsewhere.
bool is_empty(CK_SLOT_ID shown);

// ANTIN_FAULT_SESSIONS: the token's limit; 0 for none.
CK_ULONG session_limit();

}  // namespace antin::faults
