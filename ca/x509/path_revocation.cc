#include "ca/x509/path_revocation.h"

#include <algorithm>

#include "ca/x509/tbs.h"

namespace antin::x509 {
namespace {

// The distribution points of a certificate (RFC 5280 §4.2.1.13).
struct Points {
  bool others_only = false;  // every one names another issuer of lists (cRLIssuer), or they cannot be read
  std::vector<Bytes> names;  // DER GeneralNames of those that do not
};

Status read_point(ByteView content, Points& points) {
  bool other = false;
  std::vector<Bytes> names;
  for (der::Reader parts(content); !parts.at_end();) {
    ANTIN_TRY(const der::Element part, parts.next());
    other = other || part.tag == der::context_constructed(2);
    if (part.tag != der::context_constructed(0)) continue;
    der::Reader choice(part.content);
    ANTIN_TRY(const auto full, choice.optional(der::context_constructed(0)));
    if (!full) continue;
    for (der::Reader list(full->content); !list.at_end();) {
      ANTIN_TRY(const der::Element name, list.next());
      names.push_back(to_bytes(name.whole));
    }
  }
  if (other) return {};
  points.others_only = false;
  points.names.insert(points.names.end(), names.begin(), names.end());
  return {};
}

Status read_points(ByteView value, Points& points) {
  ANTIN_TRY(const der::Element list, der::only(value, der::sequence_tag));
  for (der::Reader reader(list.content); !reader.at_end();) {
    ANTIN_TRY(const der::Element point, reader.expect(der::sequence_tag));
    ANTIN_CHECK(read_point(point.content, points));
  }
  return {};
}

Points points_of(const TbsView& tbs) {
  const ExtensionView* extension = tbs.find("2.5.29.31");
  if (extension == nullptr) return {};
  Points points{.others_only = true};
  if (!read_points(extension->value, points)) return {.others_only = true};
  return points;
}

// Whether `crl` speaks for `certificate`; empty when it does, else why not.
std::string out_of_scope(const Crl& crl, const Certificate& certificate) {
  const CrlScope& scope = crl.scope();
  if (scope.unknown_critical) return "has a critical extension that is not known";
  if (scope.indirect) return "is an indirect list";
  if (scope.some_reasons_only) return "covers some reasons only";
  if (scope.only_attribute_certificates) return "is for attribute certificates";
  const auto tbs = parse_tbs(certificate.tbs());
  const Points points = tbs ? points_of(*tbs) : Points{.others_only = true};
  if (points.others_only) return "is not of the issuer that the certificate names";
  // Before version 3 a certificate does not say whether it is an authority's.
  if ((scope.only_user_certificates || scope.only_ca_certificates) && tbs->version < 3)
    return "is for one kind of certificates";
  if (scope.only_user_certificates && certificate.is_ca()) return "is for end entities";
  if (scope.only_ca_certificates && !certificate.is_ca()) return "is for authorities";
  if (!scope.distribution_point) return {};
  const bool same_point = std::ranges::any_of(
      scope.names, [&](const Bytes& name) { return std::ranges::find(points.names, name) != points.names.end(); });
  return same_point ? std::string() : "is for another distribution point";
}

// Whether `crl` is current for a judgement at `options.at`; empty when it is, else why not.
std::string not_current(const Crl& crl, const PathOptions& options) {
  const Time known_until = options.now ? std::max(*options.now, options.at) : options.at;
  if (crl.this_update() > known_until) return "is from the future";
  if (crl.next_update() && *crl.next_update() < options.at) return "is stale since " + to_rfc3339(*crl.next_update());
  if (options.oldest_crl && crl.this_update() + *options.oldest_crl < options.at) return "is too old";
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

// By its issuer's key, or by an older or newer key of the same issuer that is in the path too.
Result<bool> signed_in_chain(const Crl& crl, const std::vector<Certificate>& chain, std::size_t depth) {
  Result<bool> answer = false;
  for (std::size_t i = depth + 1; i < chain.size(); ++i) {
    auto good = crl.signed_by(chain[i]);
    if (good && *good) return true;
    if (i == depth + 1) answer = std::move(good);
  }
  return answer;
}

bool convicts(const Answer& answer) {
  return answer.status == PathStatus::revoked || answer.status == PathStatus::revoked_ca ||
         answer.status == PathStatus::on_hold;
}

// What one list says of the certificate; status revocation_unknown and the reason when it says nothing that may be
// used.
Answer ask_one(const Crl& crl, const std::vector<Certificate>& chain, std::size_t depth, const PathOptions& options) {
  const Certificate& certificate = chain[depth];
  Answer nothing;
  if (const std::string why = out_of_scope(crl, certificate); !why.empty()) {
    nothing.detail = "the CRL " + why;
    return nothing;
  }
  const auto good = signed_in_chain(crl, chain, depth);
  if (!good || !*good) {
    nothing.detail = good ? "the CRL's signature does not hold" : good.error().message;
    return nothing;
  }
  const auto entry = crl.find(certificate.serial());
  const Answer said = entry ? judge_entry(*entry, options, depth == 0) : Answer{PathStatus::valid, std::nullopt, {}};
  // A list that is only stale still convicts (but for a hold, which may have ended), never acquits. So does a delta
  // list.
  const std::string stale = not_current(crl, options);
  if (stale.empty()) return crl.scope().delta && !convicts(said) ? nothing : said;
  if (convicts(said) && said.status != PathStatus::on_hold) return said;
  nothing.detail = "the CRL " + stale;
  return nothing;
}

// Of the lists that may be used, the newest decides.
Answer ask(const std::vector<Certificate>& chain, std::size_t depth, const TrustMaterial& material,
           const PathOptions& options) {
  Answer answer;
  std::optional<Time> decided_by;
  for (const Crl& crl : material.crls) {
    if (!crl.issuer().matches(chain[depth].issuer())) continue;
    if (decided_by && crl.this_update() < *decided_by) continue;
    const Answer said = ask_one(crl, chain, depth, options);
    if (said.status == PathStatus::revocation_unknown) {
      if (!decided_by) answer.detail = said.detail;
      continue;
    }
    // Of two lists of the same second, the one that convicts.
    if (decided_by && crl.this_update() == *decided_by && !convicts(said)) continue;
    answer = said;
    decided_by = crl.this_update();
  }
  return answer;
}

// Asks about one certificate and keeps the answer when it is worse than what is known.
void check_one(std::size_t depth, const TrustMaterial& material, const PathOptions& options, PathResult& result) {
  const Answer answer = ask(result.chain, depth, material, options);
  if (answer.status == PathStatus::valid) return;
  const bool worse = result.status == PathStatus::valid || (result.status == PathStatus::revocation_unknown &&
                                                            answer.status != PathStatus::revocation_unknown);
  if (!worse) return;
  result.status = answer.status;
  result.culprit = result.chain[depth];
  result.revocation = answer.entry;
  result.detail = answer.detail;
}

}  // namespace

void check_revocation(const TrustMaterial& material, const PathOptions& options, PathResult& result) {
  result.status = PathStatus::valid;
  for (std::size_t depth = result.chain.size() - 1; depth-- > 0;) check_one(depth, material, options, result);
}

void check_leaf_revocation(const TrustMaterial& material, const PathOptions& options, PathResult& result) {
  result.status = PathStatus::valid;
  check_one(0, material, options, result);
}

}  // namespace antin::x509
