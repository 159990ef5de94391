// A private key that was made elsewhere goes into the token.
#include <openssl/core_names.h>

#include <array>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "hsm/pkcs11/pkcs11_token.h"
#include "hsm/public_key.h"

namespace antin::hsm::pkcs11 {
namespace {

using SecretBignum = OpensslPtr<BIGNUM, BN_clear_free>;

std::unexpected<Error> odd_key() {
  return fail(ErrorCode::invalid_argument, "private key: it is none of RSA, P-256, P-384 and Ed25519: " +
                                               openssl_error());
}

Result<EvpPkeyPtr> parse(const Secret& private_key_info) {
  const ByteView octets = bytes_of(private_key_info.reveal());
  const unsigned char* at = octets.data();
  const OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(octets.size())));
  EvpPkeyPtr key(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
  if (!key) return odd_key();
  return key;
}

Result<Bytes> public_info(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return odd_key();
  Bytes info(der, der + size);
  OPENSSL_free(der);
  return info;
}

// Big-endian and without leading zeros, or of `size` octets.
Result<Secret> number(EVP_PKEY* key, const char* name, std::size_t size = 0) {
  BIGNUM* read = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &read) != 1) return odd_key();
  const SecretBignum value(read);
  std::string octets(std::max(size, static_cast<std::size_t>(BN_num_bytes(value.get()))), '\0');
  BN_bn2binpad(value.get(), reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  return Secret(std::move(octets));
}

Result<Secret> raw_private(EVP_PKEY* key) {
  std::size_t size = 0;
  if (EVP_PKEY_get_raw_private_key(key, nullptr, &size) != 1) return odd_key();
  std::string octets(size, '\0');
  if (EVP_PKEY_get_raw_private_key(key, reinterpret_cast<unsigned char*>(octets.data()), &size) != 1) return odd_key();
  return Secret(std::move(octets));
}

// The public point as PKCS#11 wants it: in a DER OCTET STRING.
Result<Bytes> public_point(EVP_PKEY* key) {
  std::array<unsigned char, 133> point{};
  std::size_t size = point.size();
  const bool read = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519
                        ? EVP_PKEY_get_raw_public_key(key, point.data(), &size) == 1
                        : EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(),
                                                          &size) == 1;
  if (!read || size > 127) return odd_key();
  Bytes octets{0x04, static_cast<std::uint8_t>(size)};
  append(octets, ByteView(point.data(), size));
  return octets;
}

// What the two objects have of the key itself. Attributes point into it.
struct KeyMaterial {
  KeyAlgorithm algorithm = KeyAlgorithm::ec_p256;
  CK_KEY_TYPE type = CKK_EC;
  Bytes curve, point;
  std::vector<std::pair<CK_ATTRIBUTE_TYPE, Secret>> parts;  // of the private object; of RSA the first two are public

  bool is_public(CK_ATTRIBUTE_TYPE part) const { return part == CKA_MODULUS || part == CKA_PUBLIC_EXPONENT; }
  void add_to(std::vector<CK_ATTRIBUTE>& object, bool is_private) const {
    object.push_back({CKA_KEY_TYPE, const_cast<CK_KEY_TYPE*>(&type), sizeof type});
    if (!curve.empty()) object.push_back(octets(CKA_EC_PARAMS, curve));
    if (!is_private && !point.empty()) object.push_back(octets(CKA_EC_POINT, point));
    for (const auto& [part, value] : parts)
      if (is_private || is_public(part)) object.push_back(octets(part, value.reveal()));
  }
};

