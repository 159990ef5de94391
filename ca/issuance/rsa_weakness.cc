#include "ca/issuance/rsa_weakness.h"

#include <array>
#include <vector>

#include "base/openssl_ptr.h"

namespace antin::issuance {
namespace {

using BnCtxPtr = OpensslPtr<BN_CTX, BN_CTX_free>;

std::vector<unsigned> primes_below(unsigned limit) {
  std::vector<bool> composite(limit, false);
  std::vector<unsigned> primes;
  for (unsigned n = 2; n < limit; ++n) {
    if (composite[n]) continue;
    primes.push_back(n);
    for (unsigned m = n * n; m < limit; m += n) composite[m] = true;
  }
  return primes;
}

bool is_power_of_65537(unsigned residue, unsigned prime) {
  unsigned power = 1;
  do {
    if (power == residue) return true;
    power = power * (65537 % prime) % prime;
  } while (power != 1);
  return false;
}

// The integer part of the square root, by Newton's method from above. Null when memory is gone.
BignumPtr square_root(const BIGNUM* n, BN_CTX* context) {
  BignumPtr x(BN_new()), y(BN_new());
  if (!x || !y || BN_set_bit(x.get(), (BN_num_bits(n) + 1) / 2) != 1) return nullptr;
  for (;;) {
    if (BN_div(y.get(), nullptr, n, x.get(), context) != 1 || BN_add(y.get(), y.get(), x.get()) != 1 ||
        BN_rshift1(y.get(), y.get()) != 1)
      return nullptr;
    if (BN_cmp(y.get(), x.get()) >= 0) return x;
    std::swap(x, y);
  }
}

// Squares leave few residues modulo 64 and modulo 63; most numbers are ruled out without a root.
bool may_be_square(const BIGNUM* n) {
  static constexpr auto square_modulo = []<std::size_t M>(std::array<bool, M>) {
    std::array<bool, M> squares{};
    for (std::size_t i = 0; i < M; ++i) squares[i * i % M] = true;
    return squares;
  };
  static constexpr auto modulo_64 = square_modulo(std::array<bool, 64>{});
  static constexpr auto modulo_63 = square_modulo(std::array<bool, 63>{});
  return modulo_64[BN_mod_word(n, 64)] && modulo_63[BN_mod_word(n, 63)];
}

bool is_square(const BIGNUM* n, BN_CTX* context) {
  if (!may_be_square(n)) return false;
  const BignumPtr root = square_root(n, context);
  const BignumPtr square(BN_new());
  return root && BN_sqr(square.get(), root.get(), context) == 1 && BN_cmp(square.get(), n) == 0;
}

}  // namespace

unsigned small_factor(const BIGNUM* modulus) {
  static const std::vector<unsigned> primes = primes_below(752);
  for (const unsigned prime : primes)
    if (BN_mod_word(modulus, prime) == 0) return prime;
  return 0;
}

bool has_roca_fingerprint(const BIGNUM* modulus) {
  static const std::vector<unsigned> primes = primes_below(168);
  for (const unsigned prime : primes)
    if (prime != 2 && !is_power_of_65537(static_cast<unsigned>(BN_mod_word(modulus, prime)), prime)) return false;
  return true;
}

// N = a² − b² with a just above √N when the primes are close.
bool fermat_factors(const BIGNUM* modulus, unsigned rounds) {
  const BnCtxPtr context(BN_CTX_new());
  const BignumPtr a = square_root(modulus, context.get());
  const BignumPtr rest(BN_new());
  if (!a || !rest) return false;
  for (unsigned round = 0; round <= rounds; ++round) {
    const bool computed =
        BN_sqr(rest.get(), a.get(), context.get()) == 1 && BN_sub(rest.get(), rest.get(), modulus) == 1;
    if (computed && !BN_is_negative(rest.get()) && is_square(rest.get(), context.get())) return true;
    if (BN_add_word(a.get(), 1) != 1) return false;
  }
  return false;
}

}  // namespace antin::issuance
