#include "ca/issuance/key_gate.h"

#include <openssl/ec.h>

#include <string>
#include <vector>

#include "base/digest.h"
#include "base/openssl_ptr.h"
#include "ca/issuance/rsa_weakness.h"
#include "ca/x509/der.h"
#include "hsm/signing_key.h"

namespace antin::issuance {
namespace {

namespace der = x509::der;
using GroupPtr = OpensslPtr<EC_GROUP, EC_GROUP_free>;
using PointPtr = OpensslPtr<EC_POINT, EC_POINT_free>;

constexpr int min_rsa_bits = 2048;
constexpr int max_rsa_bits = 8192;

std::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::invalid_argument, "public key: " + std::move(why));
}

struct PublicKey {
  std::uint8_t parameters = 0;  // tag of the algorithm's parameters; 0: none
  ByteView octets;
};

// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), in strict DER.
Result<PublicKey> read_key(ByteView public_key_info) {
  ANTIN_TRY(const der::Element info, der::only(public_key_info, der::sequence_tag));
  der::Reader reader(info.content);
  ANTIN_TRY(const der::Element algorithm, reader.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element bits, reader.expect(der::bit_string_tag));
  ANTIN_CHECK(reader.end());
  PublicKey key;
  der::Reader parts(algorithm.content);
  ANTIN_CHECK(parts.expect(der::oid_tag));
  if (!parts.at_end()) {
    ANTIN_TRY(const der::Element parameters, parts.next());
    key.parameters = parameters.tag;
  }
  ANTIN_CHECK(parts.end());
  ANTIN_TRY(key.octets, der::read_bit_string_octets(bits));
  return key;
}

Result<BignumPtr> read_number(der::Reader& reader) {
  ANTIN_TRY(const der::Element number, reader.expect(der::integer_tag));
  if (number.content.empty() || number.content[0] >= 0x80) return refuse("a negative number in an RSA key");
  if (number.content.size() > 1 && number.content[0] == 0 && number.content[1] < 0x80)
    return refuse("a number of an RSA key is not DER");
  return BignumPtr(BN_bin2bn(number.content.data(), static_cast<int>(number.content.size()), nullptr));
}

// RSAPublicKey (RFC 8017 §A.1.1).
Status check_rsa(ByteView octets) {
  ANTIN_TRY(const der::Element numbers, in("public key", der::only(octets, der::sequence_tag)));
  der::Reader reader(numbers.content);
  ANTIN_TRY(const BignumPtr modulus, in("public key", read_number(reader)));
  ANTIN_TRY(const BignumPtr exponent, in("public key", read_number(reader)));
  ANTIN_CHECK(in("public key", reader.end()));
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

// The curve is one of the two by its OID: explicit parameters, even of a known curve, are another encoding
// (CVE-2020-0601). A point that lies on it and is not infinity is a key: these curves have cofactor 1 (SP 800-56A
// §5.6.2.3.4).
Status check_ec(const EC_GROUP* group, const PublicKey& key) {
  if (key.parameters != der::oid_tag) return refuse("the curve is not given by its name");
  const ByteView octets = key.octets;
  if (group == nullptr) return refuse("OpenSSL does not know the curve: " + openssl_error());
  const PointPtr point(EC_POINT_new(group));
  const bool plain = !octets.empty() && (octets[0] == 0x02 || octets[0] == 0x03 || octets[0] == 0x04);
  if (!plain) return refuse("not a point of the curve: an encoding that RFC 5480 does not have");
  if (EC_POINT_oct2point(group, point.get(), octets.data(), octets.size(), nullptr) != 1)
    return refuse("not a point of the curve: " + openssl_error());
  return {};
}

}  // namespace

Status check_key(ByteView public_key_info) {
  const auto algorithm = hsm::key_algorithm_of(public_key_info);
  if (!algorithm)
    return algorithm.error().code == ErrorCode::unimplemented
               ? refuse("only RSA, P-256, P-384, Ed25519 and ML-DSA are accepted")
               : Status(fail(algorithm.error()));
  ANTIN_TRY(const PublicKey key, in("public key", read_key(public_key_info)));
  switch (*algorithm) {
    case hsm::KeyAlgorithm::rsa:
      return check_rsa(key.octets);
    case hsm::KeyAlgorithm::ec_p256: {
      static const GroupPtr group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
      return check_ec(group.get(), key);
    }
    case hsm::KeyAlgorithm::ec_p384: {
      static const GroupPtr group(EC_GROUP_new_by_curve_name(NID_secp384r1));
      return check_ec(group.get(), key);
    }
    case hsm::KeyAlgorithm::ed25519:
      return {};
    // Every string of the right size is a key (FIPS 204 §7.2); key_algorithm_of has judged form and size.
    case hsm::KeyAlgorithm::ml_dsa_44:
    case hsm::KeyAlgorithm::ml_dsa_65:
    case hsm::KeyAlgorithm::ml_dsa_87:
      return {};
  }
  return refuse("unknown algorithm");
}

Status check_key(ByteView public_key_info, const Profile& profile) {
  ANTIN_CHECK(check_key(public_key_info));
  ANTIN_TRY(const hsm::KeyAlgorithm algorithm, hsm::key_algorithm_of(public_key_info));
  if (!hsm::is_ml_dsa(algorithm) || profile.is_authority() || profile.takes(algorithm)) return {};
  return refuse("the profile " + profile.name() + " takes no key of kind " + std::string(to_string(algorithm)));
}

Bytes key_hash(ByteView public_key_info) {
  const Sha256 hash = sha256(public_key_info);
  return {hash.begin(), hash.end()};
}

}  // namespace antin::issuance
