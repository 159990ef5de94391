// Adoption: the certificates of another authority become those of an issuer of ours, by the officers' decision.
//
//   propose(context, IssuerChange{…, .certificate = …, .holdings = holdings_digest(holdings)}, 2);
//   …                                            // officers approve
//   adopt(context, "government-old", holdings, certificates);
//   …                                            // certificate and first list are published
//   put_in_service(context, "government-old");
//
// From then on they are listed, revoked and exported like those that we issued. docs/formats/migration.md.
#pragma once

#include <vector>

#include "ca/authority/authority.h"
#include "ca/authority/holdings.h"

namespace antin::authority {

struct AdoptedCertificate {
  x509::Certificate certificate;
  std::string kind;              // of issuance::CertificateKind
  std::string subscriber, mail;  // code of a subscriber of ours; empty: not known yet
};
struct Adopted {
  std::uint64_t certificates = 0, revoked = 0, suspended = 0, lost = 0;  // lost: revoked serials without a certificate
  bool before = false;                                                    // it was done by an earlier call
};
// The profile that adopted certificates have on record: no profile of ours made them.
inline constexpr const char* adopted_profile = "adopted";
std::string adopted_request_id(const std::string& issuer, const x509::SerialNumber& serial);

// One transaction: all are here, or none. The same again changes nothing. failed_precondition when officers decided on
// no such issuer, or on other holdings: the old system went on meanwhile, or files were changed. invalid_argument when
// `certificates` are not those of `holdings`.
Result<Adopted> adopt(const Context& context, const std::string& issuer, const Holdings& holdings,
                      const std::vector<AdoptedCertificate>& certificates);

// Issuers whose holdings are in the store, with their digests. Only for ca/authority.
struct TakenHoldings {
  std::string issuer, digest;
};
Result<std::vector<TakenHoldings>> taken_holdings(store::Store& store);

}  // namespace antin::authority
