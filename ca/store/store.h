// Store: what the authority knows: certificates, intents, revocations, rosters, approvals, incidents, CRL numbers,
// blocked keys, certificates of other authorities and what was asked for there, subscribers' tokens, and the log.
//
// Records only grow; a status is derived from events. A Transaction is all or nothing and durable once commit()
// returns. Times are UTC seconds. One Store is used by one thread; several Stores (and processes) may be open on one
// home.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "ca/x509/crl.h"
#include "ca/x509/serial_number.h"

namespace antin::store {

enum class CertificateStatus { valid, revoked, suspended, expired };
std::string_view to_string(CertificateStatus status) noexcept;

// How a certificate follows another of the same subscriber.
struct Succession {
  std::string act;          // `renew`, `rekey` or `change`
  std::string predecessor;  // certificate id
  std::optional<x509::RevocationReason>
      reason;                           // why the predecessor is revoked once this one is stored; none: it stays
  std::optional<Time> invalidity_date;  // of that revocation
};

struct CertificateRecord {
  std::string id;      // stable: `<issuer name>-<SERIAL>` with the serial in upper-case hex
  std::string issuer;  // short name of the issuing CA: `root`, `party`, `government`
  x509::SerialNumber serial;
  std::string subject;  // RFC 4514
  std::string kind;     // of issuance::CertificateKind
  std::string profile;
  std::string key_location;  // `token` or `subscriber`
  std::string key_uri;       // for `token`: RFC 7512 URI without PIN; else empty
  std::string subscriber;    // subscriber code of the roster, or empty
  std::string mail;
  Time not_before, not_after;
  Bytes key_hash;  // SHA-256 of the SubjectPublicKeyInfo
  Bytes der;
  CertificateStatus status = CertificateStatus::valid;  // as of the time asked for
  // Kept with the intent: add_certificate does not read them.
  std::optional<Succession> succession = {};
  std::string request_id = {};
};

// Written before the token signs. `request_id` makes asking again harmless: it is unique.
struct Intent {
  std::string request_id;  // `<roster hash>/<row>` or a ceremony's step
  std::string issuer;
  x509::SerialNumber serial;
  Bytes tbs;  // the exact bytes that will be signed
  std::string kind, profile, key_location, key_uri, subscriber, mail;
  std::optional<Succession> succession = {};
};

struct RevocationEvent {
  std::string certificate_id;
  enum class Act { revoke, suspend, resume } act = Act::revoke;
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  Time at;
  std::optional<Time> invalidity_date;
  std::string remark;       // the person's reason, kept
  std::string followed_by;  // code of the subscriber who follows the certificate's, when a body ended; else empty
};

// The state of a certificate at a time in the past, from its events in their order: what was revoked or suspended
// later counts as it was before. `expired` is also what is asked for before its validity began.
CertificateStatus status_at(const CertificateRecord& record, std::span<const RevocationEvent> events, Time at);

struct RosterRecord {
  Bytes hash;  // SHA-256 of the submitted form (docs/formats/roster.md)
  std::string name;
  Time submitted_at;
  std::uint64_t rows = 0, issued = 0, approvals = 0;  // issued: rows that are done, those that revoke among them
  unsigned format = 1;                                // of docs/formats/roster.md
};

struct RosterRow {
  std::uint64_t row = 0;  // from 1
  Bytes content;          // the canonical row as submitted, JSON
  Bytes request;          // DER PKCS#10, checked for proof of possession at submit
  std::string key_location, key_uri;
};

struct Approval {
  Bytes subject_hash;      // what was approved: the hash of a roster, of a proposal or of an incident
  std::string officer_id;  // certificate id of the officer
  std::string scheme;      // signature scheme's name
  Bytes signature;         // over docs/formats/approval.md's statement
  Time at;
};

// What officers decide besides rosters; docs/formats/proposal.md.
struct ProposalRecord {
  std::uint64_t number = 0;  // from 1, without gaps
  Bytes hash;                // SHA-256 of the content
  Bytes content;             // canonical JSON
  Time at;
  bool of_ceremony = false;
};

// Certificates that are suspended or revoked together, by a decision of officers; docs/formats/incident.md.
struct IncidentRecord {
  std::uint64_t number = 0;  // from 1, without gaps
  Bytes hash;                // SHA-256 of the content
  Bytes content;             // canonical JSON
  Time at;
  std::uint64_t log_index = 0;  // of its entry in the log: what became of it stands after that
  // Counted by the store: those to be ended; of them, those that it ended, and those that were found ended otherwise.
  std::uint64_t certificates = 0, done = 0, omitted = 0;
};
struct IncidentCertificate {
  std::string id;
  std::string obstacle;    // why it is left out; empty: it is to be suspended or revoked
  std::string outcome;     // `done`, or the state in which it was found; empty while that is open
  std::optional<Time> at;  // of the outcome
};

struct LogEntry {
  std::uint64_t index = 0;  // from 0, without gaps
  Bytes entry;              // canonical octets (docs/formats/log.md)
  Sha256 leaf_hash{};       // RFC 9162: SHA-256(0x00 ‖ entry)
};

struct CrlRecord {
  std::string issuer;
  std::uint64_t number = 0;
  Time this_update, next_update;
  std::uint64_t entries = 0;
  Bytes sha256;  // of the DER, empty while the number is only reserved
};

// A key that is never certified again.
struct BlockedKey {
  Bytes key_hash;  // SHA-256 of the SubjectPublicKeyInfo
  Time at;
  std::string reason;  // for people
};

// A revoked serial number of an adopted issuer whose certificate is lost: it stays on lists until its end.
struct ListedSerial {
  std::string issuer;
  x509::SerialNumber serial;
  RevocationEvent event;  // its `certificate_id` is empty
  Time not_after;         // the year 9999 when nobody knows
};

// Why a person should look at a certificate of another authority: a message id of the catalogue and its arguments.
struct Doubt {
  std::string rule;
  std::vector<std::string> arguments;
  friend bool operator==(const Doubt&, const Doubt&) = default;
};

// What a list of another authority said of one of its certificates.
struct ForeignEvent {
  std::string certificate_id;
  RevocationEvent::Act act = RevocationEvent::Act::revoke;
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  Time at;  // the list's revocation date; of a resumption, when the list without the entry was issued
  std::optional<Time> invalidity_date;
  Time list_issued;  // thisUpdate
  Bytes list_sha256;
};

// A certificate that another authority issued to a body or person of ours. It is tracked and nothing else: no
// CertificateRecord, so that it signs nothing, stands on no list of ours and cannot be revoked here.
struct ForeignCertificate {
  std::string id;  // foreign_id()
  Bytes issuer;    // DER Name, the octets of the certificate
  x509::SerialNumber serial;
  std::string subject;  // RFC 4514
  std::string kind;     // `organisation` or `personal`: the matched subscriber's, else a guess
  std::string mail;
  Time not_before, not_after;
  Bytes key_hash;  // SHA-256 of the SubjectPublicKeyInfo
  Bytes der;
  std::string subscriber, unit;  // code of the subscriber and of the unit that it was matched to, or empty
  std::vector<Doubt> doubts;     // as of the import
  Time imported_at;
  std::vector<ForeignEvent> events;  // in their order
};
// `foreign-<16 digits of SHA-256 of the issuer's Name>-<SERIAL>`.
std::string foreign_id(ByteView issuer, const x509::SerialNumber& serial);
CertificateStatus status_at(const ForeignCertificate& certificate, Time at);

enum class RequestState { collected, exported, issued, refused, expired };
std::string_view to_string(RequestState state) noexcept;

// A certificate that was asked for at another authority, for a subscriber of ours.
struct OutsideRequest {
  std::string id;            // `request-<16 digits>`
  std::string authority;     // whom it is for, as people call it
  Bytes content;             // the canonical row that it came in, of `antin-roster-2`
  Bytes request;             // DER PKCS#10
  Bytes key_hash;            // SHA-256 of the SubjectPublicKeyInfo
  Time collected_at, until;  // after `until` no answer is waited for
  struct Event {
    RequestState state = RequestState::exported;  // exported, issued or refused
    Time at;
    std::string certificate;  // of `issued`: foreign_id()
    std::string remark;       // of `refused`: the reason; of `exported`: SHA-256 of the list
  };
  std::vector<Event> events;  // in their order
};
RequestState state_at(const OutsideRequest& request, Time at);

// What is done with a subscriber's token, one after the other.
enum class PersonalAct { key, certificate, letter, unblock, set_aside, recycle, lose };
std::string_view to_string(PersonalAct act) noexcept;

// A token that this authority personalises for a subscriber. Its PINs are not here: the security officer's is in
// `escrow`, which the officers open together, and the user's is in the letter alone.
struct PersonalToken {
  std::string id;          // `token-<16 digits>`
  std::string label;       // CKA_LABEL of the token; no two have the same
  std::string subscriber;  // code
  Bytes content;           // the canonical row, of `antin-roster-2`, for which the key is made
  Bytes escrow;            // ca/backup/escrow.h
  Time begun_at;
  struct Event {
    PersonalAct act = PersonalAct::key;
    Time at;
    std::string serial;       // of the token, as it says it
    Bytes request;            // of `key`: the PKCS#10, signed by the key in the token
    std::string certificate;  // of `certificate`: its id
    std::string remark;       // of `letter` and `unblock`: SHA-256 of the letter; else why
  };
  std::vector<Event> events;  // in their order
};

// In the order of issuer and serial number. A page costs the same however many certificates there are, where those that
// fit are no small part of those that one of issuer, kind, profile, revoked, suspended or ends_by leaves.
struct CertificateQuery {
  std::optional<std::string> issuer, kind, subscriber, mail, profile;
  std::optional<CertificateStatus> status;
  std::optional<Time> ends_by;  // valid now and over by then; the first to end first, and without pages
  std::string after_id;         // paging: what comes after this certificate
  std::uint64_t limit = UINT64_MAX;
};

class Transaction {
 public:
  virtual ~Transaction() = default;  // rolls back unless committed
  // already_exists for a known request_id or serial, and for a predecessor that another certificate follows.
  virtual Status add_intents(const std::vector<Intent>& intents) = 0;
  // Completes an intent with the signed certificate.
  virtual Status add_certificate(const CertificateRecord& record, const std::string& request_id) = 0;
  virtual Status add_revocation(const RevocationEvent& event) = 0;
  virtual Status add_listed_serial(const ListedSerial& serial) = 0;  // already_exists for a known one
  // The row of a roster that issues nothing is done: its request id is known from now on, and taken.
  virtual Status complete_row(const std::string& request_id, const std::string& certificate_id) = 0;
  virtual Status add_roster(const RosterRecord& roster, const std::vector<RosterRow>& rows) = 0;
  virtual Status add_approval(const Approval& approval) = 0;
  virtual Status add_proposal(const ProposalRecord& proposal) = 0;  // already_exists for a known number
  // already_exists for a known number.
  virtual Status add_incident(const IncidentRecord& incident, const std::vector<IncidentCertificate>& certificates) = 0;
  // Once for each of its certificates: already_exists for a second time.
  virtual Status add_incident_outcome(std::uint64_t incident, const std::string& certificate_id,
                                      const std::string& outcome, Time at) = 0;
  // Reserves max(last, at_least) + 1 for this issuer.
  virtual Result<std::uint64_t> reserve_crl_number(const std::string& issuer, std::uint64_t at_least) = 0;
  virtual Status complete_crl(const CrlRecord& record) = 0;
  virtual Status add_blocked_key(const BlockedKey& key) = 0;              // already_exists for a known one
  virtual Status add_foreign(const ForeignCertificate& certificate) = 0;  // already_exists for issuer and serial
  virtual Status add_foreign_event(const ForeignEvent& event) = 0;
  virtual Status add_outside_request(const OutsideRequest& request) = 0;  // already_exists for a known id
  virtual Status add_outside_event(const std::string& request_id, const OutsideRequest::Event& event) = 0;
  virtual Status add_personal_token(const PersonalToken& token) = 0;  // already_exists for a known id or label
  virtual Status add_personal_event(const std::string& token_id, const PersonalToken::Event& event) = 0;
  // Appends with the next index; the leaf hash is computed here. Returns the index.
  virtual Result<std::uint64_t> append_log(ByteView entry) = 0;
  virtual Status set_fact(const std::string& name, const std::string& value) = 0;
  virtual Status commit() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  // Takes the write lock; waits up to ten seconds for another writer, then unavailable.
  virtual Result<std::unique_ptr<Transaction>> begin() = 0;

