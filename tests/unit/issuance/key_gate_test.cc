// One key of each class that the gate refuses, made here or by make_close_primes.py, and the good ones beside them.
#include "ca/issuance/key_gate.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <sstream>

#include "base/file.h"
#include "base/openssl_ptr.h"
#include "ca/issuance/rsa_weakness.h"
#include "ca/x509/der.h"
#include "tests/catch.h"
#include "tests/unit/x509/openssl_pki.h"

using namespace antin;
using namespace antin::issuance;

namespace {

namespace der = x509::der;
using ParamBuilder = OpensslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = OpensslPtr<OSSL_PARAM, OSSL_PARAM_free>;
using BnCtx = OpensslPtr<BN_CTX, BN_CTX_free>;

Bytes spki_of(EVP_PKEY* key) {
  REQUIRE(key != nullptr);
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  REQUIRE(size > 0);
  Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

Bytes rsa(const BIGNUM* modulus, unsigned long exponent = 65537) {
  const BignumPtr e(BN_new());
  REQUIRE(BN_set_word(e.get(), exponent) == 1);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  REQUIRE(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus) == 1);
  REQUIRE(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  REQUIRE(EVP_PKEY_fromdata_init(context.get()) == 1);
  REQUIRE(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) == 1);
  const EvpPkeyPtr owner(key);
  return spki_of(key);
}

BignumPtr prime(int bits) {
  BignumPtr p(BN_new());
  REQUIRE(BN_generate_prime_ex(p.get(), bits, 0, nullptr, nullptr, nullptr) == 1);
  return p;
}

BignumPtr product(const BIGNUM* a, const BIGNUM* b) {
  const BnCtx context(BN_CTX_new());
  BignumPtr n(BN_new());
  REQUIRE(BN_mul(n.get(), a, b, context.get()) == 1);
  return n;
}

BignumPtr next_prime(const BIGNUM* from) {
  const BnCtx context(BN_CTX_new());
  BignumPtr p(BN_dup(from));
  do REQUIRE(BN_add_word(p.get(), 2) == 1);
  while (BN_check_prime(p.get(), context.get(), nullptr) != 1);
  return p;
}

// A prime as the flawed library made them: k·M + (65537^a mod M), M the product of the first 126 primes.
BignumPtr roca_prime() {
  const BnCtx context(BN_CTX_new());
  const BignumPtr m(BN_new()), g(BN_new()), a(BN_new()), power(BN_new());
  REQUIRE(BN_one(m.get()) == 1);
  for (unsigned n = 2, found = 0; found < 126; ++n) {
    bool is_prime = true;
    for (unsigned d = 2; d * d <= n; ++d) is_prime = is_prime && n % d != 0;
    if (!is_prime) continue;
    REQUIRE(BN_mul_word(m.get(), n) == 1);
    ++found;
  }
  REQUIRE(BN_set_word(g.get(), 65537) == 1);
  BignumPtr p(BN_new());
  do {
    REQUIRE(BN_rand(a.get(), 250, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
    REQUIRE(BN_mod_exp(power.get(), g.get(), a.get(), m.get(), context.get()) == 1);
    REQUIRE(BN_rand(a.get(), 1025 - BN_num_bits(m.get()), BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
    REQUIRE(BN_mul(p.get(), a.get(), m.get(), context.get()) == 1);
    REQUIRE(BN_add(p.get(), p.get(), power.get()) == 1);
  } while (BN_num_bits(p.get()) != 1024 || !BN_is_bit_set(p.get(), 1022) ||
           BN_check_prime(p.get(), context.get(), nullptr) != 1);
  return p;
}

std::string refusal(ByteView key) {
  const Status done = check_key(key);
  if (done) return "accepted";
  CHECK(done.error().code == ErrorCode::invalid_argument);
  return done.error().message;
}

Bytes ec(const char* group, bool named = true) {
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
  const std::string encoding = named ? OSSL_PKEY_EC_ENCODING_GROUP : OSSL_PKEY_EC_ENCODING_EXPLICIT;
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(group), 0),
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_EC_ENCODING, const_cast<char*>(encoding.c_str()), 0),
      OSSL_PARAM_construct_end()};
  REQUIRE(EVP_PKEY_CTX_set_params(context.get(), params) == 1);
  REQUIRE(EVP_PKEY_generate(context.get(), &key) == 1);
  const EvpPkeyPtr owner(key);
  return spki_of(key);
}

// An RSA key whose numbers are these octets, whatever they mean.
Bytes rsa_of(ByteView modulus, ByteView exponent) {
  return der::sequence(
      {der::sequence({der::oid("1.2.840.113549.1.1.1"), der::null()}),
       der::bit_string(der::sequence({der::tlv(der::integer_tag, modulus), der::tlv(der::integer_tag, exponent)}))});
}

const Bytes f4{1, 0, 1};

// Two to the power of `bits`, less one: a number of that many bits, as the content of an INTEGER.
Bytes ones(std::size_t bits) {
  Bytes octets((bits + 7) / 8, 0xff);
  if (bits % 8 != 0) octets.front() = static_cast<std::uint8_t>((1U << bits % 8) - 1);
  if (bits % 8 == 0) octets.insert(octets.begin(), 0);
  return octets;
}

// The point of a P-256 key in another form: `prefix`, its coordinate x and perhaps y.
Bytes with_point(const Bytes& key, std::uint8_t prefix, std::size_t coordinates) {
  constexpr std::size_t point = 65;
  Bytes octets{prefix};
  octets.insert(octets.end(), key.end() - point + 1,
                key.end() - point + 1 + static_cast<std::ptrdiff_t>(32 * coordinates));
  return der::sequence(
      {der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")}), der::bit_string(octets)});
}

BignumPtr number(const std::string& hex) {
  BIGNUM* made = nullptr;
  REQUIRE(BN_hex2bn(&made, hex.c_str()) == static_cast<int>(hex.size()));
  return BignumPtr(made);
}

using Catch::Matchers::ContainsSubstring;

}  // namespace

TEST_CASE("good keys pass: RSA-2048, P-256, P-384, Ed25519") {
  const EvpPkeyPtr rsa_key(EVP_RSA_gen(2048));
  CHECK(refusal(spki_of(rsa_key.get())) == "accepted");
  CHECK(refusal(ec("P-256")) == "accepted");
  CHECK(refusal(ec("P-384")) == "accepted");
  const EvpPkeyPtr ed(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  CHECK(refusal(spki_of(ed.get())) == "accepted");
}

TEST_CASE("ML-DSA: a key of the right size is good, and taken by an authority and by the profile that lists its kind") {
  const Bytes key = tests::made_up_ml_dsa_65();
  CHECK(refusal(key) == "accepted");
  Bytes shorter = key;
  shorter.pop_back();
  CHECK(refusal(shorter) != "accepted");
  const std::string text = R"({"name":"thu","version":1,"kind":"personal","test":true,"subject_keys":[")",
                    rest =
                        R"("],"subject":[{"type":"C","value":"VN"},{"type":"O","field":"o"},{"type":"CN","field":"cn"}],
    "validity":{"years":2},"key_usage":["digitalSignature"],"leaf":{"mail":"optional","dns":"forbidden"},
    "subject_key_id":"sha256"})";
  const Profile same = Profile::from_json(text + "ml-dsa-65" + rest).value(),
                other = Profile::from_json(text + "ml-dsa-87" + rest).value();
  CHECK(check_key(key, same).has_value());
  CHECK(check_key(ec("P-256"), same).has_value());
  CHECK_FALSE(check_key(shorter, same).has_value());
  for (const std::string& name : built_in_profile_names()) {
    const Profile profile = built_in_profile(name).value();
    INFO(name);
    CHECK(check_key(key, profile).has_value() == profile.is_authority());
    CHECK(check_key(ec("P-384"), profile).has_value());
  }
  const Status refused = check_key(key, other);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(refused.error().message, ContainsSubstring("the profile thu takes no key of kind ml-dsa-65"));
}

