#include "base/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>

#include "base/openssl_ptr.h"

namespace antin {
namespace {

// SHA-2 in the default provider fails only when memory is gone; there is no way on from there.
void must(int ok) {
  if (ok != 1) std::abort();
}

// Fetched once: EVP_sha256() and its like are looked up in the providers at every use, which takes longer than hashing
// a certificate. Never freed: OpenSSL goes first when the process ends.
const EVP_MD* fetched(const char* name) {
  const EVP_MD* found = EVP_MD_fetch(nullptr, name, nullptr);
  must(found != nullptr ? 1 : 0);
  return found;
}

const EVP_MD* md(DigestAlgorithm algorithm) {
  static const EVP_MD* const sha256 = fetched("SHA256");
  static const EVP_MD* const sha384 = fetched("SHA384");
  static const EVP_MD* const sha512 = fetched("SHA512");
  switch (algorithm) {
    case DigestAlgorithm::sha384:
      return sha384;
    case DigestAlgorithm::sha512:
      return sha512;
    case DigestAlgorithm::sha256:
      break;
  }
  return sha256;
}

}  // namespace

struct Hasher::State {
  const EVP_MD* algorithm;
  EvpMdCtxPtr context;
};

std::string_view to_string(DigestAlgorithm algorithm) noexcept {
  switch (algorithm) {
    case DigestAlgorithm::sha384:
      return "SHA-384";
    case DigestAlgorithm::sha512:
      return "SHA-512";
    case DigestAlgorithm::sha256:
      break;
  }
  return "SHA-256";
}

std::size_t digest_size(DigestAlgorithm algorithm) noexcept {
  return static_cast<std::size_t>(EVP_MD_get_size(md(algorithm)));
}

Sha256 sha256(ByteView data) {
  Sha256 out{};
  unsigned size = 0;
  must(EVP_Digest(data.data(), data.size(), out.data(), &size, md(DigestAlgorithm::sha256), nullptr));
  return out;
}

Bytes digest(DigestAlgorithm algorithm, ByteView data) { return Hasher(algorithm).update(data).finish(); }

Hasher::Hasher(DigestAlgorithm algorithm) : state_(new State{md(algorithm), EvpMdCtxPtr(EVP_MD_CTX_new())}) {
  must(state_->context ? 1 : 0);
  must(EVP_DigestInit_ex(state_->context.get(), state_->algorithm, nullptr));
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

Hasher& Hasher::update(ByteView piece) {
  must(EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()));
  return *this;
}

Bytes Hasher::finish() {
  Bytes out(static_cast<std::size_t>(EVP_MD_get_size(state_->algorithm)));
  unsigned size = 0;
  must(EVP_DigestFinal_ex(state_->context.get(), out.data(), &size));
  must(EVP_DigestInit_ex(state_->context.get(), state_->algorithm, nullptr));
  return out;
}

}  // namespace antin