  // `now` decides between valid and expired.
  virtual Result<std::vector<CertificateRecord>> certificates(const CertificateQuery& query, Time now) = 0;
  // One after the other: for those who would not hold all of them in memory. `visit` may read this store.
  virtual Status for_each_certificate(const CertificateQuery& query, Time now,
                                      const std::function<Status(CertificateRecord)>& visit) = 0;
  // By id, serial (hex), subscriber code or mail; of several the only one that is neither revoked nor expired.
  // not_found, or failed_precondition when it is not unique or another authority's.
  virtual Result<CertificateRecord> certificate(const std::string& id_or_serial_or_code_or_mail, Time now) = 0;
  virtual Result<std::optional<CertificateRecord>> certificate_by_serial(const std::string& issuer,
                                                                         const x509::SerialNumber& serial,
                                                                         Time now) = 0;
  // By id alone, without reading the certificate; not_found.
  virtual Result<CertificateStatus> certificate_status(const std::string& id, Time now) = 0;
  virtual Result<std::optional<CertificateRecord>> certificate_by_request(const std::string& request_id, Time now) = 0;
  // Every certificate with this key, whatever its state.
  virtual Result<std::vector<CertificateRecord>> certificates_by_key(ByteView key_hash, Time now) = 0;
  // The certificate that follows this one, once it is stored.
  virtual Result<std::optional<CertificateRecord>> successor(const std::string& certificate_id, Time now) = 0;
  virtual Result<std::vector<Intent>> open_intents() = 0;  // recorded and not completed: work for recovery
  virtual Result<std::vector<std::string>> known_requests(
      const std::string& prefix) = 0;  // ids of requests that are done

