// Profile::Content: a profile's rules as plain values, for the builder. Only for ca/issuance.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ca/issuance/profile.h"
#include "ca/x509/certificate.h"

namespace antin::issuance {

struct SubjectPart {
  std::string type;   // as in x509::NameAttribute
  std::string value;  // the same in every certificate; or
  std::string field;  // the request's field that fills it
  bool optional = false;
};

enum class Wanted { required, optional, forbidden };
enum class KeyIdMethod { sha256_160, sha1 };

// What only an end entity's certificate has. There is nothing here that could make an authority.
struct LeafProfile {
  Wanted mail = Wanted::forbidden, dns = Wanted::forbidden;
  bool ocsp_no_check = false;
};

struct AuthorityProfile {
  std::optional<unsigned> path_length;
};

struct Profile::Content {
  std::string name;
  unsigned version = 1;
  CertificateKind kind = CertificateKind::personal;
  bool for_tests = false;
  std::optional<hsm::KeyAlgorithm> issuer_key;
  std::vector<hsm::KeyAlgorithm> subject_keys;  // beyond those that every profile takes
  std::string digest;
  std::vector<SubjectPart> subject;
  int years = 0, extra_days = 0, less_days = 0, backdate_minutes = 0;
  bool clip_to_issuer = false;
  x509::KeyUsage key_usage;
  std::vector<std::string> extended_key_usage;  // dotted OIDs
  bool extended_key_usage_critical = false;
  std::vector<std::string> policies;  // dotted OIDs
  KeyIdMethod subject_key_id = KeyIdMethod::sha256_160;
  std::variant<LeafProfile, AuthorityProfile> rules;
};

}  // namespace antin::issuance
