#include "cli/wiring/issuers.h"

#include <algorithm>
#include <filesystem>

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

Result<issuance::Issuer> open_issuer(const Config& config, Tokens& ca, const authority::RegisteredIssuer& registered) {
  const std::string& name = registered.name;
  if (!registered.certificate)
    return fail(ErrorCode::failed_precondition, "ca " + name + ": it has no certificate yet");
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, ca.token(registered.token));
  ANTIN_TRY(std::shared_ptr<const hsm::SigningKey> key, token->find_key(named_key(name)));
  x509::Certificate certificate = *registered.certificate;
  issuance::IssuerIdentity identity = issuer_identity(config, name, certificate, hsm::default_scheme(key->algorithm()));
  return in("ca " + name,
            issuance::Issuer::make(std::move(key), std::move(certificate), std::move(identity), config.second_opinion));
}

Status require_valid(const store::CertificateRecord& record) {
  if (record.status == store::CertificateStatus::valid) return {};
  return fail(ErrorCode::permission_denied,
              "signer " + record.id + ": the certificate is " + std::string(to_string(record.status)));
}

Result<std::vector<x509::Certificate>> published_authorities(const Home& home) {
  std::vector<Path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(home.out_ca(), error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".pem") files.push_back(at->path());
  std::ranges::sort(files);
  if (files.empty())
    return fail(ErrorCode::unavailable, "ca: " + home.out_ca().string() + " is not there: run `antin init`");
  std::vector<x509::Certificate> authorities;
  for (const Path& file : files) {
    ANTIN_TRY(const Bytes content, read_file(file, 1U << 20));
    ANTIN_TRY(x509::Certificate certificate, in("ca: " + file.string(), x509::Certificate::from_file_bytes(content)));
    authorities.push_back(std::move(certificate));
  }
  return authorities;
}

namespace {

// With no key id on one side the name decides.
bool may_issue(const x509::Certificate& authority, const x509::Certificate& child) {
  if (!(authority.subject() == child.issuer())) return false;
  const auto wanted = child.authority_key_id(), has = authority.subject_key_id();
  return !wanted || !has || *wanted == *has;
}

}  // namespace

Result<std::vector<x509::Certificate>> chain_of(const Home& home, const x509::Certificate& leaf) {
  ANTIN_TRY(const std::vector<x509::Certificate> authorities, published_authorities(home));
  std::vector<x509::Certificate> chain;
  x509::Certificate last = leaf;
  while (!may_issue(last, last)) {
    const x509::Certificate* found = nullptr;
    for (const x509::Certificate& authority : authorities) {
      if (!may_issue(authority, last) || chain.size() >= authorities.size()) continue;
      // Of a root and a link certificate of its key, the root: the path ends there.
      if (found == nullptr || may_issue(authority, authority)) found = &authority;
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
