// Tests for RSA moduli that others can factor. Each is a pure function of the modulus.
#pragma once

#include <openssl/bn.h>

namespace antin::issuance {

// The smallest prime below 752 that divides, or 0.
unsigned small_factor(const BIGNUM* modulus);
// True when the modulus, modulo each of 38 small primes, is a power of 65537: the mark of primes made by the flawed
// library of CVE-2017-15361. A random modulus has it with a probability below 2^-27.
bool has_roca_fingerprint(const BIGNUM* modulus);
// True when Fermat's method finds the factors within `rounds` steps from the square root.
bool fermat_factors(const BIGNUM* modulus, unsigned rounds);

}  // namespace antin::issuance