Status read_rsa(EVP_PKEY* key, KeyMaterial& material) {
  constexpr std::pair<CK_ATTRIBUTE_TYPE, const char*> parts[] = {
      {CKA_MODULUS, OSSL_PKEY_PARAM_RSA_N},          {CKA_PUBLIC_EXPONENT, OSSL_PKEY_PARAM_RSA_E},
      {CKA_PRIVATE_EXPONENT, OSSL_PKEY_PARAM_RSA_D}, {CKA_PRIME_1, OSSL_PKEY_PARAM_RSA_FACTOR1},
      {CKA_PRIME_2, OSSL_PKEY_PARAM_RSA_FACTOR2},    {CKA_EXPONENT_1, OSSL_PKEY_PARAM_RSA_EXPONENT1},
      {CKA_EXPONENT_2, OSSL_PKEY_PARAM_RSA_EXPONENT2}, {CKA_COEFFICIENT, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};
  for (const auto& [type, name] : parts) {
    ANTIN_TRY(Secret value, number(key, name));
    material.parts.emplace_back(type, std::move(value));
  }
  return {};
}

Result<KeyMaterial> material_of(EVP_PKEY* key, KeyAlgorithm algorithm) {
  KeyMaterial material;
  material.algorithm = algorithm;
  material.curve = curve_parameters(algorithm);
  if (algorithm == KeyAlgorithm::rsa) {
    material.type = CKK_RSA;
    ANTIN_CHECK(read_rsa(key, material));
    return material;
  }
  ANTIN_TRY(material.point, public_point(key));
  const bool edwards = algorithm == KeyAlgorithm::ed25519;
  if (edwards) material.type = CKK_EC_EDWARDS;
  const std::size_t size = algorithm == KeyAlgorithm::ec_p384 ? 48 : 32;
  ANTIN_TRY(Secret value, edwards ? raw_private(key) : number(key, OSSL_PKEY_PARAM_PRIV_KEY, size));
  material.parts.emplace_back(CKA_VALUE, std::move(value));
  return material;
}

// A process that is killed in between leaves half a pair, which the next attempt removes.
CK_RV create_pair(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, const KeyRef& ref, const KeyMaterial& material) {
  CK_OBJECT_CLASS private_class = CKO_PRIVATE_KEY, public_class = CKO_PUBLIC_KEY;
  std::vector<CK_ATTRIBUTE> private_key = private_template(ref, Purpose::sign);
  std::vector<CK_ATTRIBUTE> public_key = public_template(ref, Purpose::sign);
  private_key.push_back({CKA_CLASS, &private_class, sizeof private_class});
  public_key.push_back({CKA_CLASS, &public_class, sizeof public_class});
  material.add_to(private_key, true);
  material.add_to(public_key, false);
  CK_OBJECT_HANDLE private_half = 0, public_half = 0;
  CK_RV value = call->C_CreateObject(session, private_key.data(), private_key.size(), &private_half);
  if (value != CKR_OK) return value;
  value = call->C_CreateObject(session, public_key.data(), public_key.size(), &public_half);
  if (value != CKR_OK) call->C_DestroyObject(session, private_half);
  return value;
}

Status prove(const SigningKey& key, ByteView public_key_info) {
  constexpr std::string_view challenge = "antin: this token has the key that was put into it";
  const SignatureScheme scheme = default_scheme(key.algorithm());
  ANTIN_TRY(const Bytes signature, key.sign(scheme, bytes_of(challenge)));
  ANTIN_TRY(const bool good, verify_signature(public_key_info, scheme, bytes_of(challenge), signature));
  if (good) return {};
  return fail(ErrorCode::failed_precondition,
              key.uri() + ": the token does not sign with the key that was put into it");
}

}  // namespace

Result<std::shared_ptr<const SigningKey>> Pkcs11Token::import_key(const KeyRef& ref, const Secret& private_key_info) {
  if (ref.id.empty()) return fail(ErrorCode::invalid_argument, "import key: a CKA_ID is needed");
  ANTIN_TRY(const EvpPkeyPtr parsed, parse(private_key_info));
  ANTIN_TRY(const Bytes wanted, public_info(parsed.get()));
  ANTIN_TRY(const KeyAlgorithm algorithm, key_algorithm_of(wanted));
  if (is_ml_dsa(algorithm)) return no_ml_dsa(state_->pool->name());
  ANTIN_TRY(const KeyMaterial material, material_of(parsed.get(), algorithm));
  ANTIN_CHECK(state_->pool->with_session("import key", [&](const SessionPool::Lease& lease) -> CK_RV {
    const Result<bool> there = pair_is_there(lease, ref.id);
    if (!there) return there.error().code == ErrorCode::unavailable ? CKR_SESSION_HANDLE_INVALID : CKR_FUNCTION_FAILED;
    if (*there) return CKR_OK;
    const CK_RV made = create_pair(state_->pool->call(), lease.session(), ref, material);
    const std::lock_guard lock(state_->mutex);
    state_->index.reread();
    return made;
  }));
  ANTIN_TRY(std::shared_ptr<const SigningKey> key, find_key({ref.id, {}}));
  if (!equal(key->public_key_info(), wanted))
    return fail(ErrorCode::already_exists,
                state_->info.label + ": another key with id " + to_hex(ref.id) + " is there already");
  ANTIN_TRY(const std::vector<KeyInfo> all, keys());
  for (const KeyInfo& one : all)
    if (one.ref.id == ref.id && (!one.sensitive || one.extractable))
      return fail(ErrorCode::failed_precondition,
                  state_->info.label + ": the token would give the key out again: destroy it there");
  ANTIN_CHECK(prove(*key, wanted));
  return key;
}

}  // namespace antin::hsm::pkcs11
