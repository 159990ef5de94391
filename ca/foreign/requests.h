// Requests at another authority: what a body of ours asks of it is collected, exported, and answered by an import.
// docs/formats/store.md.
//
// Each act is one transaction with its log entries; asking again changes nothing. Nothing here makes a certificate: who
// issues it is the other authority, and its certificate comes in by `import`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ca/authority/authority.h"

namespace antin::foreign {

struct Collected {
  std::vector<store::OutsideRequest> taken;  // new
  std::vector<store::OutsideRequest> known;  // collected before and open still, for the same subscriber and authority
  std::vector<authority::Finding> findings;  // when one of them is an error, nothing was taken
};
// Every row must ask for a first certificate for a key of its own (`csr`), and pass the check of a roster: proof of
// possession, key gate, blocked keys, the subject by its profile. A key that is in a certificate of ours or on record
// from another authority, and one that another open request has, are refused. invalid_argument for an empty authority,
// permission_denied for the name of a CA of ours.
Result<Collected> collect_requests(const authority::Context& context, const authority::Roster& roster,
                                   const std::string& authority, Time until, bool dry_run);

// The row that the request came with.
Result<authority::Roster::Row> row_of(const store::OutsideRequest& request);

// Runs `publish` and marks them as exported with the list's hash, or does neither: failed_precondition when one of them
// is closed meanwhile.
Status mark_exported(const authority::Context& context, const std::vector<std::string>& ids, const Bytes& list_sha256,
                     const std::function<Status()>& publish);

// The other authority will not issue them, for the reason given. not_found; failed_precondition when one is no longer
// open: nothing is written then.
Status refuse_requests(const authority::Context& context, const std::vector<std::string>& ids,
                       const std::string& remark);

// The request of each key, the newest when there are several.
Result<std::map<Bytes, store::OutsideRequest>> requests_by_key(store::Store& store);
// Marks it as answered by a certificate on record, inside the import's transaction.
Status write_answer(store::Transaction& transaction, const std::string& id, const std::string& certificate, Time now);

}  // namespace antin::foreign
