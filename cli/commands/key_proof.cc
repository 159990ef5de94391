#include "cli/commands/key_proof.h"

#include <algorithm>

#include "base/file.h"
#include "base/secret.h"
#include "ca/x509/csr.h"
#include "hsm/software/private_key_file.h"

namespace antin::commands {
namespace {

constexpr std::size_t largest_key_file = 1U << 20;
// The common name of a request that proves a compromise.
constexpr std::string_view proof_name = "proof of key compromise";

std::string small_letters(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

Result<Bytes> proven_key(ByteView file) {
  Result<Bytes> shown = hsm::software::prove_private_key(file);
  if (shown || shown.error().code != ErrorCode::not_found) return shown;
  const auto request = x509::CertificationRequest::from_file_bytes(file);
  if (!request)
    return fail(ErrorCode::invalid_argument,
                "neither a private key nor a PKCS#10 request, which alone prove that the key is known");
  if (small_letters(request->subject().first("CN")) != proof_name)
    return fail(ErrorCode::failed_precondition,
                "the request's CN is not \"Proof of Key Compromise\": it may be the subscriber's own request");
  ANTIN_TRY(const bool signed_by_it, request->proof_of_possession());
  if (!signed_by_it) return fail(ErrorCode::failed_precondition, "the request is not signed by the key that it names");
  return to_bytes(request->public_key_info());
}

Result<Bytes> read_key_file(const std::string& path, Result<Bytes> (*key)(ByteView)) {
  ANTIN_TRY(Bytes file, read_file(path, largest_key_file));
  Result<Bytes> found = in(path, key(file));
  wipe(file.data(), file.size());
  return found;
}

}  // namespace antin::commands
