// The pure part of issuing: build the to-be-signed bytes, lint them, sign them once. No I/O but the SigningKey.
//
//   ANTIN_TRY(auto tbs, build_tbs(profile, content, issuer.identity(), serial, validity));
//   ANTIN_TRY(auto linted, lint(std::move(tbs), profile.kind()));
//   … intent recorded with linted.tbs_hash() …
//   ANTIN_TRY(auto certificate, issuer.sign(std::move(linted)));   // verified by two libraries before it is returned
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ca/issuance/profile.h"
#include "ca/x509/certificate.h"
#include "ca/x509/name_constraints.h"
#include "ca/x509/second_opinion.h"
#include "hsm/scheme_hasher.h"
#include "hsm/signing_key.h"

namespace antin::issuance {

// What a cross certificate alone has: decided with it, not by its profile.
struct CrossLimits {
  Bytes subject_key_id;  // the other authority's own, of any length
  unsigned path_length = 0;
  std::vector<std::string> policies;  // dotted OIDs
  x509::NameConstraints constraints;  // empty: none
};

// What the request adds to the profile.
struct SubjectContent {
  x509::Name subject;
  Bytes public_key_info;               // DER, passed by the key gate
  std::vector<std::string> mails;      // subjectAltName rfc822Name; may be empty
  std::vector<std::string> dns_names;  // device profile
  std::optional<CrossLimits> cross = std::nullopt;  // of a cross profile
};

// Who signs: facts that go into the certificate verbatim.
struct IssuerIdentity {
  x509::Name name;  // copied octet for octet
  Bytes key_id;     // its subjectKeyIdentifier
  hsm::SignatureScheme scheme = hsm::SignatureScheme::ecdsa_sha256;
  std::optional<Time> not_after;  // none for a self-signed root
  std::string crl_url;            // CRLDP of what it issues; empty: none
  std::string certificate_url;    // AIA caIssuers; empty: none
  std::string ocsp_url;           // AIA OCSP; empty: none
};

class ToBeSigned {
 public:
  ByteView der() const noexcept { return der_; }

 private:
  friend Result<ToBeSigned> build_tbs(const Profile&, const SubjectContent&, const IssuerIdentity&,
                                      const x509::SerialNumber&, Profile::Validity);
  explicit ToBeSigned(Bytes der) : der_(std::move(der)) {}
  Bytes der_;
};

// The subjectKeyIdentifier that the built-in profiles use: the leftmost 160 bits of SHA-256 of the key (RFC 7093 method
// 1).
Bytes key_id(ByteView public_key_info);

// The same arguments always give the same octets. invalid_argument when mails, DNS names or the limits of a cross
// certificate are there that the profile forbids, or are missing.
Result<ToBeSigned> build_tbs(const Profile& profile, const SubjectContent& content, const IssuerIdentity& issuer,
                             const x509::SerialNumber& serial, Profile::Validity validity);

// LintedTbs: to-be-signed bytes that passed the linter. Move-only; made by lint() and by recovery from a recorded
// intent, which lints again; redeemed once by Issuer::sign.
class LintedTbs {
 public:
  LintedTbs(LintedTbs&&) noexcept = default;
  LintedTbs& operator=(LintedTbs&&) noexcept = default;
  ByteView der() const noexcept { return der_; }
  Sha256 tbs_hash() const { return sha256(der_); }

 private:
  friend Result<LintedTbs> lint(Bytes tbs_der, CertificateKind kind);
  friend class Issuer;
  explicit LintedTbs(Bytes der) : der_(std::move(der)) {}
  Bytes der_;
};

// Fail-closed, without a bypass: failed_precondition lists every finding with its rule's name, of the general linter
// (ca/lint) those that are errors.
Result<LintedTbs> lint(Bytes tbs_der, CertificateKind kind);
inline Result<LintedTbs> lint(ToBeSigned tbs, CertificateKind kind) { return lint(to_bytes(tbs.der()), kind); }
// The version of the rule set, for the log.
std::string_view lint_rules_version() noexcept;

class Issuer {
 public:
  // A CA that has a certificate. Name, key id and end of validity of `identity` are taken from the certificate where
  // they are empty. invalid_argument when key, certificate, scheme and identity do not belong together.
  static Result<Issuer> make(std::shared_ptr<const hsm::SigningKey> key, x509::Certificate certificate,
                             IssuerIdentity identity, x509::SecondOpinion how);
  // A root that signs its own certificate.
  static Result<Issuer> make_root(std::shared_ptr<const hsm::SigningKey> key, x509::Name name);

  const IssuerIdentity& identity() const noexcept { return identity_; }
  const std::optional<x509::Certificate>& certificate() const noexcept { return certificate_; }
  // Token signs; OpenSSL and Botan parse, agree and verify. failed_precondition when `tbs` was redeemed before.
  // `internal` on a difference: stop this profile. Safe for several threads at once.
  Result<x509::Certificate> sign(LintedTbs&& tbs) const;
  // For CRLs: what the octets of a tbsCertList are streamed into, and a signature over what comes out of it.
  Result<hsm::SchemeHasher> crl_hasher() const;
  Result<Bytes> sign_crl_digest(ByteView digest) const;

 private:
  Issuer(std::shared_ptr<const hsm::SigningKey> key, std::optional<x509::Certificate> certificate,
         IssuerIdentity identity, x509::SignatureJudge judge);
  std::shared_ptr<const hsm::SigningKey> key_;
  std::optional<x509::Certificate> certificate_;
  IssuerIdentity identity_;
  std::shared_ptr<const x509::SignatureJudge> judge_;
};

}  // namespace antin::issuance
