#include "hsm/pkcs11/pkcs11_token.h"

#include <openssl/x509.h>

#include "base/encoding.h"
#include "base/openssl_ptr.h"

namespace antin::hsm::pkcs11 {
namespace {

std::string name_of(const KeyRef& ref) { return ref.label.empty() ? "id " + to_hex(ref.id) : "\"" + ref.label + "\""; }

CK_ATTRIBUTE octets(CK_ATTRIBUTE_TYPE type, const auto& value) {
  return {type, const_cast<void*>(static_cast<const void*>(value.data())), value.size()};
}

struct Mechanism {
  CK_MECHANISM_TYPE type;
  Bytes ec_params;
};
Mechanism generation_of(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::rsa:
      return {CKM_RSA_PKCS_KEY_PAIR_GEN, {}};
    case KeyAlgorithm::ec_p384:
      return {CKM_EC_KEY_PAIR_GEN, from_hex("06052b81040022").value()};
    case KeyAlgorithm::ed25519:
      return {CKM_EC_EDWARDS_KEY_PAIR_GEN, from_hex("06032b6570").value()};
    case KeyAlgorithm::ec_p256:
      break;
  }
  return {CKM_EC_KEY_PAIR_GEN, from_hex("06082a8648ce3d030107").value()};
}

CK_RV generate(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, const KeyRef& ref, const KeySpec& spec,
               KeyObjects& made) {
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_ULONG bits = spec.rsa_bits;
  CK_BYTE exponent[] = {1, 0, 1};
  Mechanism how = generation_of(spec.algorithm);
  CK_MECHANISM mechanism{how.type, nullptr, 0};
  std::vector<CK_ATTRIBUTE> public_key{{CKA_TOKEN, &yes, 1},
                                       {CKA_PRIVATE, &no, 1},
                                       {CKA_VERIFY, &yes, 1},
                                       octets(CKA_ID, ref.id),
                                       octets(CKA_LABEL, ref.label)};
  if (spec.algorithm == KeyAlgorithm::rsa) {
    public_key.push_back({CKA_MODULUS_BITS, &bits, sizeof bits});
    public_key.push_back({CKA_PUBLIC_EXPONENT, exponent, sizeof exponent});
  } else {
    public_key.push_back(octets(CKA_EC_PARAMS, how.ec_params));
  }
  std::vector<CK_ATTRIBUTE> private_key{{CKA_TOKEN, &yes, 1},        {CKA_PRIVATE, &yes, 1}, {CKA_SENSITIVE, &yes, 1},
                                        {CKA_EXTRACTABLE, &no, 1},   {CKA_SIGN, &yes, 1},    octets(CKA_ID, ref.id),
                                        octets(CKA_LABEL, ref.label)};
  return call->C_GenerateKeyPair(session, &mechanism, public_key.data(), public_key.size(), private_key.data(),
                                 private_key.size(), &made.public_key, &made.private_key);
}

// Subject, issuer and serial as PKCS#11 wants them beside the certificate.
struct CertificateNames {
  Bytes subject, issuer, serial;
};
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

}  // namespace

Result<CK_OBJECT_HANDLE> TokenState::private_key(const SessionPool::Lease& lease, const Bytes& id) {
  const std::lock_guard lock(mutex);
  ANTIN_TRY(const auto* keys, in("token " + info.label, index.at(pool->call(), lease)));
  const auto found = keys->find(id);
  if (found == keys->end() || !found->second.info.has_private)
    return fail(ErrorCode::not_found, info.label + ": no private key with id " + to_hex(id));
  return found->second.private_key;
}

Result<std::vector<KeyInfo>> Pkcs11Token::keys() const {
  ANTIN_TRY(const SessionPool::Lease lease, state_->pool->lease());
  const std::lock_guard lock(state_->mutex);
  ANTIN_TRY(const auto* keys, state_->index.at(state_->pool->call(), lease));
  std::vector<KeyInfo> list;
  for (const auto& [id, objects] : *keys) list.push_back(objects.info);
  return list;
}

Result<KeyObjects> Pkcs11Token::find(const SessionPool::Lease& lease, const KeyRef& ref) const {
  const std::lock_guard lock(state_->mutex);
  ANTIN_TRY(const auto* keys, state_->index.at(state_->pool->call(), lease));
  const KeyObjects* match = nullptr;
  for (const auto& [id, objects] : *keys) {
    if (!objects.info.has_private || (!ref.id.empty() && id != ref.id) ||
        (!ref.label.empty() && objects.info.ref.label != ref.label))
      continue;
    if (match != nullptr)
      return fail(ErrorCode::failed_precondition,
                  state_->info.label + ": several keys are " + name_of(ref) + "; name one by its id");
    match = &objects;
  }
  if (match == nullptr) return fail(ErrorCode::not_found, state_->info.label + ": no private key " + name_of(ref));
  return *match;
}

Result<std::shared_ptr<const SigningKey>> Pkcs11Token::make_key(const SessionPool::Lease& lease,
                                                                const KeyObjects& objects) const {
  if (objects.public_key == 0)
    return fail(ErrorCode::failed_precondition, state_->info.label + ": key " + name_of(objects.info.ref) +
                                                    " has no public key object; `antin token doctor` shows it");
  ANTIN_TRY(Bytes spki,
            in(state_->info.label, public_key_info(state_->pool->call(), lease.session(), objects.public_key)));
  ANTIN_TRY(const KeyAlgorithm algorithm, key_algorithm_of(spki));
  return make_pkcs11_key(state_, objects.info.ref, algorithm, std::move(spki));
}

