// TestKey: a SigningKey in memory for tests of folders that know nothing of tokens.
#pragma once

#include "base/openssl_ptr.h"
#include "hsm/ml_dsa.h"
#include "hsm/scheme_hasher.h"
#include "hsm/signing_key.h"
#include "tests/unit/x509/openssl_pki.h"

namespace antin::tests {

class TestKey final : public hsm::SigningKey {
 public:
  explicit TestKey(EvpPkeyPtr key) : key_(std::move(key)), info_(public_key_info_of(key_.get())) {}

  hsm::KeyAlgorithm algorithm() const noexcept override { return hsm::key_algorithm_of(info_).value(); }
  ByteView public_key_info() const noexcept override { return info_; }
  std::string uri() const override { return "test:key"; }

  // Digest in, signature out: RSA PKCS#1 v1.5, ECDSA and ML-DSA, which is all that tests here ask for.
  Result<Bytes> sign_digest(hsm::SignatureScheme scheme, ByteView digest) const override {
    ++signatures;
    ANTIN_TRY(Bytes signature, is_ml_dsa(scheme) ? hsm::sign_representative(key_.get(), digest) : made(scheme, digest));
    if (spoil) signature.back() ^= 1;
    return signature;
  }
  Result<Bytes> sign(hsm::SignatureScheme scheme, ByteView message) const override {
    ANTIN_TRY(hsm::SchemeHasher hasher, hsm::SchemeHasher::begin(scheme, info_));
    return sign_digest(scheme, hasher.update(message).finish());
  }

  mutable int signatures = 0;  // how often it signed
  bool spoil = false;          // gives wrong signatures, as a faulty token would

 private:
  Result<Bytes> made(hsm::SignatureScheme scheme, ByteView digest) const {
    const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
    std::size_t size = 0;
    if (EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_signature_md(
            context.get(), EVP_get_digestbyname(std::string(to_string(hsm::digest_of(scheme))).erase(3, 1).c_str())) !=
            1 ||
        EVP_PKEY_sign(context.get(), nullptr, &size, digest.data(), digest.size()) != 1)
      return fail(ErrorCode::internal, openssl_error());
    Bytes signature(size);
    if (EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
      return fail(ErrorCode::internal, openssl_error());
    signature.resize(size);
    return signature;
  }
  EvpPkeyPtr key_;
  Bytes info_;
};

}  // namespace antin::tests
