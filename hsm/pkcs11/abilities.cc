// What a module says of one of its tokens: mechanisms, flags, limits. Nothing is made to find out.
#include <algorithm>

#include "hsm/pkcs11/pkcs11_token.h"
#include "hsm/pkcs11/slots.h"

namespace antin::hsm::pkcs11 {
namespace {

class Mechanisms {
 public:
  Mechanisms(CK_FUNCTION_LIST* call, CK_SLOT_ID slot) : call_(call), slot_(slot) {}
  // With those flags; all zero when the token does not have it, or has it for something else.
  CK_MECHANISM_INFO of(CK_MECHANISM_TYPE type, CK_FLAGS flags) const {
    CK_MECHANISM_INFO info{};
    const bool has = call_->C_GetMechanismInfo(slot_, type, &info) == CKR_OK && (info.flags & flags) == flags;
    return has ? info : CK_MECHANISM_INFO{};
  }
  bool has(CK_MECHANISM_TYPE type, CK_FLAGS flags) const { return of(type, flags).flags != 0; }
  // A curve of that many bits: made inside, and signing. A module that names no sizes has them all.
  bool signs_with_curve(CK_ULONG bits) const {
    const CK_MECHANISM_INFO info = of(CKM_EC_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR);
    const bool sized = info.ulMinKeySize <= bits && (info.ulMaxKeySize == 0 || bits <= info.ulMaxKeySize);
    return info.flags != 0 && sized && has(CKM_ECDSA, CKF_SIGN);
  }

 private:
  CK_FUNCTION_LIST* call_;
  CK_SLOT_ID slot_;
};

CK_RV read(const Library& library, CK_SLOT_ID slot, TokenAbilities& can) {
  CK_FUNCTION_LIST* call = library.call;
  CK_TOKEN_INFO token{};
  if (const CK_RV value = call->C_GetTokenInfo(slot, &token); value != CKR_OK) return value;
  can.writes = (token.flags & CKF_WRITE_PROTECTED) == 0;
  can.pin_at_token = (token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
  const bool limited = token.ulMaxSessionCount != CK_UNAVAILABLE_INFORMATION;
  can.most_sessions = limited ? token.ulMaxSessionCount : 0;
  const Mechanisms mechanisms(call, slot);
  if (!library.tpm2 && mechanisms.has(CKM_RSA_PKCS, CKF_SIGN)) {
    const CK_ULONG most = mechanisms.of(CKM_RSA_PKCS_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR).ulMaxKeySize;
    can.most_rsa_bits = static_cast<unsigned>(std::min<CK_ULONG>(most, 65536));
  }
  can.rsa_pss = can.most_rsa_bits > 0 && mechanisms.has(CKM_RSA_PKCS_PSS, CKF_SIGN);
  can.p256 = mechanisms.signs_with_curve(256);
  can.p384 = mechanisms.signs_with_curve(384);
  can.ed25519 =
      mechanisms.has(CKM_EC_EDWARDS_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR) && mechanisms.has(CKM_EDDSA, CKF_SIGN);
  can.agrees = can.p256 && mechanisms.has(CKM_ECDH1_DERIVE, CKF_DERIVE);
  return CKR_OK;
}

}  // namespace

Result<TokenAbilities> Pkcs11Token::abilities() const {
  TokenAbilities can;
  ANTIN_CHECK(state_->pool->with_session("abilities", [&](const SessionPool::Lease& lease) -> CK_RV {
    CK_SESSION_INFO session{};
    const Library& library = state_->pool->library();
    if (const CK_RV value = library.call->C_GetSessionInfo(lease.session(), &session); value != CKR_OK) return value;
    return read(library, session.slotID, can);
  }));
  return can;
}

}  // namespace antin::hsm::pkcs11
