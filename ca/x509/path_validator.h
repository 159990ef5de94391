// Path validation (RFC 5280 §6) with revocation by CRL, decided by OpenSSL. A pure function of its arguments: no clock,
// no files, no network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ca/x509/certificate.h"
#include "ca/x509/crl.h"

namespace antin::x509 {

struct TrustMaterial {
  std::vector<Certificate> anchors;        // trusted by being here
  std::vector<Certificate> intermediates;  // helpers; not trusted
  std::vector<Crl> crls;
};

enum class PathStatus {
  valid,
  no_chain,  // NO_CERTIFICATE_CHAIN_FOUND
  expired,
  not_yet_valid,  // of a certificate in the path, at `at`
  revoked,
  revoked_ca,          // on a CRL with revocation time ≤ `at`
  on_hold,             // certificateHold
  revocation_unknown,  // no CRL for a certificate in the path, or it is stale: TRY_LATER
  chain_constraints,   // basic constraints, path length, key usage, name constraints, policies
  bad_signature,       // of a certificate or CRL in the path
};
std::string_view to_string(PathStatus status) noexcept;

struct PathOptions {
  Time at;  // validity and revocation are judged then
  bool check_revocation = true;
  // Revocation entries count whatever their time: for signatures without proof of an earlier time.
  bool any_revocation_counts = false;
  // The present, when `at` is earlier: lists issued between `at` and `now` know more and may be used. None: `at` is the
  // present.
  std::optional<Time> now = std::nullopt;
  // Lists older than this at `at` are stale, whatever their nextUpdate says. None: nextUpdate alone decides.
  std::optional<seconds> oldest_crl = std::nullopt;
};

struct PathResult {
  PathStatus status = PathStatus::no_chain;
  std::vector<Certificate> chain;      // leaf first, as far as it could be built
  std::optional<CrlEntry> revocation;  // when revoked, revoked_ca or on_hold
  std::optional<Certificate> culprit;  // the certificate that the status is about
  std::string detail;                  // one line for a person, English
};

PathResult validate_path(const Certificate& leaf, const TrustMaterial& material, const PathOptions& options);

// The inputs (c) to (g) of RFC 5280 §6.1.1.
struct PolicyOptions {
  std::vector<std::string> initial_policies = {"2.5.29.32.0"};  // dotted OIDs; anyPolicy by default
  bool explicit_policy = false, inhibit_mapping = false, inhibit_any = false;
};
struct PolicyPathResult {
  PathResult path;
  std::vector<std::string> user_constrained_policies;  // dotted OIDs, when valid
};
// As validate_path, with certificate policies, delta lists and indirect lists: everything is left to OpenSSL, lists
// too, so keep them small. For foreign hierarchies that need these; ours do not. Any key size and digest is taken.
PolicyPathResult validate_path_with_policies(const Certificate& leaf, const TrustMaterial& material,
                                             const PathOptions& options, const PolicyOptions& policies);

}  // namespace antin::x509
