// Return values of PKCS#11 by name, and what each means for the caller.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>

#include "base/result.h"

namespace antin::hsm::pkcs11 {

std::string ckr_name(CK_RV value);  // `CKR_PIN_LOCKED`; `CKR 0x80000123` for a vendor's own
// `where: CKR_…` with the code that fits.
Error ckr_error(CK_RV value, std::string_view where);
// True when a new session may help: the session, its objects or the login are gone, or the device hiccuped.
bool heals_with_new_session(CK_RV value);

}  // namespace antin::hsm::pkcs11
