#include <openssl/ecdsa.h>

#include <array>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "hsm/digest_signer.h"
#include "hsm/pkcs11/pkcs11_token.h"
#include "hsm/pkcs11/uri.h"

namespace antin::hsm::pkcs11 {
namespace {

using EcdsaSigPtr = OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;

// r and s of equal length, as PKCS#11 gives them, to the DER Ecdsa-Sig-Value of X.509.
Result<Bytes> ecdsa_der(ByteView raw) {
  const int half = static_cast<int>(raw.size() / 2);
  BignumPtr r(BN_bin2bn(raw.data(), half, nullptr)), s(BN_bin2bn(raw.data() + half, half, nullptr));
  const EcdsaSigPtr signature(ECDSA_SIG_new());
  if (raw.empty() || raw.size() % 2 != 0 || !r || !s || !signature)
    return fail(ErrorCode::internal, "ECDSA signature of an odd size");
  ECDSA_SIG_set0(signature.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return fail(ErrorCode::internal, "ECDSA: " + openssl_error());
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

// PKCS#1's DigestInfo without the digest (RFC 8017 §9.2, note 1).
Bytes digest_info(DigestAlgorithm algorithm, ByteView digest) {
  std::string_view prefix = "3031300d060960864801650304020105000420";
  if (algorithm == DigestAlgorithm::sha384) prefix = "3041300d060960864801650304020205000430";
  if (algorithm == DigestAlgorithm::sha512) prefix = "3051300d060960864801650304020305000440";
  Bytes out = from_hex(prefix).value();
  append(out, digest);
  return out;
}

CK_RSA_PKCS_PSS_PARAMS pss_parameters(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha384:
      return {CKM_SHA384, CKG_MGF1_SHA384, 48};
    case DigestAlgorithm::sha512:
      return {CKM_SHA512, CKG_MGF1_SHA512, 64};
    case DigestAlgorithm::sha256:
      break;
  }
  return {CKM_SHA256, CKG_MGF1_SHA256, 32};
}

class Pkcs11Key final : public DigestSigner {
 public:
  Pkcs11Key(std::shared_ptr<TokenState> state, KeyRef ref, KeyAlgorithm algorithm, Bytes public_key_info)
      : DigestSigner(algorithm, std::move(public_key_info)), state_(std::move(state)), ref_(std::move(ref)) {}

  std::string uri() const override {
    return to_text({.token = state_->info.label, .serial = state_->info.serial, .key = ref_});
  }

 protected:
  Result<Bytes> sign_input(SignatureScheme scheme, ByteView input) const override {
    CK_RSA_PKCS_PSS_PARAMS pss = pss_parameters(digest_of(scheme));
    switch (algorithm()) {
      case KeyAlgorithm::rsa:
        if (to_string(scheme).starts_with("RSA-PSS")) return raw({CKM_RSA_PKCS_PSS, &pss, sizeof pss}, input);
        return raw({CKM_RSA_PKCS, nullptr, 0}, digest_info(digest_of(scheme), input));
      case KeyAlgorithm::ed25519:
        return raw({CKM_EDDSA, nullptr, 0}, input);
      case KeyAlgorithm::ec_p256:
      case KeyAlgorithm::ec_p384:
        break;
      case KeyAlgorithm::ml_dsa_44:
      case KeyAlgorithm::ml_dsa_65:
      case KeyAlgorithm::ml_dsa_87:
        return no_ml_dsa(state_->pool->name());
    }
    ANTIN_TRY(const Bytes signature, raw({CKM_ECDSA, nullptr, 0}, truncated(input)));
    return ecdsa_der(signature);
  }

 private:
  // ECDSA takes the leftmost bits of a digest that is longer than the curve's order (FIPS 186-5 §6.4.1); some modules
  // leave that to us.
  ByteView truncated(ByteView digest) const {
    return digest.first(std::min<std::size_t>(digest.size(), algorithm() == KeyAlgorithm::ec_p256 ? 32 : 48));
  }

  // A refused PIN is not given a second time: that value heals with no new session. `lost` says what it was.
  CK_RV authenticate(const SessionPool::Lease& lease, Error& lost) const {
    const Status done = state_->pool->authenticate(lease);
    if (done) return CKR_OK;
    lost = done.error();
    state_->pool->renew(lease.generation());
    return lost.code == ErrorCode::unauthenticated ? CKR_PIN_INCORRECT : CKR_SESSION_HANDLE_INVALID;
  }

  Result<Bytes> raw(CK_MECHANISM mechanism, ByteView input) const {
    std::array<CK_BYTE, 1024> out{};
    unsigned long size = out.size();
    Error lost;
    CK_BYTE nothing = 0;  // an empty message has no address, and modules refuse a null one
    const auto data = input.empty() ? &nothing : const_cast<CK_BYTE_PTR>(input.data());
    const Status done = state_->pool->with_session("sign", [&](const SessionPool::Lease& lease) -> CK_RV {
      lost = {};
      const auto key = state_->private_key(lease, ref_.id);
      if (!key) {
        lost = key.error();
        return key.error().code == ErrorCode::not_found ? CKR_KEY_HANDLE_INVALID : CKR_SESSION_HANDLE_INVALID;
      }
      CK_FUNCTION_LIST* call = state_->pool->call();
      if (const CK_RV value = call->C_SignInit(lease.session(), &mechanism, key->handle); value != CKR_OK) return value;
      if (key->asks_each_time) {
        if (const CK_RV value = authenticate(lease, lost); value != CKR_OK) return value;
      }
      size = out.size();
      return call->C_Sign(lease.session(), data, input.size(), out.data(), &size);
    });
    if (!done && !lost.message.empty()) return fail(std::move(lost).in("sign"));
    ANTIN_CHECK(done);
    return Bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
  }

  std::shared_ptr<TokenState> state_;
  KeyRef ref_;
};

}  // namespace

std::shared_ptr<const SigningKey> make_pkcs11_key(std::shared_ptr<TokenState> state, KeyRef ref, KeyAlgorithm algorithm,
                                                  Bytes public_key_info) {
  return std::make_shared<const Pkcs11Key>(std::move(state), std::move(ref), algorithm, std::move(public_key_info));
}

}  // namespace antin::hsm::pkcs11
