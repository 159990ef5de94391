#include "ca/x509/signature_check.h"

#include <openssl/rsa.h>

#include <cstring>

#include "ca/x509/der.h"
#include "hsm/public_key.h"

namespace antin::x509 {
namespace {

using AlgorithmPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;
using PssPtr = OpensslPtr<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;

const EVP_MD* digest_named(const X509_ALGOR* algorithm) {
  if (algorithm == nullptr) return EVP_sha1();  // RFC 4055: the default
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return EVP_get_digestbyobj(object);
}

// MGF1's digest: the AlgorithmIdentifier inside the parameters of id-mgf1.
const EVP_MD* mask_digest(const X509_ALGOR* mask) {
  if (mask == nullptr) return EVP_sha1();
  const ASN1_OBJECT* object = nullptr;
  int type = 0;
  const void* parameter = nullptr;
  X509_ALGOR_get0(&object, &type, &parameter, mask);
  if (OBJ_obj2nid(object) != NID_mgf1 || type != V_ASN1_SEQUENCE) return nullptr;
  const auto* text = static_cast<const ASN1_STRING*>(parameter);
  const unsigned char* at = ASN1_STRING_get0_data(text);
  const AlgorithmPtr inner(d2i_X509_ALGOR(nullptr, &at, ASN1_STRING_length(text)));
  return inner == nullptr ? nullptr : digest_named(inner.get());
}

// The parameters of RSASSA-PSS, set on a verification that has begun.
bool apply_pss(EVP_PKEY_CTX* context, const RSA_PSS_PARAMS* params) {
  const EVP_MD* mask = mask_digest(params->maskGenAlgorithm);
  const long salt = params->saltLength == nullptr ? 20 : ASN1_INTEGER_get(params->saltLength);
  const long trailer = params->trailerField == nullptr ? 1 : ASN1_INTEGER_get(params->trailerField);
  if (mask == nullptr || salt < 0 || salt > 1024 || trailer != 1) return false;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(salt)) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask) == 1;
}

PssPtr read_pss(const X509_ALGOR* algorithm) {
  int type = 0;
  const void* parameter = nullptr;
  X509_ALGOR_get0(nullptr, &type, &parameter, algorithm);
  if (type != V_ASN1_SEQUENCE) return nullptr;
  const auto* text = static_cast<const ASN1_STRING*>(parameter);
  const unsigned char* at = ASN1_STRING_get0_data(text);
  return PssPtr(d2i_RSA_PSS_PARAMS(nullptr, &at, ASN1_STRING_length(text)));
}

bool run(EVP_MD_CTX* context, ByteView message, ByteView signature) {
  const bool good = EVP_DigestVerify(context, signature.data(), signature.size(), message.data(), message.size()) == 1;
  if (!good) openssl_error();  // empties the queue: a bad signature is an answer
  return good;
}

Result<bool> check_pss(EVP_PKEY* key, const X509_ALGOR* algorithm, ByteView message, ByteView signature) {
  const PssPtr params = read_pss(algorithm);
  const EVP_MD* digest = params == nullptr ? nullptr : digest_named(params->hashAlgorithm);
  if (digest == nullptr)
    return fail(ErrorCode::unimplemented, "signature: parameters of RSASSA-PSS that are not known");
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  const bool begun = EVP_DigestVerifyInit(context.get(), &key_context, digest, nullptr, key) == 1 &&
                     apply_pss(key_context, params.get());
  if (!begun) {
    openssl_error();
    return false;
  }
  return run(context.get(), message, signature);
}

// ML-DSA is in OpenSSL's providers alone: its keys have no number there.
Result<bool> check_ml_dsa(EVP_PKEY* key, hsm::SignatureScheme scheme, ByteView message, ByteView signature) {
  ANTIN_CHECK(hsm::require_ml_dsa());
  if (EVP_PKEY_is_a(key, std::string(to_string(scheme)).c_str()) != 1) return false;
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) != 1) {
    openssl_error();
    return false;
  }
  return run(context.get(), message, signature);
}

}  // namespace

Result<bool> check_signature(EVP_PKEY* key, ByteView algorithm_identifier, ByteView message, ByteView signature) {
  if (const auto scheme = hsm::scheme_of(algorithm_identifier); scheme && hsm::is_ml_dsa(*scheme))
    return check_ml_dsa(key, *scheme, message, signature);
  const unsigned char* at = algorithm_identifier.data();
  const AlgorithmPtr algorithm(d2i_X509_ALGOR(nullptr, &at, static_cast<long>(algorithm_identifier.size())));
  if (algorithm == nullptr) return fail(ErrorCode::invalid_argument, "signature: algorithm: " + openssl_error());
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm.get());
  const int nid = OBJ_obj2nid(object);
  if (nid == NID_rsassaPss) return check_pss(key, algorithm.get(), message, signature);
  int digest_nid = NID_undef, key_nid = NID_undef;
  if (OBJ_find_sigid_algs(nid, &digest_nid, &key_nid) != 1)
    return fail(ErrorCode::unimplemented, "signature: an algorithm that is not known");
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_type(key_nid)) return false;
  const EVP_MD* digest = digest_nid == NID_undef ? nullptr : EVP_get_digestbynid(digest_nid);
  const bool too_weak = digest != nullptr && EVP_MD_get_size(digest) < 20;  // MD5 and older prove nothing
  if (too_weak || (digest == nullptr && digest_nid != NID_undef))
    return fail(ErrorCode::unimplemented, "signature: a digest that is not known");
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  if (EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) != 1) {
    openssl_error();
    return false;
  }
  return run(context.get(), message, signature);
}

Result<bool> signed_by(const Certificate& certificate, const Certificate& issuer) {
  ANTIN_TRY(const EvpPkeyPtr key, in("certificate: issuer", hsm::read_public_key(issuer.public_key_info())));
  return in("certificate",
            check_signature(key.get(), certificate.signature_algorithm(), certificate.tbs(), certificate.signature()));
}

}  // namespace antin::x509
