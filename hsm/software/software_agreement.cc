#include <openssl/x509.h>

#include "base/openssl_ptr.h"
#include "hsm/public_key.h"
#include "hsm/software/software_key.h"

namespace antin::hsm::software {
namespace {

class SoftwareAgreementKey final : public AgreementKey {
 public:
  SoftwareAgreementKey(EvpPkeyPtr key, Bytes public_key_info, std::string label)
      : key_(std::move(key)), public_key_info_(std::move(public_key_info)), label_(std::move(label)) {}
  ByteView public_key_info() const noexcept override { return public_key_info_; }
  std::string uri() const override { return "software:" + label_; }

  Result<Secret> agree(ByteView point) const override {
    ANTIN_CHECK(check_p256_point(point));
    const EvpPkeyPtr peer(EVP_PKEY_new());
    const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    std::string secret(32, '\0');
    std::size_t size = secret.size();
    if (EVP_PKEY_copy_parameters(peer.get(), key_.get()) != 1 ||
        EVP_PKEY_set1_encoded_public_key(peer.get(), point.data(), point.size()) != 1 ||
        EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(secret.data()), &size) != 1 || size != 32)
      return fail(ErrorCode::internal, uri() + ": derive: " + openssl_error());
    return Secret(std::move(secret));
  }

 private:
  EvpPkeyPtr key_;
  Bytes public_key_info_;
  std::string label_;
};

}  // namespace

Result<std::shared_ptr<const AgreementKey>> generate_agreement(std::string label) {
  EvpPkeyPtr key(EVP_EC_gen("P-256"));
  unsigned char* der = nullptr;
  const int size = key ? i2d_PUBKEY(key.get(), &der) : 0;
  if (size <= 0) return fail(ErrorCode::internal, "software key: " + openssl_error());
  Bytes public_key_info(der, der + size);
  OPENSSL_free(der);
  return std::make_shared<const SoftwareAgreementKey>(std::move(key), std::move(public_key_info), std::move(label));
}

}  // namespace antin::hsm::software
