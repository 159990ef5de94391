// CRLs of one issuer: built in one streaming pass from the store, checked by the publish gate, put in place by rename.
#pragma once

#include <string>

#include "base/file.h"
#include "ca/authority/authority.h"
#include "ca/issuance/issuer.h"
#include "ca/x509/crl.h"

namespace antin::status {

struct CrlPlan {
  std::string issuer_name;  // `government`
  const issuance::Issuer* issuer = nullptr;
  std::string url;  // for the issuing distribution point; empty: no IDP
  seconds validity = days{7};
  Path file;  // where the published list is and goes: `…/crl/government.crl`
};

// Reserves the number (max of store and published file, plus one) durably, streams, signs, passes the gate, records,
// renames, and reads back what stands there now. The gate: issuer, AKI and IDP match; the number grew; thisUpdate did
// not go back; nothing unexpired vanished; nextUpdate is later; each entry stands in the store; both libraries verify
// the signature.
Result<store::CrlRecord> build_and_publish(const authority::Context& context, const CrlPlan& plan);

}  // namespace antin::status
