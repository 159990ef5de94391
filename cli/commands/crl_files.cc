#include "cli/commands/crl_files.h"

#include "base/file.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

Path file_of(const Session& session, const std::string& which) {
  for (std::string_view name : wiring::issuer_names) {
    if (which == name) return session.home.crl(name);
  }
  return which;
}

}  // namespace

Result<x509::Crl> read_crl(const Session& session, const std::string& which) {
  const Path file = file_of(session, which);
  ANTIN_TRY(Bytes content, read_file(file));
  return in(file.string(), x509::Crl::from_file_bytes(content));
}

Result<x509::Certificate> crl_issuer(Session& session, const x509::Crl& crl, const std::string& ca) {
  if (!ca.empty()) {
    ANTIN_TRY(Bytes content, read_file(ca));
    return in(ca, x509::Certificate::from_file_bytes(content));
  }
  for (std::string_view name : wiring::issuer_names) {
    ANTIN_TRY(x509::Certificate certificate, wiring::read_ca_certificate(session.home, name));
    if (certificate.subject() == crl.issuer()) return certificate;
  }
  return fail(ErrorCode::not_found,
              "crl: no published CA is named " + crl.issuer().rfc4514() + ": give its certificate with --ca");
}

}  // namespace antin::commands
