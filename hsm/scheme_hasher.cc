#include "hsm/scheme_hasher.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

#include "hsm/public_key.h"

namespace antin::hsm {
namespace {

constexpr std::size_t representative_size = 64;

// As in base/digest.cc: fails only when memory is gone.
void must(int ok) {
  if (ok != 1) std::abort();
}

Bytes finish_shake(EVP_MD_CTX* context) {
  Bytes out(representative_size);
  must(EVP_DigestFinalXOF(context, out.data(), out.size()));
  return out;
}

EvpMdCtxPtr begin_shake() {
  EvpMdCtxPtr context(EVP_MD_CTX_new());
  must(context ? 1 : 0);
  must(EVP_DigestInit_ex(context.get(), EVP_shake256(), nullptr));
  return context;
}

}  // namespace

Result<SchemeHasher> SchemeHasher::begin(SignatureScheme scheme, ByteView public_key_info) {
  if (scheme == SignatureScheme::ed25519)
    return fail(ErrorCode::invalid_argument, "Ed25519 signs messages, not digests");
  SchemeHasher hasher;
  if (!is_ml_dsa(scheme)) {
    hasher.digest_.emplace(digest_of(scheme));
    return hasher;
  }
  ANTIN_TRY(const KeyAlgorithm algorithm, key_algorithm_of(public_key_info));
  if (!fits(scheme, algorithm))
    return fail(ErrorCode::invalid_argument,
                std::string(to_string(scheme)) + " does not fit a key of kind " + std::string(to_string(algorithm)));
  ANTIN_TRY(const ByteView key, ml_dsa_octets(public_key_info));
  const EvpMdCtxPtr inner = begin_shake();
  must(EVP_DigestUpdate(inner.get(), key.data(), key.size()));
  hasher.representative_ = begin_shake();
  hasher.update(finish_shake(inner.get()));
  constexpr std::array<std::uint8_t, 2> pure_without_context{0, 0};
  hasher.update(pure_without_context);
  return hasher;
}

std::size_t SchemeHasher::size(SignatureScheme scheme) noexcept {
  return is_ml_dsa(scheme) ? representative_size : digest_size(digest_of(scheme));
}

SchemeHasher& SchemeHasher::update(ByteView piece) {
  if (digest_)
    digest_->update(piece);
  else
    must(EVP_DigestUpdate(representative_.get(), piece.data(), piece.size()));
  return *this;
}

Bytes SchemeHasher::finish() { return digest_ ? digest_->finish() : finish_shake(representative_.get()); }

}  // namespace antin::hsm
