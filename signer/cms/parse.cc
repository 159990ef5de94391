// Reading SignedData: OpenSSL takes BER apart, we look at what it found.
#include <openssl/cms.h>
#include <openssl/ess.h>

#include <algorithm>

#include "base/openssl_ptr.h"
#include "ca/x509/der.h"
#include "signer/cms/cades.h"

namespace antin::cms {
namespace {

namespace der = x509::der;

template <class T>
Bytes encoded(int (*encode)(const T*, unsigned char**), const T* object) {
  unsigned char* out = nullptr;
  const int size = encode(object, &out);
  Bytes octets = size > 0 ? Bytes(out, out + size) : Bytes();
  OPENSSL_free(out);
  return octets;
}

std::string dotted(const ASN1_OBJECT* object) {
  char text[128] = {};
  OBJ_obj2txt(text, sizeof text, object, 1);
  return text;
}

std::optional<DigestAlgorithm> digest_from(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  switch (OBJ_obj2nid(object)) {
    case NID_sha256:
      return DigestAlgorithm::sha256;
    case NID_sha384:
      return DigestAlgorithm::sha384;
    case NID_sha512:
      return DigestAlgorithm::sha512;
    default:
      return std::nullopt;
  }
}

// The scheme that signature algorithm and digest algorithm name together; both must say the same.
std::optional<hsm::SignatureScheme> scheme_from(const X509_ALGOR* signature, DigestAlgorithm digest) {
  const Bytes octets = encoded(i2d_X509_ALGOR, signature);
  if (const auto scheme = hsm::scheme_of(octets); scheme && content_digest_algorithm(*scheme) == digest) {
    // What cannot be checked here is unknown, and not wrong.
    if (hsm::is_ml_dsa(*scheme) && !hsm::require_ml_dsa()) return std::nullopt;
    return scheme;
  }
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, signature);
  // rsaEncryption as signature algorithm leaves the digest to digestAlgorithm (RFC 3370 §3.2); many programs write it
  // so.
  if (OBJ_obj2nid(object) != NID_rsaEncryption) return std::nullopt;
  switch (digest) {
    case DigestAlgorithm::sha384:
      return hsm::SignatureScheme::rsa_pkcs1_sha384;
    case DigestAlgorithm::sha512:
      return hsm::SignatureScheme::rsa_pkcs1_sha512;
    case DigestAlgorithm::sha256:
      break;
  }
  return hsm::SignatureScheme::rsa_pkcs1_sha256;
}

// The one value of a signed attribute that must stand exactly once.
const ASN1_TYPE* single_value(const CMS_SignerInfo* info, int nid, const char* name, std::vector<std::string>& defects,
                              bool required) {
  const int first = CMS_signed_get_attr_by_NID(info, nid, -1);
  if (first < 0) {
    if (required) defects.push_back(std::string("no ") + name + " attribute");
    return nullptr;
  }
  X509_ATTRIBUTE* attribute = CMS_signed_get_attr(info, first);
  if (CMS_signed_get_attr_by_NID(info, nid, first) >= 0 || X509_ATTRIBUTE_count(attribute) != 1) {
    defects.push_back(std::string("several ") + name + " attributes");
    return nullptr;
  }
  return X509_ATTRIBUTE_get0_type(attribute, 0);
}

// RFC 5652 §5.4: the signature is over the DER encoding of the SET, so its members are sorted whatever order they have
// in the message. Some programs neither send nor sign them sorted, and OpenSSL and NSS verify the order that they find.
// Both are kept: the members, which are all that is evaluated, are the same.
void read_signed_attributes(const CMS_SignerInfo* info, SignerInfo& found) {
  std::vector<Bytes> attributes;
  for (int i = 0; i < CMS_signed_get_attr_count(info); ++i)
    attributes.push_back(encoded(i2d_X509_ATTRIBUTE, CMS_signed_get_attr(info, i)));
  if (attributes.empty()) return;
  Bytes together;
  for (const Bytes& attribute : attributes) append(together, attribute);
  found.signed_attributes = der::tlv(der::set_tag, together);
  found.sorted_attributes = der::set_of(std::move(attributes));
}

// The certificate hash in ESS signing-certificate (SHA-1) or its version 2. Only the first one binds the signer (RFC
// 5035 §5.4).
Result<bool> matches_v2(ByteView value, const x509::Certificate& signer) {
  ANTIN_TRY(const der::Element outer, der::only(value, der::sequence_tag));
  ANTIN_TRY(const der::Element list, der::Reader(outer.content).expect(der::sequence_tag));
  ANTIN_TRY(const der::Element id, der::Reader(list.content).expect(der::sequence_tag));
  der::Reader fields(id.content);
  DigestAlgorithm algorithm = DigestAlgorithm::sha256;
  ANTIN_TRY(const auto named, fields.optional(der::sequence_tag));
  if (named) {
    ANTIN_TRY(const der::Element oid, der::Reader(named->content).expect(der::oid_tag));
    if (der::is_oid(oid, "2.16.840.1.101.3.4.2.2"))
      algorithm = DigestAlgorithm::sha384;
    else if (der::is_oid(oid, "2.16.840.1.101.3.4.2.3"))
      algorithm = DigestAlgorithm::sha512;
    else if (!der::is_oid(oid, "2.16.840.1.101.3.4.2.1"))
      return false;
  }
  ANTIN_TRY(const der::Element hash, fields.expect(der::octet_string_tag));
  return equal(hash.content, digest(algorithm, signer.der()));
}

Result<bool> matches_v1(ByteView value, const x509::Certificate& signer) {
  ANTIN_TRY(const der::Element outer, der::only(value, der::sequence_tag));
  ANTIN_TRY(const der::Element list, der::Reader(outer.content).expect(der::sequence_tag));
  ANTIN_TRY(const der::Element id, der::Reader(list.content).expect(der::sequence_tag));
  ANTIN_TRY(const der::Element hash, der::Reader(id.content).expect(der::octet_string_tag));
  Bytes sha1(20);
  unsigned size = 0;
  if (EVP_Digest(signer.der().data(), signer.der().size(), sha1.data(), &size, EVP_sha1(), nullptr) != 1) return false;
  return equal(hash.content, sha1);
}

std::optional<bool> signing_certificate_matches(const CMS_SignerInfo* info, const x509::Certificate& signer,
                                                std::vector<std::string>& defects) {
  const ASN1_TYPE* v2 =
      single_value(info, NID_id_smime_aa_signingCertificateV2, "signing-certificate-v2", defects, false);
  const ASN1_TYPE* v1 = single_value(info, NID_id_smime_aa_signingCertificate, "signing-certificate", defects, false);
  const ASN1_TYPE* value = v2 != nullptr ? v2 : v1;
  if (value == nullptr) return std::nullopt;
  const Bytes octets = encoded(i2d_ASN1_TYPE, value);
  return (v2 != nullptr ? matches_v2(octets, signer) : matches_v1(octets, signer)).value_or(false);
}

std::optional<x509::Certificate> find_signer(CMS_SignerInfo* info, const std::vector<x509::Certificate>& certificates) {
  for (const x509::Certificate& certificate : certificates)
    if (CMS_SignerInfo_cert_cmp(info, certificate.native_keyless()) == 0) return certificate;
  return std::nullopt;
}

std::optional<Time> signing_time_of(const ASN1_TYPE* value) {
  if (value == nullptr) return std::nullopt;
  const Bytes octets = encoded(i2d_ASN1_TYPE, value);
  const auto element = der::Reader(octets).next();
  if (!element) return std::nullopt;
  const auto time = der::read_time(*element);
  return time ? std::optional(*time) : std::nullopt;
}

SignerInfo read_signer(CMS_SignerInfo* info, const std::vector<x509::Certificate>& certificates,
                       const std::string& content_type) {
  SignerInfo found;
  X509_ALGOR *digest_algorithm = nullptr, *signature_algorithm = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, nullptr, &digest_algorithm, &signature_algorithm);
  found.signer = find_signer(info, certificates);
  if (!found.signer) found.defects.push_back("the signer's certificate is not in the signature");
  if (const auto digest = digest_from(digest_algorithm)) {
    found.digest_algorithm = *digest;
    found.scheme = scheme_from(signature_algorithm, *digest);
    if (!found.scheme)
      found.defects.push_back("the signature algorithm is unknown or contradicts the digest algorithm");
  } else {
    found.defects.push_back("the digest algorithm is not one of SHA-256, SHA-384, SHA-512");
  }
  const ASN1_TYPE* digest = single_value(info, NID_pkcs9_messageDigest, "message-digest", found.defects, true);
  if (digest != nullptr && digest->type == V_ASN1_OCTET_STRING)
    found.message_digest =
        Bytes(digest->value.octet_string->data, digest->value.octet_string->data + digest->value.octet_string->length);
  const ASN1_TYPE* type = single_value(info, NID_pkcs9_contentType, "content-type", found.defects, true);
  if (type != nullptr && type->type == V_ASN1_OBJECT) found.content_type = dotted(type->value.object);
  if (!found.content_type.empty() && found.content_type != content_type)  // RFC 5652 §11.1
    found.defects.push_back("the content-type attribute names another type than the content has");
  found.signing_time = signing_time_of(single_value(info, NID_pkcs9_signingTime, "signing-time", found.defects, false));
  if (found.signer) found.signing_certificate_matches = signing_certificate_matches(info, *found.signer, found.defects);
  read_signed_attributes(info, found);
  const ASN1_OCTET_STRING* signature = CMS_SignerInfo_get0_signature(info);
  found.signature.assign(signature->data, signature->data + signature->length);
  return found;
}

