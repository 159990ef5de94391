#include "ca/authority/issuer_making.h"

#include "base/encoding.h"

namespace antin::authority {
namespace {

Result<x509::Certificate> issued(const Context& context, const issuance::Issuer& by, const std::string& issuer_name,
                                 const SingleRequest& request) {
  ANTIN_TRY(const store::CertificateRecord record,
            in(request.request_id, issue_single(context, by, issuer_name, request)));
  return x509::Certificate::from_der(record.der);
}

}  // namespace

Result<x509::Certificate> certify_issuer(const Context& context, const RegisteredIssuer& wanted,
                                         const RegisteredIssuer& before, const issuance::Issuer& by,
                                         const hsm::SigningKey& key) {
  if (to_hex(sha256(key.public_key_info())) != wanted.key)
    return fail(ErrorCode::failed_precondition,
                "issuer: " + wanted.name + ": " + key.uri() + " is not the key that officers decided on");
  if (!before.certificate)
    return fail(ErrorCode::failed_precondition, "ca " + before.name + ": it has no certificate yet");
  SingleRequest request;
  request.request_id = issuer_request_id(wanted.proposal_hash);
  request.profile = wanted.is_root() ? "root" : "issuing";
  request.content.subject = before.certificate->subject();
  request.content.public_key_info = to_bytes(key.public_key_info());
  request.key_location = "token";
  request.key_uri = key.uri();
  return issued(context, by, wanted.issued_by, request);
}

std::string link_name(const RegisteredIssuer& now, Link link) {
  return link == Link::new_with_old ? now.name + "-by-" + now.follows : now.follows + "-by-" + now.name;
}

Result<x509::Certificate> certify_link(const Context& context, const RegisteredIssuer& now,
                                       const RegisteredIssuer& before, Link link, const issuance::Issuer& by) {
  const bool forward = link == Link::new_with_old;
  const RegisteredIssuer& whose = forward ? now : before;
  if (!now.certificate || !before.certificate)
    return fail(ErrorCode::failed_precondition, "ca " + whose.name + ": it has no certificate yet");
  SingleRequest request;
  request.request_id = link_request_id(now.proposal_hash, link);
  request.profile = "link";
  request.content.subject = whose.certificate->subject();
  request.content.public_key_info = to_bytes(whose.certificate->public_key_info());
  request.key_location = "token";
  request.not_after = before.certificate->not_after();
  if (!forward) request.not_before = before.certificate->not_before();
  return issued(context, by, forward ? before.name : now.name, request);
}

}  // namespace antin::authority
