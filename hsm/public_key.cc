#include "hsm/public_key.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>
#include <optional>

namespace antin::hsm {
namespace {

std::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::invalid_argument, "public key: " + why);
}

// How the SubjectPublicKeyInfo of the fixed-size keys begins, up to the key itself (RFC 5480 uncompressed, RFC 8410,
// RFC 9881 §4), and its size.
struct FixedKey {
  KeyAlgorithm algorithm;
  std::size_t size, key_at;
  std::string_view prefix;  // octets
};
constexpr std::array fixed_keys{
    FixedKey{
        KeyAlgorithm::ec_p256,
        91,
        26,
        {"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04",
         27}},
    FixedKey{KeyAlgorithm::ec_p384,
             120,
             23,
             {"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04", 24}},
    FixedKey{KeyAlgorithm::ed25519, 44, 12, {"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12}},
    FixedKey{KeyAlgorithm::ml_dsa_44,
             1334,
             22,
             {"\x30\x82\x05\x32\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11\x03\x82\x05\x21\x00", 22}},
    FixedKey{KeyAlgorithm::ml_dsa_65,
             1974,
             22,
             {"\x30\x82\x07\xb2\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12\x03\x82\x07\xa1\x00", 22}},
    FixedKey{KeyAlgorithm::ml_dsa_87,
             2614,
             22,
             {"\x30\x82\x0a\x32\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x13\x03\x82\x0a\x21\x00", 22}},
};

const FixedKey* fixed_key(ByteView public_key_info) {
  for (const FixedKey& fixed : fixed_keys)
    if (public_key_info.size() == fixed.size && text_of(public_key_info).starts_with(fixed.prefix)) return &fixed;
  return nullptr;
}

// `30 82 LL LL`, rsaEncryption with NULL, `03 82 LL LL 00`: RSA from about 1,000 bits up (RFC 3279 §2.3.1). The
// RSAPublicKey's octets.
std::optional<ByteView> rsa_octets(ByteView info) {
  constexpr std::string_view algorithm("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82", 17);
  const auto length_at = [&](std::size_t at) { return std::size_t{info[at]} << 8 | info[at + 1]; };
  if (info.size() < 26 || info[0] != 0x30 || info[1] != 0x82 || length_at(2) != info.size() - 4) return std::nullopt;
  if (!text_of(info.subspan(4)).starts_with(algorithm) || length_at(21) != info.size() - 23 || info[23] != 0)
    return std::nullopt;
  return info.subspan(24);
}

Result<EvpPkeyPtr> read_ec(const char* group, ByteView point) {
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(group), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<std::uint8_t*>(point.data()), point.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters.data())) != 1)
    return refuse(openssl_error());
  return EvpPkeyPtr(key);
}

Result<EvpPkeyPtr> read_ml_dsa(const char* name, ByteView octets) {
  ANTIN_CHECK(require_ml_dsa());
  EvpPkeyPtr key(EVP_PKEY_new_raw_public_key_ex(nullptr, name, nullptr, octets.data(), octets.size()));
  if (!key) return refuse(openssl_error());
  return key;
}

Result<EvpPkeyPtr> read_any(ByteView public_key_info) {
  const unsigned char* at = public_key_info.data();
  EvpPkeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key_info.size())));
  if (!key) return refuse(openssl_error());
  if (at != public_key_info.data() + public_key_info.size()) return refuse("octets after its end");
  return key;
}

Result<KeyAlgorithm> algorithm_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return KeyAlgorithm::rsa;
    case EVP_PKEY_ED25519:
      return KeyAlgorithm::ed25519;
    case EVP_PKEY_EC: {
      std::array<char, 64> group{};
      std::size_t size = 0;
      if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1) break;
      const std::string_view name(group.data(), size);
      if (name == "prime256v1") return KeyAlgorithm::ec_p256;
      if (name == "secp384r1") return KeyAlgorithm::ec_p384;
      break;
    }
    default:
      break;
  }
  openssl_error();
  return fail(ErrorCode::unimplemented, "public key: not RSA, P-256, P-384, Ed25519 or ML-DSA");
}

}  // namespace

Result<EvpPkeyPtr> read_public_key(ByteView public_key_info) {
  if (const FixedKey* fixed = fixed_key(public_key_info); fixed != nullptr) {
    const ByteView octets = public_key_info.subspan(fixed->key_at);
    if (fixed->algorithm == KeyAlgorithm::ec_p256) return read_ec("prime256v1", octets);
    if (fixed->algorithm == KeyAlgorithm::ec_p384) return read_ec("secp384r1", octets);
    if (is_ml_dsa(fixed->algorithm)) return read_ml_dsa(openssl_name(fixed->algorithm), octets);
    EvpPkeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets.data(), octets.size()));
    if (!key) return refuse(openssl_error());
    return key;
  }
  if (const auto octets = rsa_octets(public_key_info)) {
    const unsigned char* at = octets->data();
    EvpPkeyPtr key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(octets->size())));
    if (!key) return refuse(openssl_error());
    if (at != octets->data() + octets->size()) return refuse("octets after its end");
    return key;
  }
  return read_any(public_key_info);
}

Result<ByteView> ml_dsa_octets(ByteView public_key_info) {
  const FixedKey* fixed = fixed_key(public_key_info);
  if (fixed == nullptr || !is_ml_dsa(fixed->algorithm)) return refuse("not one of ML-DSA");
  return public_key_info.subspan(fixed->key_at);
}

const char* openssl_name(KeyAlgorithm algorithm) noexcept {
  switch (algorithm) {
    case KeyAlgorithm::ml_dsa_44:
      return "ML-DSA-44";
    case KeyAlgorithm::ml_dsa_65:
      return "ML-DSA-65";
    case KeyAlgorithm::ml_dsa_87:
      return "ML-DSA-87";
    default:
      return nullptr;
  }
}

Status require_ml_dsa() {
  // Asked once: providers are loaded when the process begins and stay.
  static const bool there = [] {
    EVP_SIGNATURE* found = EVP_SIGNATURE_fetch(nullptr, "ML-DSA-65", nullptr);
    if (found == nullptr) openssl_error();
    EVP_SIGNATURE_free(found);
    return found != nullptr;
  }();
  if (there) return {};
  return fail(ErrorCode::unimplemented, std::string("this OpenSSL (") + OpenSSL_version(OPENSSL_VERSION_STRING) +
                                            ") has no ML-DSA: version 3.5 has, as in Debian 13");
}

Result<KeyAlgorithm> key_algorithm_of(ByteView public_key_info) {
  if (const FixedKey* fixed = fixed_key(public_key_info); fixed != nullptr) return fixed->algorithm;
  if (rsa_octets(public_key_info)) return KeyAlgorithm::rsa;
  ANTIN_TRY(const EvpPkeyPtr key, read_public_key(public_key_info));
  return algorithm_of(key.get());
}

}  // namespace antin::hsm