TEST_CASE("RSA: too short, odd exponents, and factors that others find") {
  const EvpPkeyPtr small(EVP_RSA_gen(1024));
  CHECK_THAT(refusal(spki_of(small.get())), ContainsSubstring("1024 bits"));
  const BignumPtr p = prime(1024), q = prime(1024);
  const BignumPtr n = product(p.get(), q.get());
  CHECK_THAT(refusal(rsa(n.get(), 3)), ContainsSubstring("exponent"));
  CHECK_THAT(refusal(rsa(n.get(), 65536)), ContainsSubstring("exponent"));
  const BignumPtr near = next_prime(p.get());
  CHECK_THAT(refusal(rsa(product(p.get(), near.get()).get())), ContainsSubstring("Fermat"));
}

TEST_CASE(
    "RSA: primes are too close when Fermat's method finds them within a hundred rounds, and not in the next one") {
  std::istringstream lines(
      std::string(text_of(read_file(Path(ANTIN_SOURCE) / "tests" / "unit" / "issuance" / "close_primes.txt").value())));
  unsigned rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    unsigned round = 0;
    std::string p, q;
    REQUIRE((words >> round >> p >> q));
    INFO("found at round " << round);
    const BignumPtr n = product(number(p).get(), number(q).get());
    CHECK(fermat_factors(n.get(), round));
    CHECK_FALSE(fermat_factors(n.get(), round - 1));
    const std::string said = refusal(rsa(n.get()));
    CHECK((round <= 100 ? said.contains("Fermat") : said == "accepted"));
    ++rows;
  }
  CHECK(rows == 8);
}

