#include "ca/x509/path_revocation.h"

#include <algorithm>

namespace antin::x509 {
namespace {

// Whether `crl` speaks for `certificate`; empty when it does, else why not.
std::string out_of_scope(const Crl& crl, const Certificate& certificate) {
  const CrlScope& scope = crl.scope();
  if (scope.unknown_critical) return "has a critical extension that is not known";
  if (scope.delta) return "is a delta list";
  if (scope.indirect) return "is an indirect list";
  if (scope.some_reasons_only) return "covers some reasons only";
  if (scope.only_attribute_certificates) return "is for attribute certificates";
  if (scope.only_user_certificates && certificate.is_ca()) return "is for end entities";
  if (scope.only_ca_certificates && !certificate.is_ca()) return "is for authorities";
  if (!scope.distribution_point) return {};
  const auto urls = certificate.crl_urls();
  const bool same_point = std::ranges::any_of(scope.urls, [&](const std::string& url) { return std::ranges::find(urls, url) != urls.end(); });
  return same_point ? std::string() : "is for another distribution point";
}

// Whether `crl` is current for a judgement at `options.at`; empty when it is, else why not.
std::string not_current(const Crl& crl, const PathOptions& options) {
  const Time known_until = options.now ? std::max(*options.now, options.at) : options.at;
  if (crl.this_update() > known_until) return "is from the future";
  if (crl.next_update() && *crl.next_update() < options.at) return "is stale since " + to_rfc3339(*crl.next_update());
  return {};
}

struct Answer {
  PathStatus status = PathStatus::revocation_unknown;
  std::optional<CrlEntry> entry;
  std::string detail = "no CRL of its issuer is at hand";
};

Answer judge_entry(const CrlEntry& entry, const PathOptions& options, bool leaf) {
  if (entry.reason == RevocationReason::remove_from_crl) return {PathStatus::valid, std::nullopt, {}};
  if (!options.any_revocation_counts && entry.revoked_at > options.at) return {PathStatus::valid, std::nullopt, {}};
  const std::string when = std::string(to_string(entry.reason)) + " since " + to_rfc3339(entry.revoked_at);
  if (entry.reason == RevocationReason::certificate_hold) return {PathStatus::on_hold, entry, "on hold: " + when};
  return {leaf ? PathStatus::revoked : PathStatus::revoked_ca, entry, "revoked: " + when};
}

// The newest list that may be used decides. A list that is signed, in scope and only stale still convicts, never acquits.
Answer ask(const Certificate& certificate, const Certificate& issuer, const TrustMaterial& material, const PathOptions& options, bool leaf) {
  Answer answer;
  std::optional<Time> decided_by;
  for (const Crl& crl : material.crls) {
    if (!crl.issuer().matches(certificate.issuer())) continue;
    if (const std::string why = out_of_scope(crl, certificate); !why.empty()) {
      if (!decided_by) answer.detail = "the CRL " + why;
      continue;
    }
    const std::string stale = not_current(crl, options);
    if (decided_by && crl.this_update() <= *decided_by) continue;
    const auto good = crl.signed_by(issuer);
    if (!good || !*good) {
      if (!decided_by) answer.detail = good ? "the CRL's signature does not hold" : good.error().message;
      continue;
    }
    const auto entry = crl.find(certificate.serial());
    const Answer said = entry ? judge_entry(*entry, options, leaf) : Answer{PathStatus::valid, std::nullopt, {}};
    if (stale.empty()) {
      answer = said;
      decided_by = crl.this_update();
    } else if (!decided_by) {
      const bool convicts = said.status == PathStatus::revoked || said.status == PathStatus::revoked_ca;
      if (convicts) answer = said;
      else if (answer.status == PathStatus::revocation_unknown) answer.detail = "the CRL " + stale;
    }
  }
  return answer;
}

}  // namespace

void check_revocation(const TrustMaterial& material, const PathOptions& options, PathResult& result) {
  result.status = PathStatus::valid;
  for (std::size_t i = result.chain.size() - 1; i-- > 0;) {
    const Answer answer = ask(result.chain[i], result.chain[i + 1], material, options, i == 0);
    if (answer.status == PathStatus::valid) continue;
    // An authority's trouble is told first, unless the leaf below it is known to be revoked.
    const bool worse = result.status == PathStatus::valid || (result.status == PathStatus::revocation_unknown && answer.status != PathStatus::revocation_unknown);
    if (!worse) continue;
    result.status = answer.status;
    result.culprit = result.chain[i];
    result.revocation = answer.entry;
    result.detail = answer.detail;
  }
}

}  // namespace antin::x509
