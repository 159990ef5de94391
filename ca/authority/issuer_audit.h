// What a certificate that was made for an issuer must be, by the officers' decision. Only for ca/authority.
#pragma once

#include "ca/authority/issuer_service.h"
#include "ca/issuance/profile_set.h"

namespace antin::authority {

// Whether the certificate of the request is the one that the proposal of `issuer` says: its key, the name of the issuer
// that it follows, the root that certifies it, the purposes and the length of life of the profile in force.
// permission_denied otherwise.
Status check_issuer_certificate(const IssuerRegister& issuers, const RegisteredIssuer& issuer,
                                const issuance::ProfileSet& profiles, const x509::Certificate& certificate);
// The same for a link certificate of the root `now`: the other key, the common name, a path in the direction of `link`.
Status check_link_certificate(const IssuerRegister& issuers, const RegisteredIssuer& now, Link link,
                              const issuance::ProfileSet& profiles, const x509::Certificate& certificate);
// Whether `certificate` names this issuer, of several with one name by the key id.
bool issued_by(const RegisteredIssuer& issuer, const x509::Certificate& certificate);

}  // namespace antin::authority