TEST_CASE("RSA: more than 8192 bits, and a size that is no multiple of 8, are refused") {
  CHECK_THAT(refusal(rsa_of(ones(8193), f4)), ContainsSubstring("8193 bits; at most 8192"));
  CHECK_THAT(refusal(rsa_of(ones(8200), f4)), ContainsSubstring("8200 bits; at most 8192"));
  CHECK_THAT(refusal(rsa_of(ones(16384), f4)), ContainsSubstring("at most 8192"));
  for (const std::size_t bits : {2049U, 2055U, 4095U, 8191U})
    CHECK_THAT(refusal(rsa_of(ones(bits), f4)), ContainsSubstring(std::to_string(bits) + " bits; a multiple of 8"));
  CHECK_THAT(refusal(rsa_of(ones(2047), f4)), ContainsSubstring("at least 2048"));
  // Of these sizes it is the factors that are refused: 2^n − 1 is divisible by 3 when n is even.
  for (const std::size_t bits : {2048U, 8192U})
    CHECK_THAT(refusal(rsa_of(ones(bits), f4)), ContainsSubstring("divisible by 3"));
}

TEST_CASE("RSA: numbers that are negative, or not DER, are refused") {
  Bytes negative = ones(2048);
  negative.erase(negative.begin());
  CHECK_THAT(refusal(rsa_of(negative, f4)), ContainsSubstring("a negative number"));
  CHECK_THAT(refusal(rsa_of(ones(2048), Bytes{0xff})), ContainsSubstring("a negative number"));
  CHECK_THAT(refusal(rsa_of(Bytes{}, f4)), ContainsSubstring("a negative number"));  // no octet at all
  Bytes padded = ones(2047);
  padded.insert(padded.begin(), 0);
  CHECK_THAT(refusal(rsa_of(padded, f4)), ContainsSubstring("is not DER"));
  CHECK_THAT(refusal(rsa_of(ones(2048), Bytes{0, 1, 0, 1})), ContainsSubstring("is not DER"));
  CHECK_THAT(refusal(rsa_of(Bytes{0}, f4)), ContainsSubstring("RSA of 0 bits"));
}

TEST_CASE("RSA: a modulus with a small factor is refused") {
  BignumPtr n(BN_new());
  do REQUIRE(BN_rand(n.get(), 2048, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD) == 1);
  while (BN_mod_word(n.get(), 751) != 0);
  CHECK_THAT(refusal(rsa(n.get())), ContainsSubstring("divisible"));
}

TEST_CASE("RSA: primes of the flawed library (ROCA) are recognised") {
  const BignumPtr p = roca_prime(), q = roca_prime();
  CHECK_THAT(refusal(rsa(product(p.get(), q.get()).get())), ContainsSubstring("ROCA"));
}

TEST_CASE("EC: a point has its plain or its compressed form, and is not at infinity") {
  const Bytes key = ec("P-256");
  const bool odd = (key.back() & 1) != 0;
  CHECK(with_point(key, 0x04, 2) == key);
  CHECK(refusal(with_point(key, odd ? 0x03 : 0x02, 1)) == "accepted");
  CHECK_THAT(refusal(with_point(key, odd ? 0x07 : 0x06, 2)), ContainsSubstring("RFC 5480 does not have"));  // hybrid
  CHECK_THAT(refusal(with_point(key, 0x00, 0)), ContainsSubstring("RFC 5480 does not have"));               // infinity
  // Already OpenSSL reads none of these.
  for (const auto& [prefix, coordinates] : {std::pair{0x05, 2}, {0x04, 1}, {0x02, 2}})
    CHECK(refusal(with_point(key, static_cast<std::uint8_t>(prefix), static_cast<std::size_t>(coordinates))) !=
          "accepted");
}

TEST_CASE("EC: other curves, explicit parameters and points off the curve are refused") {
  CHECK_THAT(refusal(ec("secp256k1")), ContainsSubstring("only RSA"));
  CHECK_THAT(refusal(ec("P-521")), ContainsSubstring("only RSA"));
  CHECK(refusal(ec("P-256", false)) != "accepted");
  Bytes off = ec("P-256");
  off.back() ^= 1;
  CHECK(refusal(off) != "accepted");
  Bytes longer = ec("P-256");
  longer.push_back(0);
  CHECK(refusal(longer) != "accepted");
  CHECK(refusal({}) != "accepted");
}
