#include "cli/wiring/issuers.h"

#include "base/digest.h"

namespace antin::wiring {

hsm::KeyRef named_key(std::string_view label) {
  Sha256 hash = sha256(bytes_of("antin key " + std::string(label)));
  return {Bytes(hash.begin(), hash.begin() + 20), std::string(label)};
}

Result<x509::Certificate> read_ca_certificate(const Home& home, std::string_view name) {
  Result<Bytes> file = read_file(home.ca_certificate(name), 1u << 20);
  if (!file && file.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::unavailable,
                "ca: " + home.ca_certificate(name).string() + " is not there: run `antin init`");
  }
  if (!file) return fail(file.error());
  return in("ca: " + home.ca_certificate(name).string(), x509::Certificate::from_file_bytes(*file));
}

issuance::IssuerIdentity issuer_identity(const Config& config, std::string_view name,
                                         const x509::Certificate& certificate, hsm::SignatureScheme scheme) {
  issuance::IssuerIdentity identity;
  identity.name = certificate.subject();
  identity.key_id = certificate.subject_key_id().value_or(Bytes{});
  identity.scheme = scheme;
  identity.not_after = certificate.not_after();
  identity.crl_url = config.crl_url(name);
  identity.certificate_url = config.certificate_url(name);
  return identity;
}

Result<issuance::Issuer> open_issuer(const Home& home, const Config& config, Tokens& ca, std::string_view name) {
  ANTIN_TRY(x509::Certificate certificate, read_ca_certificate(home, name));
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, ca.token(std::string(name)));
  ANTIN_TRY(std::shared_ptr<const hsm::SigningKey> key, token->find_key(named_key(name)));
  issuance::IssuerIdentity identity = issuer_identity(config, name, certificate, hsm::default_scheme(key->algorithm()));
  return in("ca " + std::string(name),
            issuance::Issuer::make(std::move(key), std::move(certificate), std::move(identity), config.second_opinion));
}

Status require_valid(const store::CertificateRecord& record) {
  if (record.status == store::CertificateStatus::valid) return {};
  return fail(ErrorCode::permission_denied,
              "signer " + record.id + ": the certificate is " + std::string(to_string(record.status)));
}

Result<std::vector<x509::Certificate>> chain_of(const Home& home, const x509::Certificate& leaf) {
  std::vector<x509::Certificate> authorities, chain;
  for (std::string_view name : issuer_names) {
    ANTIN_TRY(x509::Certificate certificate, read_ca_certificate(home, name));
    authorities.push_back(std::move(certificate));
  }
  x509::Certificate last = leaf;
  while (!last.self_issued()) {
    const x509::Certificate* found = nullptr;
    for (const x509::Certificate& authority : authorities) {
      if (authority.subject() == last.issuer() && chain.size() < authorities.size()) found = &authority;
    }
    if (found == nullptr) {
      return fail(ErrorCode::not_found,
                  "chain: no published CA has the name of the issuer: " + last.issuer().rfc4514());
    }
    chain.push_back(*found);
    last = *found;
  }
  return chain;
}

}  // namespace antin::wiring
