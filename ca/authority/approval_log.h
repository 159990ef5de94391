// ApprovalLog: the log of an authority, read from its beginning: what was approved when, and what was decided and
// issued by that. Only for ca/authority.
#pragma once

#include <map>
#include <set>
#include <string>

#include "ca/authority/adoption_audit.h"
#include "ca/authority/approval_audit.h"
#include "ca/authority/incident_register.h"
#include "ca/authority/issue_steps.h"
#include "ca/authority/logged_act.h"
#include "ca/authority/officer_audit.h"
#include "ca/authority/role_register.h"
#include "ca/issuance/profile_set.h"

namespace antin::authority {

// The certificate that a decision became: its id, and the digest of the bytes that were decided.
struct IssuedRow {
  std::string id, tbs, issuer;
  issuance::ProfileSet profiles;  // in force when it was decided
  Spread spread = {};
};
// What the log says of an ended certificate: who follows its subscriber.
struct FollowedRow {
  std::string certificate, followed_by;
};

// What is certain comes from the log's own entries and from certificates whose digest stands there; columns of the
// store are not asked.
class ApprovalLog {
 public:
  // As many approvals are needed as the ceremony recorded, `otherwise` when it recorded none, never fewer than
  // `at_least`.
  ApprovalLog(store::Store& store, unsigned otherwise, unsigned at_least);

  // The next entry. permission_denied for an act that officers did not approve before it, data_loss for one that cannot
  // be read or is not what was approved.
  Status add(const store::LogEntry& logged);
  // At the end. data_loss when the ceremony did not end, permission_denied when an adoption did not.
  Result<ApprovalAudit> audit() const;
  // At the end: what was ended by incidents is on the lists that were approved, and the store has those lists.
  Status check_incidents();

  using OfRows = std::map<std::string, IssuedRow>;       // by request
  using Following = std::map<std::string, FollowedRow>;  // by request
  // What approved rows became, to be held against them.
  OfRows take_rows() { return std::move(of_rows_); }
  Following take_following() { return std::move(following_); }
  const IssuerRegister& issuers() const { return roles_.issuers(); }

 private:
  struct Intent {
    std::string tbs, profile, issuer;  // SHA-256 of the to-be-signed bytes
    bool of_ceremony = false;
    issuance::ProfileSet profiles;  // in force when it was decided
    Spread spread = {};
    Time at = {};  // when it was decided
  };
  // Of an officer, who named it with a signature.
  struct EncryptionKey {
    std::string subject;
    Bytes public_key_info;
  };

  Status end_ceremony(const LoggedAct& entry);
  Status certify_officers(const LoggedAct& entry);
  Status check_officer(const std::string& id, const std::string& request, const Intent& intent);
  Status add_proposal(const LoggedAct& entry);
  Status add_proposal_approval(const LoggedAct& entry);
  Status add_approval(const LoggedAct& entry);
  Status add_encryption_key(const LoggedAct& entry);
  Status add_intent(const LoggedAct& entry);
  Status add_ending(const LoggedAct& entry);
  Status add_link(const LoggedAct& entry);
  Status add_certificate(const LoggedAct& entry);
  Status add_of_ceremony(const std::string& id, const std::string& request, const Intent& intent);
  Status add_issuer(const std::string& id, const std::string& request, const RegisteredIssuer& issuer,
                    const Intent& intent);
  Status add_cross(const std::string& id, const std::string& request, const RegisteredCross& cross,
                   const Intent& intent);
  Status add_adopted_certificate(const LoggedAct& entry);
  Status add_adopted(const LoggedAct& entry);
  Status add_in_service(const LoggedAct& entry);
  Status check_encryption(const std::string& id, const std::string& request, const Intent& intent);
  // The certificate with the bytes that were decided, its row as the decision has it.
  Result<x509::Certificate> decided_certificate(const std::string& id, const std::string& request,
                                                const Intent& intent);
  Status check_issuing(const LoggedAct& entry) const;
  Status check_transition(const std::string& id, const std::string& type);
  const RegisteredIssuer* decided_issuer(const std::string& request) const;
  const RegisteredCross* decided_cross(const std::string& request) const;
  std::size_t approvals_of(const std::string& request) const;

  store::Store& store_;
  unsigned at_least_;
  ApprovalAudit audit_;
  AdoptionAudit adoptions_;
  RoleRegister roles_;
  IncidentRegister incidents_;
  OfficerAudit officers_;
  bool ceremony_ended_ = false;
  std::map<std::string, EncryptionKey> encryption_keys_;    // by request
  std::map<std::string, std::set<std::string>> approvals_;  // roster hash: officers who approved it, of different persons
  std::map<std::string, Intent> open_;                      // request: decided, not yet issued
  std::set<std::string> seen_;                              // requests
  std::map<std::string, std::string> endings_;              // certificate id: type of the last act that ended it or not
  OfRows of_rows_;
  Following following_;
};

// permission_denied unless the certificate has the bytes that were decided: `tbs` is their SHA-256 in hex.
Status check_decided_bytes(const std::string& id, const x509::Certificate& certificate, const std::string& tbs);
// permission_denied: no approved row says that `followed_by` follows the certificate.
std::unexpected<Error> not_approved_to_follow(const FollowedRow& link);

}  // namespace antin::authority
