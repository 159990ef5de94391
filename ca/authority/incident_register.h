// IncidentRegister: what the log says of incidents, from its beginning, for the audit: what was approved, and what was
// ended in its name. Only for ca/authority.
#pragma once

#include <map>
#include <set>
#include <string>

#include "ca/authority/incident.h"
#include "ca/authority/logged_act.h"
#include "ca/authority/role_register.h"

namespace antin::authority {

class IncidentRegister {
 public:
  // `incident`. data_loss for content that is none, has another hash, or is not the next in number.
  Status add(const LoggedAct& entry);
  // `incident.approve`, by who is an officer then; one that does not hold changes nothing.
  Status approve(const LoggedAct& entry, const RoleRegister& roles);
  // A suspension, revocation, resumption or omission in the name of an incident. permission_denied when fewer than
  // `required` officers approved it before, or another incident had taken its place; data_loss when it is not what was
  // approved, or the second one of its certificate.
  Status act(const LoggedAct& entry, unsigned required);
  // At the end: what was ended is on the lists that were approved, and the store has those lists.
  Status check_lists(store::Store& store) const;
  std::uint64_t ended() const noexcept { return ended_; }  // certificates, by incidents

 private:
  struct State {
    Incident incident;
    bool superseded = false;
    std::set<std::string> approved_by;  // certificate ids, of different persons
    std::set<std::string> acted_on;     // certificate ids
  };
  std::map<std::string, State> states_;  // by hash, hex
  std::uint64_t ended_ = 0;
};

}  // namespace antin::authority
