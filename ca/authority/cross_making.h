// Making a cross certificate that officers decided on: what is asked before they may decide, the certificate, which is
// made once, however often it is asked for, and what the audit asks of it. Only the audit's part is for ca/authority
// alone.
#pragma once

#include "ca/authority/authority.h"
#include "ca/authority/role_register.h"

namespace antin::authority {

// Why it should not be proposed or approved now: beyond check_cross_form() the issuer of ours and its length of life
// and path, keys and names that are ours or another subscriber's here, blocked keys, a name that is taken, the profile
// `cross`, and the linter's word on what would be signed. failed_precondition or invalid_argument.
Status check_cross(const Context& context, const RoleRegister& roles, const CrossChange& change, Time now);

// `by` is the issuer that the decision names. failed_precondition when no profile `cross` is in force, and when the
// decision cannot be followed any more.
Result<store::CertificateRecord> certify_cross(const Context& context, const RegisteredCross& cross,
                                               const issuance::Issuer& by);

// Whether a certificate is the one that follows from the decision: built anew, of the profile in force when the intent
// was recorded (`at`), it has the same octets; addresses, serial and the signature algorithm are its own.
// permission_denied otherwise.
Status check_cross_certificate(const IssuerRegister& issuers, const RegisteredCross& cross,
                               const issuance::ProfileSet& profiles, Time at, const x509::Certificate& certificate);

}  // namespace antin::authority
