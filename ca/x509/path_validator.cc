#include "ca/x509/path_validator.h"

#include <openssl/x509_vfy.h>

#include <algorithm>

#include "base/openssl_ptr.h"
#include "ca/x509/path_revocation.h"
#include "ca/x509/path_search.h"
#include "ca/x509/tbs.h"

namespace antin::x509 {
namespace {

struct Finding {
  PathStatus status;
  int depth;  // 0: the leaf
  std::string detail;
};

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using BorrowedStack = std::unique_ptr<STACK_OF(X509), FreeStack>;  // does not own the certificates

PathStatus status_of(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
      return PathStatus::no_chain;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return PathStatus::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return PathStatus::not_yet_valid;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
      return PathStatus::bad_signature;
    default:
      return PathStatus::chain_constraints;
  }
}

// OpenSSL stops at the first finding unless told to go on; we want all of them, and choose the weightiest ourselves.
int note_and_go_on(int good, X509_STORE_CTX* context) {
  if (good == 1) return 1;
  auto* findings = static_cast<std::vector<Finding>*>(X509_STORE_CTX_get_app_data(context));
  const int error = X509_STORE_CTX_get_error(context);
  findings->push_back(
      {status_of(error), X509_STORE_CTX_get_error_depth(context), X509_verify_cert_error_string(error)});
  return status_of(error) == PathStatus::no_chain ? 0 : 1;
}

// What is worse is told first: a path that does not exist or is forged, then rules, then time.
int weight(PathStatus status) {
  switch (status) {
    case PathStatus::no_chain:
      return 5;
    case PathStatus::bad_signature:
      return 4;
    case PathStatus::chain_constraints:
      return 3;
    case PathStatus::not_yet_valid:
      return 2;
    case PathStatus::expired:
      return 1;
    default:
      return 0;
  }
}

// The certificate objects of ours that OpenSSL's pointers belong to.
const Certificate* owner(X509* native, const Certificate& leaf, const TrustMaterial& material) {
  if (leaf.native() == native) return &leaf;
  for (const auto* group : {&material.anchors, &material.intermediates})
    for (const Certificate& candidate : *group)
      if (candidate.native() == native || X509_cmp(candidate.native(), native) == 0) return &candidate;
  return nullptr;
}

X509StorePtr store_of(const TrustMaterial& material) {
  X509StorePtr store(X509_STORE_new());
  for (const Certificate& anchor : material.anchors) X509_STORE_add_cert(store.get(), anchor.native());
  return store;
}

void set_rules(X509_STORE_CTX* context, const PathOptions& options) {
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(options.at.time_since_epoch().count()));
  // An anchor is trusted by being there, also when it is not self-signed.
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_POLICY_CHECK);
  X509_VERIFY_PARAM_add0_policy(rules,
                                OBJ_txt2obj("2.5.29.32.0", 1));  // any policy will do, also where one is required
  X509_VERIFY_PARAM_set_depth(rules, 8);
  X509_VERIFY_PARAM_set_auth_level(rules, 1);  // 80 bits: no SHA-1, no RSA below 1024
}

// The path and what OpenSSL found on it, without revocation.
std::vector<Finding> build(const Certificate& leaf, const TrustMaterial& material, const PathOptions& options,
                           PathResult& result) {
  std::vector<Finding> findings;
  const X509StorePtr store = store_of(material);
  const BorrowedStack helpers(sk_X509_new_null());
  for (const Certificate& helper : material.intermediates) sk_X509_push(helpers.get(), helper.native());
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store.get(), leaf.native(), helpers.get()) != 1)
    return {{PathStatus::no_chain, 0, "OpenSSL: " + openssl_error()}};
  set_rules(context.get(), options);
  X509_STORE_CTX_set_app_data(context.get(), &findings);
  X509_STORE_CTX_set_verify_cb(context.get(), note_and_go_on);
  const int verdict = X509_verify_cert(context.get());
  if (verdict != 1 && findings.empty())
    findings.push_back(
        {PathStatus::no_chain, 0, X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))});
  openssl_error();
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i)
    if (const Certificate* ours = owner(sk_X509_value(chain, i), leaf, material)) result.chain.push_back(*ours);
  if (result.chain.empty()) result.chain.push_back(leaf);
  return findings;
}

// A rule on the form of extensions that OpenSSL does not hold (RFC 5280 §4.2.1.10), for all but the anchor.
void check_form(const std::vector<Certificate>& chain, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const auto tbs = parse_tbs(chain[i].tbs());
    if (!tbs) continue;
    if (!chain[i].is_ca() && tbs->find("2.5.29.30") != nullptr)
      findings.push_back({PathStatus::chain_constraints, static_cast<int>(i),
                          "name constraints in a certificate that is not an authority's"});
  }
}

// Builds and judges one path: with the helpers and anchors of `path`, and all lists of `material`.
PathResult judge(const Certificate& leaf, const TrustMaterial& path, const TrustMaterial& material,
                 const PathOptions& options) {
  PathResult result;
  std::vector<Finding> findings = build(leaf, path, options, result);
  check_form(result.chain, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return weight(a.status) > weight(b.status); });
  // A revocation outweighs the end of validity: an expired certificate that was revoked is told as revoked.
  const bool only_time = findings.empty() || weight(findings.front().status) <= weight(PathStatus::not_yet_valid);
  if (only_time && options.check_revocation) {
    check_revocation(material, options, result);
    if (result.status == PathStatus::revoked || result.status == PathStatus::revoked_ca ||
        result.status == PathStatus::on_hold)
      return result;
  }
  if (!findings.empty()) {
    const Finding& worst = findings.front();
    const auto depth = static_cast<std::size_t>(std::max(worst.depth, 0));
    result.status = worst.status;
    result.culprit = result.chain[std::min(depth, result.chain.size() - 1)];
    result.detail = worst.detail;
    return result;
  }
  if (!options.check_revocation) result.status = PathStatus::valid;
  return result;
}

}  // namespace

std::string_view to_string(PathStatus status) noexcept {
  switch (status) {
    case PathStatus::valid:
      return "valid";
    case PathStatus::no_chain:
      return "no_chain";
    case PathStatus::expired:
      return "expired";
    case PathStatus::not_yet_valid:
      return "not_yet_valid";
    case PathStatus::revoked:
      return "revoked";
    case PathStatus::revoked_ca:
      return "revoked_ca";
    case PathStatus::on_hold:
      return "on_hold";
    case PathStatus::revocation_unknown:
      return "revocation_unknown";
    case PathStatus::chain_constraints:
      return "chain_constraints";
    case PathStatus::bad_signature:
      return "bad_signature";
  }
  return "no_chain";
}

PathResult validate_path(const Certificate& leaf, const TrustMaterial& material, const PathOptions& options) {
  const std::vector<CandidatePath> paths = candidate_paths(leaf, material);
  if (paths.empty()) return judge(leaf, material, material, options);
  std::optional<PathResult> best;
  for (const CandidatePath& path : paths) {
    PathResult result = judge(leaf, {path.anchor, path.helpers, {}}, material, options);
    if (result.status == PathStatus::valid) return result;
    if (!best || weight(result.status) < weight(best->status)) best = std::move(result);
  }
  return *std::move(best);
}

}  // namespace antin::x509
