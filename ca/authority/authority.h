// Authority: the issuance cycle over the store: rosters, approvals, issue, revoke. docs/issuance-cycle.md tells it in
// order.
//
// Every act and its log entry are one transaction. Functions take what they need and hold nothing between calls; a
// killed run is resumed by calling again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "ca/issuance/block_list.h"
#include "ca/issuance/issuer.h"
#include "ca/policy/policy.h"
#include "ca/store/store.h"
#include "hsm/token.h"

namespace antin::authority {

// What the home's configuration decides about every act.
struct Settings {
  bool production = false;  // nothing is issued by a profile for tests
  bool suspension = false;  // certificates may be suspended, though the policy of the day does not have that
};

// What all acts need. References outlive the call.
struct Context {
  store::Store& store;
  const Clock& clock;
  RandomSource& random;
  const issuance::BlockList* block_list = nullptr;  // published lists of broken keys; none: only the store's own
  Settings settings = {};
};

// ---- Roster: a table of subscribers whose certificates are approved and issued as one. docs/formats/roster.md.

// A finding of the dry run: which row, which field, which rule (a message id for the catalogue) and its arguments.
struct Finding {
  std::uint64_t row = 0;  // from 1; 0 for the whole roster
  std::string field, rule;
  std::vector<std::string> arguments;
  bool error = true;  // false: a warning
};

struct Roster {
  std::string name;
  unsigned format = 1;  // `antin-roster-1` issues only; `antin-roster-2` has acts
  Sha256 file_hash{};
  struct Row {
    std::uint64_t row = 0;
    std::string code;  // subscriber code, unique in the roster
    std::string kind;  // `organisation`, `personal` or `device`
    std::string bloc;  // `party` or `government`: chooses the issuing CA
    std::string profile;
    std::string key;                                          // `csr`, `token`, or `same` as in `replaces`
    hsm::KeySpec key_spec;                                    // for `token`
    std::vector<std::pair<std::string, std::string>> fields;  // for Profile::subject; includes mail and dns
    Bytes request;                                            // DER PKCS#10; empty while `token` has no key yet
    std::string key_uri;                                      // after the key was made
    policy::Act act = policy::Act::issue;
    std::string replaces;                          // id of the certificate that is renewed, rekeyed, changed or revoked
    std::string requested_by;                      // code of the managing body
    std::optional<x509::RevocationReason> reason;  // why `replaces` is revoked; none: it stays
    std::optional<Time> invalidity_date;
    std::string followed_by;  // of a revocation: code of the subscriber who follows, when a body ended
  };
  std::vector<Row> rows;
};

// Host names of devices alone (RFC 1123 §2.1): letters in lower case, digits, hyphens and dots; no wildcard;
// invalid_argument.
Status check_host_name(const std::string& name);
// Reads the roster's JSON Lines file (a header line, then a line a row); `invalid_argument` names line and field.
Result<Roster> read_roster(ByteView file);
// The file that read_roster() reads back.
std::string roster_file(const Roster& roster);
// All that can be said without writing: names that fit their profile, duplicate codes, keys and requests, proof of
// possession, key gate, keys known from other subjects, the certificates that are replaced, the policy of today. Two
// threads are used.
Result<std::vector<Finding>> check_roster(const Context& context, const Roster& roster);
// Makes the keys of `token` rows (found again by CKA_ID from roster hash and row after a kill), then records roster and
// log entry. Returns the hash that officers approve. The same roster again gives the same hash and changes nothing.
Result<Bytes> submit_roster(const Context& context, Roster roster, hsm::Token* seals,
                            const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);
// Where the store keeps the hash of the roster that a file became.
std::string roster_file_fact(const Sha256& file_hash);

// ---- Approval: an officer's signature over what is approved. docs/formats/approval.md.

Bytes approval_statement(ByteView roster_hash, const std::string& officer_id);
// Checks that the officer's certificate is valid, of kind `officer`, and that the key is theirs; already_exists for a
// second one.
Result<std::uint64_t> approve(const Context& context, ByteView roster_hash, const std::string& officer_id,
                              const hsm::SigningKey& key);
// Counts approvals whose signatures and officers hold today: verified anew, never believed.
Result<unsigned> valid_approvals(const Context& context, ByteView roster_hash);

// ---- Issue

struct IssuingPlan {
  std::map<std::string, const issuance::Issuer*> issuers;  // by name; the register says which of them issues for a bloc
  unsigned required_approvals = 2;
  unsigned group_size = 256;  // requests a transaction
  unsigned threads = 2;
  // For tests: called at each step boundary with its name; may not return.
  std::function<void(std::string_view step)> at_step;
};
struct IssueResult {
  std::uint64_t issued = 0,
                revoked = 0;        // rows that this call did: certificates made, and certificates revoked by a row
  std::uint64_t issued_before = 0;  // rows that were done before
  unsigned approvals_missing = 0;   // when not 0, nothing was issued: the roster waits for approval
};
// Recovers open intents first: the same bytes are signed again, never a new serial. The acts of the rows are judged by
// the policy of the day on which the roster was submitted.
Result<IssueResult> issue_roster(const Context& context, ByteView roster_hash, const IssuingPlan& plan,
                                 const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);
// One certificate of the ceremony (kinds root, issuing, officer, service), which needs no approval; after it the audit
// of approvals accepts those of issuers that officers decided on, and of the officers' encryption keys, alone. `request_id` makes it idempotent.
struct SingleRequest {
  std::string request_id, profile;
  issuance::SubjectContent content;
  std::string key_location, key_uri, subscriber, mail;
  std::optional<Time> not_before, not_after;  // in place of what the profile says; never longer than it says
};
Result<store::CertificateRecord> issue_single(const Context& context, const issuance::Issuer& issuer,
                                              const std::string& issuer_name, const SingleRequest& request);

// ---- Revoke

// What the policy of the day has against the end of a certificate, whatever its state: failed_precondition when a
// subscriber's managing body must ask and `requested_by`, its code, does not say so.
Status may_revoke(const store::CertificateRecord& record, const std::string& requested_by, Time now);
// failed_precondition when the policy of the day has no suspension and the home's configuration does not allow it.
Status may_suspend(const Context& context, Time now);
// failed_precondition when state or policy do not allow it (resume of what is not suspended, revoke of what is
// revoked). What is suspended can be resumed under any policy.
Status revoke(const Context& context, const std::string& certificate_id, x509::RevocationReason reason,
              std::optional<Time> invalidity_date, const std::string& remark, const std::string& requested_by = {});
Status suspend(const Context& context, const std::string& certificate_id, const std::string& remark);
Status resume(const Context& context, const std::string& certificate_id, const std::string& remark);

}  // namespace antin::authority
