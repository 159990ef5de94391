#include "cli/wiring/trust.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "ca/x509/signature_check.h"

namespace antin::wiring {
namespace {

// Sorted, so that the same folder always gives the same material.
Result<std::vector<Path>> files_of(const Path& folder) {
  std::vector<Path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error)) files.push_back(at->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(ErrorCode::unavailable, "trust: " + folder.string() + ": " + error.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Status add_certificates(ByteView content, x509::TrustMaterial& into) {
  std::vector<x509::Certificate> certificates;
  if (text_of(content).find("-----BEGIN") != std::string_view::npos) {
    ANTIN_TRY(certificates, x509::Certificate::all_from_pem(text_of(content)));
  } else {
    ANTIN_TRY(x509::Certificate one, x509::Certificate::from_der(content));
    certificates.push_back(std::move(one));
  }
  for (x509::Certificate& certificate : certificates) {
    // A link certificate of a root that changed its key has one name twice and is no anchor (RFC 4210 §4.4).
    const bool link = certificate.self_issued() && !x509::signed_by(certificate, certificate).value_or(true);
    if (certificate.self_issued() && !link) {
      into.anchors.push_back(std::move(certificate));
    } else {
      into.intermediates.push_back(std::move(certificate));
    }
  }
  return {};
}

Status add_file(const Path& file, x509::TrustMaterial& into) {
  const std::string extension = file.extension().string();
  const bool certificate = extension == ".pem" || extension == ".crt" || extension == ".cer";
  if (!certificate && extension != ".crl") return {};
  ANTIN_TRY(Bytes content, read_file(file));
  if (certificate) return add_certificates(content, into);
  ANTIN_TRY(x509::Crl crl, x509::Crl::from_file_bytes(content));
  into.crls.push_back(std::move(crl));
  return {};
}

}  // namespace

Result<x509::TrustMaterial> load_trust(const Path& folder) {
  x509::TrustMaterial material;
  for (const Path& part : {folder, folder / "ca", folder / "crl"}) {
    ANTIN_TRY(std::vector<Path> files, files_of(part));
    for (const Path& file : files) ANTIN_CHECK(in("trust: " + file.string(), add_file(file, material)));
  }
  if (material.anchors.empty()) {
    return fail(ErrorCode::not_found,
                "trust: " + folder.string() + ": no self-issued CA certificate in it: name a folder with --trust");
  }
  return material;
}

Result<x509::TrustMaterial> load_trust(const Home& home) { return load_trust(home.out()); }

}  // namespace antin::wiring
