// AdoptionAudit: what came along with adopted issuers, held against what officers decided. Only for ca/authority.
#pragma once

#include <map>
#include <string>

#include "ca/authority/holdings.h"
#include "ca/authority/issuer_register.h"
#include "ca/authority/logged_act.h"

namespace antin::authority {

// permission_denied unless the adopted issuer's own key signed it, under its name.
Status check_adopted_certificate(const RegisteredIssuer& issuer, const x509::Certificate& certificate);

// Fed with the log's entries in their order; computes the holdings again from them alone.
class AdoptionAudit {
 public:
  explicit AdoptionAudit(store::Store& store) : store_(store) {}
  Status add_certificate(const LoggedAct& entry, const IssuerRegister& issuers);
  Status add_serial(const LoggedAct& entry);
  // The entry `issuer.adopt`: what came before it is all, and is what officers decided on. How many certificates.
  Result<std::uint64_t> take(const LoggedAct& entry, IssuerRegister& issuers);
  // permission_denied when something came along without that entry.
  Status finish() const;

 private:
  Result<Holding*> item(const LoggedAct& entry);
  store::Store& store_;
  std::map<std::string, Holdings> open_;  // by issuer
};

}  // namespace antin::authority
