#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/openssl_ptr.h"
#include "ca/x509/path_validator.h"

namespace antin::x509 {
namespace {

struct FreeCertificates {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
struct FreeLists {
  void operator()(STACK_OF(X509_CRL) * stack) const noexcept { sk_X509_CRL_pop_free(stack, X509_CRL_free); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), FreeCertificates>;
using Lists = std::unique_ptr<STACK_OF(X509_CRL), FreeLists>;

PathStatus status_of(int error, int depth) {
  switch (error) {
    case X509_V_OK:
      return PathStatus::valid;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return PathStatus::no_chain;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return PathStatus::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return PathStatus::not_yet_valid;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
      return PathStatus::bad_signature;
    case X509_V_ERR_CERT_REVOKED:
      return depth == 0 ? PathStatus::revoked : PathStatus::revoked_ca;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
      return PathStatus::revocation_unknown;
    default:
      return PathStatus::chain_constraints;
  }
}

bool add_policy(X509_VERIFY_PARAM* rules, const std::string& dotted) {
  ASN1_OBJECT* object = OBJ_txt2obj(dotted.c_str(), 1);
  return object != nullptr && X509_VERIFY_PARAM_add0_policy(rules, object) == 1;
}

bool set_rules(X509_STORE_CTX* context, const PathOptions& options, const PolicyOptions& policies) {
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(options.at.time_since_epoch().count()));
  X509_VERIFY_PARAM_set_auth_level(rules, 0);
  unsigned long flags = X509_V_FLAG_POLICY_CHECK;
  if (options.check_revocation)
    flags |=
        X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT | X509_V_FLAG_USE_DELTAS;
  if (policies.explicit_policy) flags |= X509_V_FLAG_EXPLICIT_POLICY;
  if (policies.inhibit_mapping) flags |= X509_V_FLAG_INHIBIT_MAP;
  if (policies.inhibit_any) flags |= X509_V_FLAG_INHIBIT_ANY;
  X509_VERIFY_PARAM_set_flags(rules, flags);
  for (const std::string& policy : policies.initial_policies)
    if (!add_policy(rules, policy)) return false;
  return true;
}

Lists lists_of(const TrustMaterial& material) {
  Lists lists(sk_X509_CRL_new_null());
  for (const Crl& crl : material.crls) {
    const unsigned char* at = crl.der().data();
    if (X509_CRL* native = d2i_X509_CRL(nullptr, &at, static_cast<long>(crl.der().size())))
      sk_X509_CRL_push(lists.get(), native);
  }
  return lists;
}

std::vector<std::string> policies_of(X509_STORE_CTX* context) {
  std::vector<std::string> out;
  X509_POLICY_TREE* tree = X509_STORE_CTX_get0_policy_tree(context);
  if (tree == nullptr) return out;
  const STACK_OF(X509_POLICY_NODE)* nodes = X509_policy_tree_get0_user_policies(tree);
  for (int i = 0; i < sk_X509_POLICY_NODE_num(nodes); ++i) {
    char text[128];
    if (OBJ_obj2txt(text, sizeof text, X509_policy_node_get0_policy(sk_X509_POLICY_NODE_value(nodes, i)), 1) > 0)
      out.emplace_back(text);
  }
  return out;
}

}  // namespace

PolicyPathResult validate_path_with_policies(const Certificate& leaf, const TrustMaterial& material,
                                             const PathOptions& options, const PolicyOptions& policies) {
  PolicyPathResult result;
  const X509StorePtr store(X509_STORE_new());
  for (const Certificate& anchor : material.anchors) X509_STORE_add_cert(store.get(), anchor.native());
  const Certificates helpers(sk_X509_new_null());
  for (const Certificate& helper : material.intermediates) sk_X509_push(helpers.get(), helper.native());
  const Lists lists = lists_of(material);
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store.get(), leaf.native(), helpers.get()) != 1 ||
      !set_rules(context.get(), options, policies)) {
    result.path.detail = "OpenSSL: " + openssl_error();
    return result;
  }
  X509_STORE_CTX_set0_crls(context.get(), lists.get());
  const bool good = X509_verify_cert(context.get()) == 1;
  const int error = X509_STORE_CTX_get_error(context.get());
  openssl_error();
  result.path.status = good                 ? PathStatus::valid
                       : error == X509_V_OK ? PathStatus::no_chain
                                            : status_of(error, X509_STORE_CTX_get_error_depth(context.get()));
  if (!good) result.path.detail = X509_verify_cert_error_string(error);
  if (good) result.user_constrained_policies = policies_of(context.get());
  return result;
}

}  // namespace antin::x509