  // Latest state of each certificate of `issuer` that is revoked or suspended, in order of serial; streams.
  virtual Status for_each_revoked(const std::string& issuer,
                                  const std::function<Status(const x509::CrlEntry&, Time not_after)>& visit) = 0;
  virtual Result<std::vector<RevocationEvent>> revocations(const std::string& certificate_id) = 0;
  // Ids of certificates that ended because this subscriber follows theirs, in their order.
  virtual Result<std::vector<std::string>> followed(const std::string& subscriber) = 0;
  virtual Result<std::vector<ListedSerial>> listed_serials() = 0;  // in the order of issuer and serial

  virtual Result<std::vector<RosterRecord>> rosters() = 0;
  virtual Result<RosterRecord> roster(ByteView hash) = 0;
  virtual Status for_each_row(ByteView roster_hash, std::uint64_t from_row,
                              const std::function<Status(const RosterRow&)>& visit) = 0;
  virtual Result<std::vector<Approval>> approvals(ByteView subject_hash) = 0;
  virtual Result<std::vector<ProposalRecord>> proposals() = 0;     // in the order of their numbers
  virtual Result<std::vector<Approval>> proposal_approvals() = 0;  // of all proposals, in the order of the acts

  virtual Result<std::vector<IncidentRecord>> incidents() = 0;  // in the order of their numbers
  // Of one incident, in the order of their ids, after `after_id`; `open`: those with neither obstacle nor outcome.
  virtual Result<std::vector<IncidentCertificate>> incident_certificates(std::uint64_t incident,
                                                                         const std::string& after_id,
                                                                         std::uint64_t limit, bool open) = 0;

