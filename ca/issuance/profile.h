// Profile: what a certificate of one kind contains, read from JSON that schemas/profile.schema.json describes.
//
// A leaf profile has no field that could say CA:TRUE: `LeafProfile` and `AuthorityProfile` are different types inside.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/certificate.h"
#include "ca/x509/name.h"
#include "hsm/signing_key.h"

namespace antin::issuance {

// `link`: of one root's key by another key of the same root (RFC 4210 §4.4). `cross`: of another authority's key, by
// one of our issuers (RFC 5280 §3.2).
enum class CertificateKind {
  organisation,
  personal,
  device,
  root,
  issuing,
  officer,
  ocsp,
  tsa,
  service,
  encryption,
  link,
  cross
};
// Root, issuing, link and cross: those whose certificates say CA:TRUE.
bool is_authority_kind(CertificateKind kind) noexcept;
std::string_view to_string(CertificateKind kind) noexcept;
Result<CertificateKind> certificate_kind(std::string_view name);

class Profile {
 public:
  // `invalid_argument` names the JSON pointer of what is wrong.
  static Result<Profile> from_json(std::string_view json);

  const std::string& name() const noexcept;
  unsigned version() const noexcept;
  CertificateKind kind() const noexcept;
  bool is_authority() const noexcept;
  bool for_tests() const noexcept;  // production refuses it
  // Issued by the newest issuer of the bloc that has such a key; none: by the newest.
  std::optional<hsm::KeyAlgorithm> issuer_key() const noexcept;
  // Keys of ML-DSA are taken from subscribers where the profile lists their kind.
  bool takes(hsm::KeyAlgorithm subject_key) const noexcept;
  std::string digest() const;  // SHA-256 of the canonical JSON, hex
  x509::KeyUsage key_usage() const;
  std::vector<std::string> extended_key_usage() const;  // dotted OIDs, empty for none
  std::vector<std::string> policies() const;            // dotted OIDs
  // The subject: the template filled with `fields` (`cn`, `o`, `ou`, `l`, `mail`, `uid` …). Names the missing or too
  // long field.
  Result<x509::Name> subject(const std::vector<std::pair<std::string, std::string>>& fields) const;
  // Validity that begins at `start`; clipped to `issuer_not_after` when the profile says so, else failed_precondition.
  struct Validity {
    Time not_before, not_after;
  };
  Result<Validity> validity(Time start, std::optional<Time> issuer_not_after) const;

  struct Content;
  const Content& content() const noexcept { return *content_; }  // for the builder in this folder

 private:
  explicit Profile(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::shared_ptr<const Content> content_;
};

// The profiles built into the program: organisation, personal, root, issuing, officer, ocsp-signer, tsa, device,
// document-service.
Result<Profile> built_in_profile(std::string_view name);
std::vector<std::string> built_in_profile_names();

}  // namespace antin::issuance