Result<std::shared_ptr<const SigningKey>> Pkcs11Token::find_key(const KeyRef& ref) const {
  for (int attempt = 0;; ++attempt) {
    ANTIN_TRY(const SessionPool::Lease lease, state_->pool->lease());
    const auto objects = find(lease, ref);
    if (objects) return make_key(lease, *objects);
    const bool retry = objects.error().code == ErrorCode::unavailable || objects.error().code == ErrorCode::not_found;
    if (!retry || attempt > 0) return fail(objects.error());
    state_->pool->renew(lease.generation());  // another process may have made the key, or the session died
  }
}

Result<std::shared_ptr<const SigningKey>> Pkcs11Token::generate_key(const KeyRef& ref, const KeySpec& spec) {
  if (ref.id.empty()) return fail(ErrorCode::invalid_argument, "generate key: a CKA_ID is needed");
  KeyObjects made;
  bool taken = false;
  const Status done = state_->pool->with_session("generate key", [&](const SessionPool::Lease& lease) -> CK_RV {
    {
      const std::lock_guard lock(state_->mutex);
      const auto keys = state_->index.at(state_->pool->call(), lease);
      if (!keys) return CKR_SESSION_HANDLE_INVALID;
      for (const CK_OBJECT_HANDLE left : state_->index.take_nameless())
        state_->pool->call()->C_DestroyObject(lease.session(), left);
      const auto found = (*keys)->find(ref.id);
      taken = found != (*keys)->end() && found->second.info.has_private && found->second.public_key != 0;
      if (!taken && found != (*keys)->end()) {
        // Half of a pair, left by a process that was killed between the two: nobody has used it.
        for (const CK_OBJECT_HANDLE half : {found->second.public_key, found->second.private_key}) {
          if (half != 0) state_->pool->call()->C_DestroyObject(lease.session(), half);
        }
        state_->index.forget(Bytes(ref.id));
      }
    }
    return taken ? CKR_OK : generate(state_->pool->call(), lease.session(), ref, spec, made);
  });
  if (taken)
    return fail(ErrorCode::already_exists,
                state_->info.label + ": a key with id " + to_hex(ref.id) + " is there already");
  ANTIN_CHECK(done);
  made.info = {.ref = ref,
               .algorithm = spec.algorithm,
               .has_private = true,
               .has_public = true,
               .has_certificate = false,
               .sensitive = true,
               .extractable = false};
  ANTIN_TRY(const SessionPool::Lease lease, state_->pool->lease());
  {
    const std::lock_guard lock(state_->mutex);
    state_->index.put(ref.id, made);
  }
  return make_key(lease, made);
}

Status Pkcs11Token::write_certificate(const KeyRef& ref, ByteView certificate_der) {
  ANTIN_TRY(const CertificateNames names, names_of(certificate_der));
  ANTIN_TRY(const SessionPool::Lease held, state_->pool->lease());
  ANTIN_TRY(KeyObjects objects, find(held, ref));
  CK_FUNCTION_LIST* call = state_->pool->call();
  CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  std::vector<CK_ATTRIBUTE> content{{CKA_CLASS, &object_class, sizeof object_class},
                                    {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                                    {CKA_TOKEN, &yes, 1},
                                    {CKA_PRIVATE, &no, 1},
                                    octets(CKA_ID, objects.info.ref.id),
                                    octets(CKA_LABEL, objects.info.ref.label),
                                    octets(CKA_SUBJECT, names.subject),
                                    octets(CKA_ISSUER, names.issuer),
                                    octets(CKA_SERIAL_NUMBER, names.serial),
                                    octets(CKA_VALUE, certificate_der)};
  CK_OBJECT_HANDLE written = 0;
  if (const CK_RV value = call->C_CreateObject(held.session(), content.data(), content.size(), &written);
      value != CKR_OK)
    return fail(ckr_error(value, state_->info.label + ": write certificate"));
  if (objects.certificate != 0) call->C_DestroyObject(held.session(), objects.certificate);
  objects.certificate = written;
  objects.info.has_certificate = true;
  const std::lock_guard lock(state_->mutex);
  state_->index.put(objects.info.ref.id, objects);
  return {};
}

Status Pkcs11Token::destroy_key(const KeyRef& ref) {
  ANTIN_TRY(const SessionPool::Lease lease, state_->pool->lease());
  ANTIN_TRY(const KeyObjects objects, find(lease, ref));
  for (const CK_OBJECT_HANDLE object : {objects.certificate, objects.public_key, objects.private_key}) {
    if (object == 0) continue;
    if (const CK_RV value = state_->pool->call()->C_DestroyObject(lease.session(), object); value != CKR_OK)
      return fail(ckr_error(value, state_->info.label + ": destroy key"));
  }
  const std::lock_guard lock(state_->mutex);
  state_->index.forget(objects.info.ref.id);
  return {};
}

}  // namespace antin::hsm::pkcs11
