#include "tests/unit/x509/openssl_pki.h"

#include <openssl/conf.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace antin::tests {
namespace {

void check(bool good) {
  if (!good) throw std::runtime_error("test input: OpenSSL: " + openssl_error());
}

template <class T>
Bytes encode(T* object, int (*function)(const T*, unsigned char**)) {
  unsigned char* out = nullptr;
  const int size = function(object, &out);
  check(size > 0);
  Bytes octets(out, out + size);
  OPENSSL_free(out);
  return octets;
}

void set_time(ASN1_TIME* to, Time time) {
  check(ASN1_TIME_set(to, static_cast<time_t>(time.time_since_epoch().count())) != nullptr);
}

X509NamePtr make_name(const std::string& organisation, const std::string& common_name) {
  X509NamePtr name(X509_NAME_new());
  const auto add = [&](const char* type, const std::string& value) {
    check(X509_NAME_add_entry_by_txt(name.get(), type, MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(value.data()),
                                     static_cast<int>(value.size()), -1, 0) == 1);
  };
  add("C", "VN");
  add("O", organisation);
  add("CN", common_name);
  return name;
}

// The digest that a signature of this key is made with.
const EVP_MD* digest_for(const EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "EC") == 1 || EVP_PKEY_is_a(key, "RSA") == 1 ? EVP_sha256() : nullptr;
}

using ConfPtr = OpensslPtr<CONF, NCONF_free>;
using ExtensionPtr = OpensslPtr<X509_EXTENSION, X509_EXTENSION_free>;

}  // namespace

EvpPkeyPtr make_ec_key(const char* curve) {
  EvpPkeyPtr key(EVP_EC_gen(curve));
  check(key != nullptr);
  return key;
}

EvpPkeyPtr make_rsa_key(unsigned bits) {
  EvpPkeyPtr key(EVP_RSA_gen(bits));
  check(key != nullptr);
  return key;
}

EvpPkeyPtr make_ml_dsa_key(const char* name) {
  EvpPkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, name));
  if (!key) openssl_error();
  return key;
}

Bytes made_up_ml_dsa_65() {
  Bytes info{0x30, 0x82, 0x07, 0xb2, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
             0x01, 0x65, 0x03, 0x04, 0x03, 0x12, 0x03, 0x82, 0x07, 0xa1, 0x00};
  info.resize(info.size() + 1952, 0x5a);
  return info;
}

Bytes public_key_info_of(EVP_PKEY* key) { return encode<EVP_PKEY>(key, i2d_PUBKEY); }
Bytes der_of(X509* certificate) { return encode<X509>(certificate, i2d_X509); }

X509Ptr make_certificate(const CertificateSpec& spec, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  X509Ptr made(X509_new());
  check(X509_set_version(made.get(), 2) == 1);
  check(ASN1_INTEGER_set_int64(X509_get_serialNumber(made.get()), spec.serial) == 1);
  set_time(X509_getm_notBefore(made.get()), spec.not_before);
  set_time(X509_getm_notAfter(made.get()), spec.not_after);
  const X509NamePtr subject = make_name(spec.organisation, spec.common_name);
  check(X509_set_subject_name(made.get(), subject.get()) == 1);
  check(X509_set_issuer_name(made.get(), issuer != nullptr ? X509_get_subject_name(issuer) : subject.get()) == 1);
  check(X509_set_pubkey(made.get(), key) == 1);
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer != nullptr ? issuer : made.get(), made.get(), nullptr, nullptr, 0);
  const ConfPtr empty(NCONF_new(nullptr));  // some extensions want one, even without a section in it
  X509V3_set_nconf(&context, empty.get());
  for (const auto& [name, value] : spec.extensions) {
    const ExtensionPtr extension(X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str()));
    check(extension != nullptr && X509_add_ext(made.get(), extension.get(), -1) == 1);
  }
  check(X509_sign(made.get(), issuer_key, digest_for(issuer_key)) > 0);
  return made;
}

X509Ptr make_authority(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, long serial) {
  CertificateSpec spec{
      .common_name = name, .serial = serial, .not_before = time_at(2020, 1, 1), .not_after = time_at(2040, 1, 1)};
  spec.extensions = {{"basicConstraints", "critical,CA:TRUE"},
                     {"keyUsage", "critical,keyCertSign,cRLSign"},
                     {"subjectKeyIdentifier", "hash"}};
  return make_certificate(spec, key, issuer, issuer_key);
}

Bytes make_crl(const CrlSpec& spec, X509* issuer, EVP_PKEY* key) {
  X509CrlPtr crl(X509_CRL_new());
  check(X509_CRL_set_version(crl.get(), 1) == 1);
  check(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer)) == 1);
  const OpensslPtr<ASN1_TIME, ASN1_TIME_free> time(ASN1_TIME_new());
  set_time(time.get(), spec.this_update);
  check(X509_CRL_set1_lastUpdate(crl.get(), time.get()) == 1);
  set_time(time.get(), spec.next_update);
  check(X509_CRL_set1_nextUpdate(crl.get(), time.get()) == 1);
  for (const RevokedSpec& entry : spec.revoked) {
    X509_REVOKED* revoked = X509_REVOKED_new();
    const OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free> serial(ASN1_INTEGER_new());
    check(ASN1_INTEGER_set_int64(serial.get(), entry.serial) == 1 &&
          X509_REVOKED_set_serialNumber(revoked, serial.get()) == 1);
    set_time(time.get(), entry.at);
    check(X509_REVOKED_set_revocationDate(revoked, time.get()) == 1);
    if (entry.reason >= 0) {
      const OpensslPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
      check(ASN1_ENUMERATED_set(reason.get(), entry.reason) == 1 &&
            X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, reason.get(), 0, 0) == 1);
    }
    check(X509_CRL_add0_revoked(crl.get(), revoked) == 1);
  }
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, crl.get(), 0);
  const ConfPtr empty(NCONF_new(nullptr));
  X509V3_set_nconf(&context, empty.get());
  const OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
  check(ASN1_INTEGER_set_int64(number.get(), spec.number) == 1 &&
        X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, number.get(), 0, 0) == 1);
  auto extensions = spec.extensions;
  extensions.emplace_back("authorityKeyIdentifier", "keyid");
  for (const auto& [name, value] : extensions) {
    const ExtensionPtr extension(X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str()));
    check(extension != nullptr && X509_CRL_add_ext(crl.get(), extension.get(), -1) == 1);
  }
  check(X509_CRL_sign(crl.get(), key, digest_for(key)) > 0);
  return encode<X509_CRL>(crl.get(), i2d_X509_CRL);
}

Bytes make_request(const std::string& common_name, EVP_PKEY* key, const EVP_MD* digest) {
  X509ReqPtr request(X509_REQ_new());
  const X509NamePtr subject = make_name("DỮ LIỆU GIẢ LẬP", common_name);
  check(X509_REQ_set_subject_name(request.get(), subject.get()) == 1 && X509_REQ_set_pubkey(request.get(), key) == 1);
  check(X509_REQ_sign(request.get(), key, digest) > 0);
  return encode<X509_REQ>(request.get(), i2d_X509_REQ);
}

}  // namespace antin::tests
