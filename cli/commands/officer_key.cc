#include "cli/commands/officer_key.h"

#include "ca/authority/role_register.h"

namespace antin::commands {

Result<store::CertificateRecord> find_officer(Session& session, OpenHome& home, const std::string& officer) {
  ANTIN_TRY(store::CertificateRecord record, in("officer", home.store->certificate(officer, session.now())));
  ANTIN_TRY(const authority::RoleRegister roles, authority::read_roles(*home.store, session.now()));
  if (roles.officer_today(record.id, session.now()) != nullptr) return record;
  if (roles.officer_key(record.id) != nullptr)
    return fail(ErrorCode::permission_denied,
                "officer " + record.id + ": the certificate is " + std::string(to_string(record.status)));
  return fail(ErrorCode::permission_denied, "officer: " + record.id + " is a certificate of kind " + record.kind +
                                                " without the role of an officer: see `antin role list`");
}

Result<OfficerKey> open_officer_key(Session& session, OpenHome& home, const std::string& officer,
                                    const std::string& token) {
  ANTIN_TRY(store::CertificateRecord record, find_officer(session, home, officer));
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  const std::string label = !token.empty() ? token : record.subscriber.empty() ? officer : record.subscriber;
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_officers(session.home, home.config));
  ANTIN_TRY(const std::shared_ptr<hsm::Token> opened, tokens.token(label));
  ANTIN_TRY(const std::vector<hsm::KeyInfo> keys, opened->keys());
  for (const hsm::KeyInfo& info : keys) {
    if (!info.has_private) continue;
    ANTIN_TRY(std::shared_ptr<const hsm::SigningKey> key, opened->find_key(info.ref));
    if (equal(key->public_key_info(), certificate.public_key_info()))
      return OfficerKey{std::move(record), std::move(tokens), std::move(key)};
  }
  return fail(ErrorCode::not_found, "token " + label + ": the key of officer " + record.id + " is not on it");
}

}  // namespace antin::commands
