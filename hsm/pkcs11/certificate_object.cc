#include "hsm/pkcs11/certificate_object.h"

#include <openssl/x509.h>

#include "base/openssl_ptr.h"

namespace antin::hsm::pkcs11 {
namespace {

CK_ATTRIBUTE octets(CK_ATTRIBUTE_TYPE type, const auto& value) {
  return {type, const_cast<void*>(static_cast<const void*>(value.data())), value.size()};
}

}  // namespace

Result<CertificateNames> names_of(ByteView der) {
  const unsigned char* at = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate) return fail(ErrorCode::invalid_argument, "certificate: " + openssl_error());
  const auto encode = [](auto encoder, auto* object) {
    unsigned char* out = nullptr;
    const int size = encoder(object, &out);
    Bytes octets(out, out + (size > 0 ? size : 0));
    OPENSSL_free(out);
    return octets;
  };
  return CertificateNames{encode(i2d_X509_NAME, X509_get_subject_name(certificate.get())),
                          encode(i2d_X509_NAME, X509_get_issuer_name(certificate.get())),
                          encode(i2d_ASN1_INTEGER, X509_get0_serialNumber(certificate.get()))};
}

std::vector<CK_ATTRIBUTE> certificate_template(const KeyRef& name, const CertificateNames& names,
                                               ByteView certificate_der) {
  static CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
  static CK_CERTIFICATE_TYPE type = CKC_X_509;
  static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  return {{CKA_CLASS, &object_class, sizeof object_class},
          {CKA_CERTIFICATE_TYPE, &type, sizeof type},
          {CKA_TOKEN, &yes, 1},
          {CKA_PRIVATE, &no, 1},
          octets(CKA_ID, name.id),
          octets(CKA_LABEL, name.label),
          octets(CKA_SUBJECT, names.subject),
          octets(CKA_ISSUER, names.issuer),
          octets(CKA_SERIAL_NUMBER, names.serial),
          octets(CKA_VALUE, certificate_der)};
}

}  // namespace antin::hsm::pkcs11
