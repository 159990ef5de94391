// Proposal: what officers decide besides rosters: who holds which role, by which profiles the authority issues, which
// issuers it has, and which other authorities it certifies. docs/formats/proposal.md.
//
// It is in force from the approval that completes it, until a later one says otherwise; nothing else puts it in force.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "ca/authority/authority.h"
#include "ca/authority/cross_certificate.h"
#include "ca/authority/issuer_register.h"
#include "ca/issuance/profile_set.h"

namespace antin::authority {

enum class Role { administrator, officer, auditor, operator_ };
std::string_view to_string(Role role) noexcept;
Result<Role> role_named(std::string_view name);

struct RoleChange {
  Role role = Role::auditor;
  bool grant = true;  // false: withdraw
  std::string certificate_id;
  std::string certificate_sha256;  // of the DER, hex
  std::string account;             // name of the person's account on the machine, or empty
  std::string remark;
};
struct ProfileChange {
  issuance::ProfileSet profiles;
};

struct Proposal {
  std::uint64_t number = 0;  // from 1, without gaps: an old one cannot be proposed again
  unsigned required = 0;     // approvals that put it in force
  std::variant<RoleChange, ProfileChange, IssuerChange, CrossChange> change;
};
// Canonical JSON in NFC, whose SHA-256 is what officers approve.
Bytes proposal_content(const Proposal& proposal);
Result<Proposal> read_proposal(ByteView content);  // data_loss when it is none, or not canonical
Bytes proposal_statement(ByteView hash, const std::string& officer_id);

// Records the change and its log entry; returns the hash that officers approve. `required` approvals put it in force.
// failed_precondition for a role that the holder has already or does not have, for a certificate that cannot hold it,
// and when fewer officers would remain than approvals are needed.
Result<Bytes> propose(const Context& context, RoleChange change, unsigned required);
// failed_precondition when these profiles are in force already, or one was changed under the same version;
// permission_denied in production when one is for tests, also when it is approved.
Result<Bytes> propose(const Context& context, ProfileChange change, unsigned required);
// failed_precondition when the register has no place for such an issuer (IssuerRegister::check).
Result<Bytes> propose(const Context& context, IssuerChange change, unsigned required);
// failed_precondition or invalid_argument when check_cross() refuses it (cross_making.h).
Result<Bytes> propose(const Context& context, CrossChange change, unsigned required);
// The ceremony's own: in force at once, and only as the first of all. The same again changes nothing.
Status set_first_profiles(const Context& context, issuance::ProfileSet profiles);

struct ProposalApproval {
  unsigned approvals = 0, required = 0;
  bool in_force = false;
};
// As approve() does for a roster.
Result<ProposalApproval> approve_proposal(const Context& context, ByteView hash, const std::string& officer_id,
                                          const hsm::SigningKey& key);

}  // namespace antin::authority
