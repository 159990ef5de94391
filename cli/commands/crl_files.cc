#include "cli/commands/crl_files.h"

#include <filesystem>

#include "base/file.h"
#include "ca/authority/issuer_register.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

Path file_of(const Session& session, const std::string& which) {
  std::error_code error;
  if (authority::is_issuer_name(which) && std::filesystem::exists(session.home.crl(which), error))
    return session.home.crl(which);
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
  ANTIN_TRY(const std::vector<x509::Certificate> authorities, wiring::published_authorities(session.home));
  const x509::Certificate* named = nullptr;  // generations share a name: the one whose key signed is meant
  for (const x509::Certificate& authority : authorities) {
    if (!(authority.subject() == crl.issuer())) continue;
    ANTIN_TRY(const bool good, crl.signed_by(authority));
    if (good) return authority;
    named = &authority;
  }
  if (named != nullptr) return *named;
  return fail(ErrorCode::not_found,
              "crl: no published CA is named " + crl.issuer().rfc4514() + ": give its certificate with --ca");
}

}  // namespace antin::commands
