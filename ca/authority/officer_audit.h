// OfficerAudit: officers' ceremonies as the log tells them, held against the root's key, the officers who were able to
// decide then, and the witnesses' signatures. Only for the audit of approvals.
#pragma once

#include <map>
#include <set>
#include <string>

#include "ca/authority/approval_audit.h"
#include "ca/authority/logged_act.h"
#include "ca/authority/officer_ceremony.h"

namespace antin::authority {

class OfficerAudit {
 public:
  // `ceremony.officers`. failed_precondition when enough officers were able to decide; permission_denied when the
  // root's key did not sign it.
  Status certify(const LoggedAct& entry, const RoleRegister& roles, unsigned required);
  // Whether this request is for the certificate of an officer of such a ceremony.
  bool asks(const std::string& request) const { return requests_.contains(request); }
  // permission_denied for another certificate than the root's key signed for.
  Status add_certificate(const std::string& id, const std::string& request, const RegisteredIssuer* issuer,
                         const x509::Certificate& certificate, const issuance::ProfileSet& profiles);
  // `ceremony.transcript` and `ceremony.witness`, also of other ceremonies.
  void note(const LoggedAct& entry);
  // `officers.in_force`: permission_denied unless every witness signed and every officer has a certificate.
  Status put_in_force(const LoggedAct& entry, RoleRegister& roles);
  std::vector<OfficersByCeremony> told() const;

 private:
  struct Held {
    OfficerCeremony ceremony;
    std::string at, transcript;  // SHA-256, hex
    std::set<std::string> witnesses;
    std::map<std::string, std::pair<std::string, x509::Certificate>> certificates;  // by request: id and certificate
    bool in_force = false;
  };
  std::map<std::string, Held> held_;                                                         // by name
  std::map<std::string, std::pair<std::string, const OfficerCeremony::Officer*>> requests_;  // ceremony, officer
};

}  // namespace antin::authority
