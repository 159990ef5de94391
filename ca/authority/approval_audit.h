// Audit of approvals: the log and the store held against what officers signed. docs/formats/approval.md.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ca/store/store.h"

namespace antin::authority {

// Officers who were made by a ceremony with the root's key and not by approvals (officer_ceremony.h).
struct OfficersByCeremony {
  std::string name, at;    // `officers-2`; when the root's key signed, RFC 3339
  std::string transcript;  // SHA-256, hex: on the paper that everybody signed; empty while it goes on
  std::vector<std::string> officers, witnesses;  // subjects; names of those whose signatures hold
  bool in_force = false;                         // every witness signed
};

struct ApprovalAudit {
  unsigned required = 0;       // approvals that each certificate needed
  std::uint64_t ceremony = 0;  // certificates of the ceremony: root, issuing CAs, officers, document service
  std::uint64_t approved = 0;  // certificates of rows that officers approved
  std::uint64_t issuers = 0;   // certificates of issuers that officers decided on
  std::uint64_t crosses = 0;   // cross certificates that officers decided on
  std::uint64_t ended = 0;     // certificates that were suspended or revoked by incidents that officers approved
  std::uint64_t adopted = 0;   // certificates that adopted issuers brought along, as officers decided
  std::vector<OfficersByCeremony> officers_by_ceremony;
};

// Every certificate was approved before the authority decided to sign it. Its decision stands in the log either before
// the end of the ceremony, which also issued it, or after `roster.approve` of so many officers of the ceremony whose
// signatures over the roster's hash verify; each decision made one certificate, of its very bytes; and that is what its
// approved row and profile say. As many are needed as the ceremony recorded (`otherwise` for one that recorded none),
// and never fewer than `at_least`: a number in a file that can be changed afterwards decides nothing. As many stand
// before each act of an incident, which is done to certificates of its approved list alone. permission_denied
// names the first certificate that was not approved, data_loss one that is not what was approved. Call it with
// log::verify() and reconcile(): it believes the log's octets and the certificates whose digests stand there. Memory:
// some 300 octets a certificate.
Result<ApprovalAudit> audit_approvals(store::Store& store, unsigned otherwise, unsigned at_least = 0);

}  // namespace antin::authority
