#include "cli/commands/signer.h"

#include "cli/wiring/issuers.h"

namespace antin::commands {

Result<OpenSigner> open_signer(Session& session, OpenHome& home, const store::CertificateRecord& record) {
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_TRY(std::vector<x509::Certificate> chain, wiring::chain_of(session.home, certificate));
  ANTIN_TRY(wiring::Tokens opened, wiring::open_service(session.home, home.config));
  auto tokens = std::make_unique<wiring::Tokens>(std::move(opened));
  std::shared_ptr<const hsm::SigningKey> key;
  if (!record.key_uri.empty()) {
    ANTIN_TRY(key, tokens->key(record.key_uri));
  } else {
    ANTIN_TRY(
        key, in("signer " + record.id, wiring::find_personal_key(*tokens, home.config, certificate.public_key_info())));
  }
  return OpenSigner{std::move(tokens), pipeline::Signer{std::move(key), std::move(certificate), std::move(chain)}};
}

}  // namespace antin::commands
