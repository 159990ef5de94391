#include "ca/backup/cipher.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>

#include "base/openssl_ptr.h"

namespace antin::backup {
namespace {

using CipherPtr = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using KdfPtr = OpensslPtr<EVP_KDF, EVP_KDF_free>;
using KdfCtxPtr = OpensslPtr<EVP_KDF_CTX, EVP_KDF_CTX_free>;

const unsigned char* octets(const Secret& key) { return bytes_of(key.reveal()).data(); }
void* mutable_octets(ByteView view) { return const_cast<std::uint8_t*>(view.data()); }

}  // namespace

Result<Secret> hkdf(const Secret& input, ByteView salt, std::string_view info) {
  const KdfPtr kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const KdfCtxPtr context(EVP_KDF_CTX_new(kdf.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, mutable_octets(bytes_of(input.reveal())),
                                        input.reveal().size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, mutable_octets(salt), salt.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, mutable_octets(bytes_of(info)), info.size()),
      OSSL_PARAM_construct_end()};
  std::string out(32, '\0');
  if (!context ||
      EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()), out.size(), parameters) != 1)
    return fail(ErrorCode::internal, "HKDF: " + openssl_error());
  return Secret(std::move(out));
}

Result<Bytes> encrypt(const Secret& key, const Nonce& nonce, ByteView associated, ByteView plain) {
  const CipherPtr context(EVP_CIPHER_CTX_new());
  Bytes out(plain.size() + tag_size);
  int size = 0, ignored = 0;
  if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, octets(key), nonce.data()) != 1 ||
      EVP_EncryptUpdate(context.get(), nullptr, &ignored, associated.data(), static_cast<int>(associated.size())) !=
          1 ||
      EVP_EncryptUpdate(context.get(), out.data(), &size, plain.data(), static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), out.data() + size, &ignored) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, out.data() + plain.size()) != 1)
    return fail(ErrorCode::internal, "AES-256-GCM: " + openssl_error());
  return out;
}

Result<Bytes> decrypt(const Secret& key, const Nonce& nonce, ByteView associated, ByteView sealed) {
  if (sealed.size() < tag_size) return fail(ErrorCode::data_loss, "it is cut short");
  const ByteView body = sealed.first(sealed.size() - tag_size), tag = sealed.last(tag_size);
  const CipherPtr context(EVP_CIPHER_CTX_new());
  Bytes out(body.size() + 1);  // never without an address
  int size = 0, ignored = 0;
  if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, octets(key), nonce.data()) != 1 ||
      EVP_DecryptUpdate(context.get(), nullptr, &ignored, associated.data(), static_cast<int>(associated.size())) !=
          1 ||
      EVP_DecryptUpdate(context.get(), out.data(), &size, body.data(), static_cast<int>(body.size())) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, mutable_octets(tag)) != 1)
    return fail(ErrorCode::internal, "AES-256-GCM: " + openssl_error());
  if (EVP_DecryptFinal_ex(context.get(), out.data() + size, &ignored) != 1) {
    wipe(out.data(), out.size());
    openssl_error();
    return fail(ErrorCode::data_loss, "it was changed or damaged");
  }
  out.pop_back();
  return out;
}

}  // namespace antin::backup
