#include "hsm/software/software_key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/openssl_ptr.h"
#include "hsm/digest_signer.h"
#include "hsm/ml_dsa.h"
#include "hsm/public_key.h"

namespace antin::hsm::software {
namespace {

const EVP_MD* evp(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha384:
      return EVP_sha384();
    case DigestAlgorithm::sha512:
      return EVP_sha512();
    case DigestAlgorithm::sha256:
      break;
  }
  return EVP_sha256();
}

class SoftwareKey final : public DigestSigner {
 public:
  SoftwareKey(EvpPkeyPtr key, KeyAlgorithm algorithm, Bytes public_key_info, std::string uri)
      : DigestSigner(algorithm, std::move(public_key_info)), key_(std::move(key)), uri_(std::move(uri)) {}
  std::string uri() const override { return uri_; }

 protected:
  Result<Bytes> sign_input(SignatureScheme scheme, ByteView input) const override {
    if (is_ml_dsa(scheme)) return in(uri_, sign_representative(key_.get(), input));
    return scheme == SignatureScheme::ed25519 ? sign_message(input) : sign_hashed(scheme, input);
  }

 private:
  Result<Bytes> sign_message(ByteView message) const {
    const EvpMdCtxPtr context(EVP_MD_CTX_new());
    Bytes out(64);
    std::size_t size = out.size();
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) != 1)
      return fail(ErrorCode::internal, uri() + ": sign: " + openssl_error());
    out.resize(size);
    return out;
  }

  Result<Bytes> sign_hashed(SignatureScheme scheme, ByteView hash) const {
    const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    bool ready = EVP_PKEY_sign_init(context.get()) == 1;
    if (algorithm() == KeyAlgorithm::rsa) {
      const bool pss = to_string(scheme).starts_with("RSA-PSS");
      ready =
          ready && EVP_PKEY_CTX_set_rsa_padding(context.get(), pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) == 1;
      if (pss) ready = ready && EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    ready = ready && EVP_PKEY_CTX_set_signature_md(context.get(), evp(digest_of(scheme))) == 1;
    Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
    std::size_t size = out.size();
    if (!ready || EVP_PKEY_sign(context.get(), out.data(), &size, hash.data(), hash.size()) != 1)
      return fail(ErrorCode::internal, uri() + ": sign: " + openssl_error());
    out.resize(size);
    return out;
  }

  EvpPkeyPtr key_;
  std::string uri_;
};

Result<EvpPkeyPtr> make(const KeySpec& spec) {
  EVP_PKEY* key = nullptr;
  switch (spec.algorithm) {
    case KeyAlgorithm::rsa:
      key = EVP_RSA_gen(spec.rsa_bits);
      break;
    case KeyAlgorithm::ec_p256:
      key = EVP_EC_gen("P-256");
      break;
    case KeyAlgorithm::ec_p384:
      key = EVP_EC_gen("P-384");
      break;
    case KeyAlgorithm::ed25519:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
      break;
    case KeyAlgorithm::ml_dsa_44:
    case KeyAlgorithm::ml_dsa_65:
    case KeyAlgorithm::ml_dsa_87:
      ANTIN_CHECK(require_ml_dsa());
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, openssl_name(spec.algorithm));
      break;
  }
  if (key == nullptr) return fail(ErrorCode::internal, "software key: " + openssl_error());
  return EvpPkeyPtr(key);
}

Result<std::shared_ptr<const SigningKey>> wrap(EvpPkeyPtr key, std::string uri) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  if (size <= 0) return fail(ErrorCode::internal, "software key: " + openssl_error());
  Bytes public_key_info(der, der + size);
  OPENSSL_free(der);
  ANTIN_TRY(const KeyAlgorithm algorithm, key_algorithm_of(public_key_info));
  return std::make_shared<const SoftwareKey>(std::move(key), algorithm, std::move(public_key_info), std::move(uri));
}

}  // namespace

Result<std::shared_ptr<const SigningKey>> generate(const KeySpec& spec, std::string label) {
  ANTIN_TRY(EvpPkeyPtr key, make(spec));
  return wrap(std::move(key), "software:" + label);
}

Result<std::string> generate_encrypted_pem(const KeySpec& spec, const Secret& passphrase) {
  ANTIN_TRY(const EvpPkeyPtr key, make(spec));
  const BioPtr out(BIO_new(BIO_s_mem()));
  const std::string_view text = passphrase.reveal();
  if (PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), text.data(), static_cast<int>(text.size()),
                                    nullptr, nullptr) != 1)
    return fail(ErrorCode::internal, "software key: " + openssl_error());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Result<std::shared_ptr<const SigningKey>> from_encrypted_pem(std::string_view pem, const Secret& passphrase,
                                                             std::string uri) {
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Secret copy = passphrase.clone();
  const auto hand_over = [](char* buffer, int size, int, void* secret) {
    const std::string_view text = static_cast<const Secret*>(secret)->reveal();
    if (text.size() > static_cast<std::size_t>(size)) return -1;
    text.copy(buffer, text.size());
    return static_cast<int>(text.size());
  };
  EvpPkeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, hand_over, &copy));
  if (!key) {
    openssl_error();
    return fail(ErrorCode::unauthenticated, "software key " + uri + ": wrong passphrase or not an encrypted key");
  }
  return wrap(std::move(key), std::move(uri));
}

}  // namespace antin::hsm::software