  virtual Result<std::optional<CrlRecord>> last_crl(const std::string& issuer) = 0;
  virtual Result<std::optional<BlockedKey>> blocked_key(ByteView key_hash) = 0;
  virtual Result<std::vector<BlockedKey>> blocked_keys() = 0;                  // in the order of their hashes
  virtual Result<std::vector<ForeignCertificate>> foreign_certificates() = 0;  // in the order of their ids
  // By id or serial (hex); not_found, or failed_precondition when it is not unique.
  virtual Result<ForeignCertificate> foreign_certificate(const std::string& id_or_serial) = 0;
  virtual Result<std::vector<OutsideRequest>> outside_requests() = 0;  // as they were collected
  virtual Result<std::vector<PersonalToken>> personal_tokens() = 0;    // as they were begun
  virtual Result<std::uint64_t> log_size() = 0;
  virtual Status for_each_log_entry(std::uint64_t from, const std::function<Status(const LogEntry&)>& visit) = 0;
  virtual Result<std::optional<std::string>> fact(const std::string& name) = 0;
};

// The embedded store: SQLite in WAL mode with synchronous=FULL. Migrates forward in one transaction; data_loss when the
// file is newer than this program or damaged. `read_only` opens without a writer's rights (antind's view).
Result<std::unique_ptr<Store>> open_sqlite_store(const Path& file, bool read_only = false);

}  // namespace antin::store
