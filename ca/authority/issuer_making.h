// Making an issuer that officers decided on: its certificate, and the link certificates of a root that gets a new key
// (RFC 4210 §4.4). Each of them is made once, however often it is asked for.
#pragma once

#include "ca/authority/authority.h"
#include "ca/authority/issuer_service.h"

namespace antin::authority {

// The certificate of `wanted`, by the issuer that its proposal names: a root of ours, or Issuer::make_root for a root's
// own. failed_precondition when `key` is not the one that officers decided on.
Result<x509::Certificate> certify_issuer(const Context& context, const RegisteredIssuer& wanted,
                                         const RegisteredIssuer& before, const issuance::Issuer& by,
                                         const hsm::SigningKey& key);

// `root-2-by-root` and `root-by-root-2`: file and address of a link certificate.
std::string link_name(const RegisteredIssuer& now, Link link);
// `by` is the root whose key signs. They end when the old root's certificate ends; the one for the old key begins with
// it. failed_precondition when no profile `link` is in force.
Result<x509::Certificate> certify_link(const Context& context, const RegisteredIssuer& now,
                                       const RegisteredIssuer& before, Link link, const issuance::Issuer& by);

}  // namespace antin::authority
