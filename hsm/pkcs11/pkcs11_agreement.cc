#include <array>

#include "hsm/agreement_key.h"
#include "hsm/pkcs11/pkcs11_token.h"
#include "hsm/pkcs11/uri.h"

namespace antin::hsm::pkcs11 {
namespace {

constexpr std::size_t secret_size = 32;

// The secret leaves the token: what it opens is a share of one backup's key, and HKDF is not a token's work.
CK_RV derive(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, ByteView point,
             std::array<CK_BYTE, secret_size>& out) {
  CK_ECDH1_DERIVE_PARAMS how{CKD_NULL, 0, nullptr, point.size(), const_cast<CK_BYTE_PTR>(point.data())};
  CK_MECHANISM mechanism{CKM_ECDH1_DERIVE, &how, sizeof how};
  CK_OBJECT_CLASS object_class = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_GENERIC_SECRET;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_ULONG size = secret_size;
  std::array<CK_ATTRIBUTE, 6> want{{{CKA_CLASS, &object_class, sizeof object_class},
                                    {CKA_KEY_TYPE, &type, sizeof type},
                                    {CKA_TOKEN, &no, 1},
                                    {CKA_SENSITIVE, &no, 1},
                                    {CKA_EXTRACTABLE, &yes, 1},
                                    {CKA_VALUE_LEN, &size, sizeof size}}};
  CK_OBJECT_HANDLE derived = 0;
  if (const CK_RV value = call->C_DeriveKey(session, &mechanism, key, want.data(), want.size(), &derived);
      value != CKR_OK)
    return value;
  CK_ATTRIBUTE secret{CKA_VALUE, out.data(), out.size()};
  const CK_RV value = call->C_GetAttributeValue(session, derived, &secret, 1);
  call->C_DestroyObject(session, derived);
  if (value != CKR_OK) return value;
  return secret.ulValueLen == secret_size ? CKR_OK : CKR_FUNCTION_FAILED;
}

class Pkcs11AgreementKey final : public AgreementKey {
 public:
  Pkcs11AgreementKey(std::shared_ptr<TokenState> state, KeyRef ref, Bytes public_key_info)
      : state_(std::move(state)), ref_(std::move(ref)), public_key_info_(std::move(public_key_info)) {}
  ByteView public_key_info() const noexcept override { return public_key_info_; }
  std::string uri() const override {
    return to_text({.token = state_->info.label, .serial = state_->info.serial, .key = ref_});
  }

  Result<Secret> agree(ByteView point) const override {
    ANTIN_CHECK(check_p256_point(point));
    std::array<CK_BYTE, secret_size> out{};
    Error lost;
    const Status done = state_->pool->with_session("derive", [&](const SessionPool::Lease& lease) -> CK_RV {
      lost = {};
      const auto key = state_->private_key(lease, ref_.id);
      if (key) return derive(state_->pool->call(), lease.session(), key->handle, point, out);
      lost = key.error();
      return lost.code == ErrorCode::not_found ? CKR_KEY_HANDLE_INVALID : CKR_SESSION_HANDLE_INVALID;
    });
    if (!done && !lost.message.empty()) return fail(std::move(lost).in("derive"));
    ANTIN_CHECK(done);
    std::string secret(out.begin(), out.end());
    wipe(out.data(), out.size());
    return Secret(std::move(secret));
  }

 private:
  std::shared_ptr<TokenState> state_;
  KeyRef ref_;
  Bytes public_key_info_;
};

}  // namespace

Result<std::shared_ptr<const AgreementKey>> Pkcs11Token::find_agreement_key(const KeyRef& ref) const {
  ANTIN_TRY(const auto key, find_key(ref));
  ANTIN_TRY(const Uri uri, parse_uri(key->uri()));
  ANTIN_CHECK(in(key->uri(), p256_point(key->public_key_info())));
  return std::make_shared<const Pkcs11AgreementKey>(state_, uri.key, to_bytes(key->public_key_info()));
}

Result<std::shared_ptr<const AgreementKey>> Pkcs11Token::generate_agreement_key(const KeyRef& ref) {
  ANTIN_TRY(const TokenAbilities can, abilities());
  if (!can.agrees)
    return fail(ErrorCode::unimplemented,
                state_->pool->name() +
                    ": it cannot agree on secrets (CKM_ECDH1_DERIVE); who opens backups needs "
                    "another kind of token");
  ANTIN_CHECK(generate(ref, {.algorithm = KeyAlgorithm::ec_p256}, Purpose::agree));
  return find_agreement_key({ref.id, {}});
}

}  // namespace antin::hsm::pkcs11
