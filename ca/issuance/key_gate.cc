#include "ca/issuance/key_gate.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/openssl_ptr.h"
#include "ca/issuance/rsa_weakness.h"
#include "hsm/signing_key.h"

namespace antin::issuance {
namespace {

constexpr int min_rsa_bits = 2048;
constexpr int max_rsa_bits = 8192;

std::unexpected<Error> refuse(std::string why) { return fail(ErrorCode::invalid_argument, "public key: " + std::move(why)); }

Result<BignumPtr> parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return refuse("has no " + std::string(name) + ": " + openssl_error());
  return BignumPtr(number);
}

Status check_rsa(const EVP_PKEY* key) {
  ANTIN_TRY(const BignumPtr modulus, parameter(key, OSSL_PKEY_PARAM_RSA_N));
  ANTIN_TRY(const BignumPtr exponent, parameter(key, OSSL_PKEY_PARAM_RSA_E));
  const int bits = BN_num_bits(modulus.get());
  if (bits < min_rsa_bits) return refuse("RSA of " + std::to_string(bits) + " bits; at least 2048 are wanted");
  if (bits > max_rsa_bits) return refuse("RSA of " + std::to_string(bits) + " bits; at most 8192 are accepted");
  if (bits % 8 != 0) return refuse("RSA of " + std::to_string(bits) + " bits; a multiple of 8 is wanted");
  if (BN_is_word(exponent.get(), 65537) != 1) return refuse("RSA exponent is not 65537");
  if (const unsigned factor = small_factor(modulus.get()); factor != 0)
    return refuse("RSA modulus is divisible by " + std::to_string(factor));
  if (has_roca_fingerprint(modulus.get())) return refuse("RSA modulus has the fingerprint of ROCA (CVE-2017-15361)");
  if (fermat_factors(modulus.get(), 100)) return refuse("RSA primes are so close that Fermat's method finds them");
  return {};
}

// A named curve is asked for by its OID; explicit parameters, even of a known curve, are another encoding and are refused
// (CVE-2020-0601). That the point lies on the curve was checked when the key was decoded; the full check repeats it.
Status check_ec(EVP_PKEY* key) {
  std::array<char, 32> encoding{};
  std::size_t size = 0;
  const bool named = EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, encoding.data(), encoding.size(), &size) == 1 &&
                     std::string_view(encoding.data(), size) == OSSL_PKEY_EC_ENCODING_GROUP;
  if (!named) return refuse("the curve is not given by its name");
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key, nullptr));
  if (EVP_PKEY_public_check(context.get()) != 1) return refuse("not a point of the curve: " + openssl_error());
  return {};
}

}  // namespace

Status check_key(ByteView public_key_info) {
  const unsigned char* at = public_key_info.data();
  const EvpPkeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key_info.size())));
  if (!key) return refuse("cannot be decoded: " + openssl_error());
  if (at != public_key_info.data() + public_key_info.size()) return refuse("octets after its end");
  const auto algorithm = hsm::key_algorithm_of(public_key_info);
  if (!algorithm) return refuse("only RSA, P-256, P-384 and Ed25519 are accepted");
  switch (*algorithm) {
    case hsm::KeyAlgorithm::rsa: return check_rsa(key.get());
    case hsm::KeyAlgorithm::ec_p256:
    case hsm::KeyAlgorithm::ec_p384: return check_ec(key.get());
    case hsm::KeyAlgorithm::ed25519: return {};
  }
  return refuse("unknown algorithm");
}

Bytes key_hash(ByteView public_key_info) {
  const Sha256 hash = sha256(public_key_info);
  return {hash.begin(), hash.end()};
}

}  // namespace antin::issuance
