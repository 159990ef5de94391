#include "cli/wiring/cross_file.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/x509/csr.h"

namespace antin::wiring {
namespace {

// Colons and upper case are how other programs print it.
std::string as_ours(std::string_view fingerprint) {
  std::string hex;
  for (const char c : fingerprint)
    if (c != ':') hex.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
  return hex;
}

Result<Bytes> read_octets(ByteView file, OtherFile kind) {
  if (kind == OtherFile::request) {
    ANTIN_TRY(const x509::CertificationRequest request, x509::CertificationRequest::from_file_bytes(file));
    return to_bytes(request.der());
  }
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_file_bytes(file));
  return to_bytes(certificate.der());
}

}  // namespace

Status take_other(ByteView file, OtherFile kind, std::string_view sha256, authority::CrossChange& change) {
  ANTIN_TRY(Bytes octets, read_octets(file, kind));
  const std::string digest = to_hex(antin::sha256(octets));
  if (digest != as_ours(sha256))
    return fail(ErrorCode::permission_denied,
                "the other authority's file has SHA-256 " + digest + ", which is not the one that was said");
  (kind == OtherFile::request ? change.request : change.certificate) = std::move(octets);
  return {};
}

}  // namespace antin::wiring
