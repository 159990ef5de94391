#include <openssl/x509v3.h>

#include "base/openssl_ptr.h"
#include "ca/x509/opinion.h"

namespace antin::x509 {
namespace {

template <class T>
Bytes encode(const T* object, int (*function)(const T*, unsigned char**)) {
  unsigned char* out = nullptr;
  const int size = function(object, &out);
  if (size <= 0) return {};
  Bytes octets(out, out + size);
  OPENSSL_free(out);
  return octets;
}

Bytes octets_of(const ASN1_STRING* text) {
  const unsigned char* data = ASN1_STRING_get0_data(text);
  return {data, data + ASN1_STRING_length(text)};
}

Bytes octets_of(const X509_NAME* name) {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(name, &data, &size) != 1) return {};
  return {data, data + size};
}

Result<Time> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
    return fail(ErrorCode::invalid_argument, "OpenSSL: a time that cannot be read");
  return time_at(parts.tm_year + 1900, static_cast<unsigned>(parts.tm_mon + 1), static_cast<unsigned>(parts.tm_mday),
                 static_cast<unsigned>(parts.tm_hour), static_cast<unsigned>(parts.tm_min),
                 static_cast<unsigned>(parts.tm_sec));
}

Bytes octets_of(const ASN1_OBJECT* object) { return encode<ASN1_OBJECT>(object, i2d_ASN1_OBJECT); }

int reason_of(const X509_REVOKED* revoked) {
  const OpensslPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(revoked, NID_crl_reason, nullptr, nullptr)));
  return reason == nullptr ? 0 : static_cast<int>(ASN1_ENUMERATED_get(reason.get()));
}

Result<std::vector<CrlOpinion::Entry>> entries_of(X509_CRL* crl) {
  std::vector<CrlOpinion::Entry> entries;
  const STACK_OF(X509_REVOKED)* list = X509_CRL_get_REVOKED(crl);
  for (int i = 0; i < sk_X509_REVOKED_num(list); ++i) {
    const X509_REVOKED* revoked = sk_X509_REVOKED_value(list, i);
    ANTIN_TRY(const Time at, time_of(X509_REVOKED_get0_revocationDate(revoked)));
    entries.push_back({octets_of(X509_REVOKED_get0_serialNumber(revoked)), at, reason_of(revoked)});
  }
  return entries;
}

}  // namespace

Result<CertificateOpinion> openssl_opinion(x509_st* certificate) {
  CertificateOpinion out;
  out.serial = octets_of(X509_get0_serialNumber(certificate));
  out.issuer = octets_of(X509_get_issuer_name(certificate));
  out.subject = octets_of(X509_get_subject_name(certificate));
  ANTIN_TRY(out.not_before, time_of(X509_get0_notBefore(certificate)));
  ANTIN_TRY(out.not_after, time_of(X509_get0_notAfter(certificate)));
  out.public_key_info = encode<X509_PUBKEY>(X509_get_X509_PUBKEY(certificate), i2d_X509_PUBKEY);
  const ASN1_BIT_STRING* signature = nullptr;
  const X509_ALGOR* algorithm = nullptr;
  X509_get0_signature(&signature, &algorithm, certificate);
  out.signature_algorithm = encode<X509_ALGOR>(algorithm, i2d_X509_ALGOR);
  out.signature = octets_of(signature);
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    X509_EXTENSION* extension = X509_get_ext(certificate, i);
    out.extensions[octets_of(X509_EXTENSION_get_object(extension))] = {X509_EXTENSION_get_critical(extension) == 1,
                                                                       octets_of(X509_EXTENSION_get_data(extension))};
  }
  return out;
}

Result<CrlOpinion> openssl_crl_opinion(ByteView der) {
  const unsigned char* at = der.data();
  const X509CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (crl == nullptr || at != der.data() + der.size())
    return fail(ErrorCode::invalid_argument, "crl: OpenSSL: " + openssl_error());
  CrlOpinion out;
  out.issuer_text = octets_of(X509_CRL_get_issuer(crl.get()));
  ANTIN_TRY(out.this_update, time_of(X509_CRL_get0_lastUpdate(crl.get())));
  ANTIN_TRY(out.next_update, time_of(X509_CRL_get0_nextUpdate(crl.get())));
  ANTIN_TRY(out.entries, entries_of(crl.get()));
  return out;
}

}  // namespace antin::x509
