// What approving a roster, a proposal and an incident have in common. Only for ca/authority.
#pragma once

#include "ca/authority/role_register.h"

namespace antin::authority {

// permission_denied for who is no officer now, and for another's key.
Status check_officer_key(const Context& context, const RoleRegister& roles, const std::string& officer_id,
                         const hsm::SigningKey& key, Time now);
// The officer's signature over the statement, verified, not yet recorded. permission_denied for who is no officer now
// or another's key, already_exists for a second approval.
Result<store::Approval> sign_approval(const Context& context, const RoleRegister& roles, ByteView subject_hash,
                                      const std::string& officer_id, const hsm::SigningKey& key, Bytes statement,
                                      Time now);
// Officers whose recorded approvals of `subject_hash` hold today, verified anew: one person with two certificates
// counts once. `statement` says what each must have signed.
Result<unsigned> count_approvals(const Context& context, const RoleRegister& roles, ByteView subject_hash,
                                 Bytes (*statement)(ByteView subject_hash, const std::string& officer_id), Time now);

}  // namespace antin::authority
