#include "hsm/ml_dsa.h"

#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>

namespace antin::hsm {
namespace {

// OSSL_SIGNATURE_PARAM_MU by its name, which the headers of OpenSSL 3.0 do not have: what is handed in is no message.
struct RepresentativeGiven {
  int yes = 1;
  std::array<OSSL_PARAM, 2> list{OSSL_PARAM_construct_int("mu", &yes), OSSL_PARAM_construct_end()};
};

}  // namespace

Result<Bytes> sign_representative(EVP_PKEY* key, ByteView representative) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  const RepresentativeGiven given;
  Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = out.size();
  if (EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, given.list.data()) != 1 ||
      EVP_DigestSign(context.get(), out.data(), &size, representative.data(), representative.size()) != 1)
    return fail(ErrorCode::internal, "sign: " + openssl_error());
  out.resize(size);
  return out;
}

Result<bool> verify_representative(EVP_PKEY* key, ByteView representative, ByteView signature) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  const RepresentativeGiven given;
  if (EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, given.list.data()) != 1)
    return fail(ErrorCode::internal, "verify: " + openssl_error());
  const bool good = EVP_DigestVerify(context.get(), signature.data(), signature.size(), representative.data(),
                                     representative.size()) == 1;
  if (!good) openssl_error();
  return good;
}

}  // namespace antin::hsm