std::vector<x509::Certificate> certificates_of(CMS_ContentInfo* message) {
  std::vector<x509::Certificate> found;
  STACK_OF(X509)* stack = CMS_get1_certs(message);
  for (int i = 0; i < sk_X509_num(stack); ++i) {
    const Bytes octets = encoded(i2d_X509, static_cast<const X509*>(sk_X509_value(stack, i)));
    if (auto certificate = x509::Certificate::from_der(octets)) found.push_back(*std::move(certificate));
  }
  sk_X509_pop_free(stack, X509_free);
  return found;
}

}  // namespace

Result<SignedData> parse(ByteView ber) {
  const unsigned char* at = ber.data();
  CMS_ContentInfo* fresh = CMS_ContentInfo_new_ex(keyless_openssl(), nullptr);  // freed by d2i when it fails
  const CmsPtr message(d2i_CMS_ContentInfo(&fresh, &at, static_cast<long>(ber.size())));
  if (!message) return fail(ErrorCode::invalid_argument, "CMS: cannot be decoded: " + openssl_error());
  if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed)
    return fail(ErrorCode::invalid_argument, "CMS: is not SignedData");
  SignedData found;
  found.certificates = certificates_of(message.get());
  found.content_type = dotted(CMS_get0_eContentType(message.get()));
  STACK_OF(CMS_SignerInfo)* infos = CMS_get0_SignerInfos(message.get());
  for (int i = 0; i < sk_CMS_SignerInfo_num(infos); ++i)
    found.signers.push_back(read_signer(sk_CMS_SignerInfo_value(infos, i), found.certificates, found.content_type));
  if (ASN1_OCTET_STRING** content = CMS_get0_content(message.get()); content != nullptr && *content != nullptr)
    found.content = Bytes((*content)->data, (*content)->data + (*content)->length);
  openssl_error();
  return found;
}

Result<AttributeOrder> verified_order(const SignerInfo& signer) {
  if (!signer.signer || !signer.scheme || signer.signed_attributes.empty()) return AttributeOrder::neither;
  const auto holds_over = [&](const Bytes& attributes) -> Result<bool> {
    const auto verified =
        hsm::verify_signature(signer.signer->public_key_info(), *signer.scheme, attributes, signer.signature);
    if (!verified && verified.error().code == ErrorCode::invalid_argument)
      return false;  // the key is of another kind than the algorithm
    return verified;
  };
  ANTIN_TRY(const bool sorted, holds_over(signer.sorted_attributes));
  if (sorted) return AttributeOrder::der;
  if (signer.sorted_attributes == signer.signed_attributes) return AttributeOrder::neither;
  ANTIN_TRY(const bool as_received, holds_over(signer.signed_attributes));
  return as_received ? AttributeOrder::as_received : AttributeOrder::neither;
}

Result<bool> verify_value(const SignerInfo& signer) {
  ANTIN_TRY(const AttributeOrder order, verified_order(signer));
  return order != AttributeOrder::neither;
}

}  // namespace antin::cms
