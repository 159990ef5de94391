#include "hsm/software/private_key_file.h"

#include <openssl/pem.h>

#include <algorithm>

#include "base/openssl_ptr.h"
#include "hsm/public_key.h"

namespace antin::hsm::software {
namespace {

bool is_pem(ByteView file) { return text_of(file).find("-----BEGIN ") != std::string_view::npos; }

Result<EvpPkeyPtr> read_pem(ByteView file) {
  const std::string_view text = text_of(file);
  if (text.find("PRIVATE KEY-----") == std::string_view::npos)
    return fail(ErrorCode::not_found, "private key: none in the file");
  if (text.find("ENCRYPTED") != std::string_view::npos)
    return fail(ErrorCode::invalid_argument, "private key: it is encrypted: decrypt it first");
  const BioPtr in(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  EvpPkeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
  if (!key) return fail(ErrorCode::invalid_argument, "private key: " + openssl_error());
  return key;
}

Result<EvpPkeyPtr> read_der(ByteView file) {
  const unsigned char* at = file.data();
  EvpPkeyPtr key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(file.size())));
  if (key && at == file.data() + file.size()) return key;
  openssl_error();
  return fail(ErrorCode::not_found, "private key: none in the file");
}

Result<Bytes> public_part(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return fail(ErrorCode::invalid_argument, "private key: " + openssl_error());
  Bytes info(der, der + size);
  OPENSSL_free(der);
  return info;
}

// Signed with what is private, verified with what is public.
bool signs_for(EVP_PKEY* key, ByteView public_key_info) {
  constexpr std::string_view challenge = "antin: whoever signs this knows the private key";
  const ByteView message = bytes_of(challenge);
  const auto algorithm = key_algorithm_of(public_key_info);
  const bool whole = algorithm && (*algorithm == KeyAlgorithm::ed25519 || is_ml_dsa(*algorithm));
  const EVP_MD* digest = whole ? nullptr : EVP_sha256();
  const auto reader = read_public_key(public_key_info);
  const EvpMdCtxPtr signing(EVP_MD_CTX_new()), verifying(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (!reader || EVP_DigestSignInit(signing.get(), nullptr, digest, nullptr, key) != 1 ||
      EVP_DigestSign(signing.get(), nullptr, &size, message.data(), message.size()) != 1)
    return false;
  Bytes signature(size);
  return EVP_DigestSign(signing.get(), signature.data(), &size, message.data(), message.size()) == 1 &&
         EVP_DigestVerifyInit(verifying.get(), nullptr, digest, nullptr, reader->get()) == 1 &&
         EVP_DigestVerify(verifying.get(), signature.data(), size, message.data(), message.size()) == 1;
}

// How OpenSSL asks for a passphrase; what asking ended with is kept.
struct Asked {
  const std::function<Result<Secret>()>& passphrase;
  Status answer;
};
int ask(char* buffer, int size, int, void* asked_by) {
  Asked& asked = *static_cast<Asked*>(asked_by);
  const Result<Secret> given = asked.passphrase();
  if (!given) asked.answer = fail(given.error());
  if (!given || given->reveal().size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(given->reveal(), buffer);
  return static_cast<int>(given->reveal().size());
}

Result<EvpPkeyPtr> open_pem(ByteView file, const std::function<Result<Secret>()>& passphrase) {
  if (text_of(file).find("PRIVATE KEY-----") == std::string_view::npos)
    return fail(ErrorCode::not_found, "private key: none in the file");
  const BioPtr in(BIO_new_mem_buf(file.data(), static_cast<int>(file.size())));
  Asked asked{passphrase, {}};
  EvpPkeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, ask, &asked));
  if (key) return key;
  const std::string why = openssl_error();
  ANTIN_CHECK(asked.answer);
  if (text_of(file).find("ENCRYPTED") != std::string_view::npos)
    return fail(ErrorCode::unauthenticated, "private key: the passphrase does not open it");
  return fail(ErrorCode::invalid_argument, "private key: " + why);
}

}  // namespace

Result<Secret> read_private_key(ByteView file, const std::function<Result<Secret>()>& passphrase) {
  ANTIN_TRY(const EvpPkeyPtr key, is_pem(file) ? open_pem(file, passphrase) : read_der(file));
  const OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(key.get()));
  unsigned char* der = nullptr;
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der) : 0;
  if (size <= 0) return fail(ErrorCode::invalid_argument, "private key: " + openssl_error());
  Secret secret(std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)));
  OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  return secret;
}

Result<Bytes> prove_private_key(ByteView file) {
  ANTIN_TRY(const EvpPkeyPtr key, is_pem(file) ? read_pem(file) : read_der(file));
  ANTIN_TRY(Bytes public_key_info, public_part(key.get()));
  if (signs_for(key.get(), public_key_info)) return public_key_info;
  openssl_error();
  return fail(ErrorCode::invalid_argument, "private key: its private and its public part do not belong together");
}

}  // namespace antin::hsm::software
