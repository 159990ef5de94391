#include "ca/lint/digests.h"

#include <algorithm>

#include "base/openssl_ptr.h"
#include "ca/lint/algorithms.h"
#include "ca/lint/base_types.h"
#include "ca/lint/rules.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

struct KnownDigest {
  der::OidLiteral oid;
  const char* name;  // as OpenSSL calls it
  std::size_t size;
};
constexpr KnownDigest known_digests[] = {
    {"2.16.840.1.101.3.4.2.1", "SHA2-256", 32}, {"1.3.14.3.2.26", "SHA1", 20},
    {"2.16.840.1.101.3.4.2.2", "SHA2-384", 48}, {"2.16.840.1.101.3.4.2.3", "SHA2-512", 64},
    {"2.16.840.1.101.3.4.2.4", "SHA2-224", 28}, {"2.16.840.1.101.3.4.2.8", "SHA3-256", 32},
    {"2.16.840.1.101.3.4.2.9", "SHA3-384", 48}, {"2.16.840.1.101.3.4.2.10", "SHA3-512", 64},
    {"1.2.840.113549.2.5", "MD5", 16},
};
constexpr der::OidLiteral weak[] = {
    "1.3.14.3.2.26",         // SHA-1
    "1.2.840.113549.2.5",    // MD5
    "1.2.840.113549.1.1.5",  // sha1WithRSAEncryption
    "1.2.840.113549.1.1.4",  // md5WithRSAEncryption
    "1.2.840.113549.1.1.2",  // md2WithRSAEncryption
    "1.2.840.10045.4.1",     // ecdsa-with-SHA1
    "1.2.840.10040.4.3",     // dsa-with-SHA1
};

const KnownDigest* known(const AlgorithmView& algorithm) {
  const auto* found = std::ranges::find_if(known_digests, [&](const auto& one) { return algorithm.is(one.oid); });
  return found == std::end(known_digests) ? nullptr : found;
}

}  // namespace

bool is_sha1(const AlgorithmView& algorithm) noexcept { return algorithm.is("1.3.14.3.2.26"); }
bool is_sha256(const AlgorithmView& algorithm) noexcept { return algorithm.is("2.16.840.1.101.3.4.2.1"); }

std::optional<Bytes> digest_of(const AlgorithmView& algorithm, ByteView data) {
  const KnownDigest* one = known(algorithm);
  if (one == nullptr) return {};
  Bytes digest(one->size);
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, one->name, nullptr, data.data(), data.size(), digest.data(), &size) == 1 &&
      size == digest.size())
    return digest;
  (void)openssl_error();
  return {};
}

void lint_digest_algorithm(const AlgorithmView& algorithm, const Place& place, Findings& findings) {
  if (known(algorithm) == nullptr) return findings.add(Rule::digest_algorithm_unknown, place);
  if (!algorithm.parameters.empty())
    check_parameters(&types::null, algorithm, Rule::algorithm_parameters, place, findings);
}

void lint_digest_length(const AlgorithmView& algorithm, ByteView digest, const Place& place, Findings& findings) {
  const KnownDigest* one = known(algorithm);
  findings.expect(one == nullptr || one->size == digest.size(), Rule::digest_length, place);
}

void lint_digest_strength(const AlgorithmView& algorithm, const Place& place, Findings& findings) {
  const bool found = std::ranges::any_of(weak, [&](der::OidLiteral one) { return algorithm.is(one); });
  findings.expect(!found, Rule::digest_algorithm_weak, place);
}

}  // namespace antin::lint
