// Issuers in service, as a fact of the store: whoever decides to sign asks in the same transaction whether the issuer is
// still the one that issues. Only for ca/authority and for who makes issuers.
#pragma once

#include "ca/authority/role_register.h"

namespace antin::authority {

// Of the certificate that is made for an issuer by a proposal (its hash, hex): the same proposal, the same certificate.
std::string issuer_request_id(std::string_view proposal_hash);
// From the old anchor to what the new key issued, and from the new one to what the old key issued (RFC 4210 §4.4).
enum class Link { new_with_old, old_with_new };
std::string link_request_id(std::string_view proposal_hash, Link link);
// Beyond those of the ceremony, in the order in which they came.
Result<std::vector<std::string>> names_in_service(store::Store& store);
// The last act that makes an issuer: its certificate is there and published, its first list too. The same again changes
// nothing. failed_precondition without the officers' decision or a certificate.
Status put_in_service(const Context& context, const std::string& name);
// failed_precondition when another one was put in service meanwhile, when the certificate of one was revoked, suspended or
// resumed meanwhile, or when the issuer of `intent` is not the one of its
// bloc that issues by its profile at `now`. Within a transaction.
Status guard_issuers(store::Store& store, const IssuerRegister& issuers, Time now);
Status guard_issuer(const IssuerRegister& issuers, const issuance::ProfileSet& profiles, const store::Intent& intent,
                    Time now);
// failed_precondition when the certificate of this issuer is revoked or suspended. Within a transaction; of one that is
// not in the register, as in a ceremony, it says nothing.
Status guard_not_stopped(store::Store& store, const std::string& issuer_name, Time now);
// Which issuer ends a single request: the one that has taken it up, else the one that issues for the bloc now.
// failed_precondition when none does.
Result<std::string> issuer_of_request(const Context& context, const std::string& request_id, std::string_view bloc);
// As of now, by approvals that are verified anew.
Result<IssuerRegister> read_issuers(store::Store& store, Time now);

}  // namespace antin::authority
