// Incident: certificates that must be suspended or revoked together by a deadline, because something was wrong with
// them, or resumed together, because nothing was. docs/formats/incident.md.
//
// What it hits is frozen when it is created, officers approve exactly that, and a run does it in groups: a killed run
// is resumed by calling again.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ca/authority/authority.h"

namespace antin::authority {

// Values of one criterion: any of them. Criteria: all of them; at least one must be given. Certificates of the
// authority itself (CAs, officers, services) are hit when `kinds` names theirs, and not otherwise.
struct IncidentSelection {
  std::vector<std::string> issuers;   // by name: `party`, `party-2`
  std::vector<std::string> kinds;     // of issuance::CertificateKind
  std::vector<std::string> profiles;  // by name
  // `rsa`, `rsa-2048`, `ec-p256`, `ec-p384`, `ed25519`; `weak`: what the key gate or a list of blocked keys refuses
  // now.
  std::vector<std::string> keys;
  std::vector<Bytes> key_hashes;  // SHA-256 of the SubjectPublicKeyInfo
  std::vector<std::string>
      units;  // code of a body, for it and for those whose code is `CODE-…`; or the whole O, OU or CN
  std::vector<Bytes> rosters;                     // hashes: what their rows issued
  std::optional<Time> issued_from, issued_until;  // notBefore, both counted in
};
// invalid_argument for a selection without a criterion, or with a kind of key that is not known.
Status check_selection(const IncidentSelection& selection);

enum class IncidentAct { suspend, revoke, resume };
std::string_view to_string(IncidentAct act) noexcept;

// Certificates as a list: how many, and SHA-256 over their sorted lines, each ended by a line feed.
struct FrozenList {
  std::uint64_t count = 0;
  std::string sha256;  // hex
};

struct Incident {
  std::uint64_t number = 0;  // from 1, without gaps: an old one cannot be handed in again
  std::string name, description;
  IncidentSelection selection;
  IncidentAct act = IncidentAct::revoke;
  // certificateHold when it suspends, unspecified when it resumes
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  std::optional<Time> invalidity_date;
  bool reissue = false;  // whoever loses a certificate gets another one, by a roster
  Time found_at, created_at, deadline;
  FrozenList certificates;  // lines are ids
  FrozenList left_out;      // lines are `ID OBSTACLE`: selected, in force, and not to be ended here
  std::uint64_t revoked_before = 0, expired_before = 0;  // selected, and ended already when it was created
  std::string supersedes;  // hash, in hex, of the incident in whose place it stands; or empty
};
// Canonical JSON in NFC, whose SHA-256 is what officers approve.
Bytes incident_content(const Incident& incident);
Result<Incident> read_incident(ByteView content);  // data_loss when it is none, or not canonical
Bytes incident_statement(ByteView hash, const std::string& officer_id);

// ---- What a selection hits

// The kind of a key as `keys` names it: `rsa-2048`, `ec-p256` …; `other` for what no key of ours is.
std::string key_class(ByteView public_key_info);

struct IncidentHit {
  std::string id, subject, kind, profile, subscriber;
  store::CertificateStatus status = store::CertificateStatus::valid;
  std::string obstacle;  // message id of why it is left out; empty: it is to be ended
};
inline constexpr const char* compromised_obstacle = "incident.compromised";
struct IncidentHits {
  std::vector<IncidentHit> hits;           // in the order of their ids; those left out among them
  std::uint64_t revoked = 0, expired = 0;  // ended already
};
// Obstacles: `incident.root` (no list revokes a root), `incident.officer` (its holder approves: withdraw the role
// first), `incident.suspended` (it is suspended already), `incident.compromised` (selected by its key, with which it was
// revoked for keyCompromise already: it is reported and reissued, and nothing is left to end). What is to be resumed is
// selected among what is suspended alone: certificates in force are no part of it.
Result<IncidentHits> select_certificates(const Context& context, const IncidentSelection& selection, IncidentAct act);

// ---- Create and approve

struct IncidentDraft {
  std::string name, description;  // one line each
  IncidentSelection selection;
  IncidentAct act = IncidentAct::revoke;
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  std::optional<Time> invalidity_date;
  bool reissue = false;
  std::optional<Time> found_at;  // none: now
  seconds time_to_act{};         // the deadline, counted from found_at
  bool anew = false;             // in place of the open incident of this name
};
struct CreatedIncident {
  Incident incident;
  Bytes hash;
  bool known = false;  // it was recorded before, by a run that was killed or asked twice
};
// What create_incident() would record; nothing is written. failed_precondition when nothing is hit that is to be ended
// or was with its key, already_exists for
// a name that another incident has, invalid_argument for a draft that makes no sense.
Result<CreatedIncident> foresee_incident(const Context& context, const IncidentDraft& draft, const IncidentHits& hits);
// Selects, then records with its log entry. The same draft again, while nothing has changed, is the same incident.
// `anew`: failed_precondition once something was done in the open one.
Result<CreatedIncident> create_incident(const Context& context, const IncidentDraft& draft);

struct IncidentState {
  store::IncidentRecord record;
  Incident incident;
  std::string superseded_by;  // name of the incident in whose favour it was given up, with its number; or empty
  unsigned approvals = 0;     // valid ones, verified anew
  std::uint64_t left() const { return record.certificates - record.done - record.omitted; }
};
Result<std::vector<IncidentState>> read_incidents(const Context& context);
// By number, by eight or more digits of its hash, or by name: of one name, the one that was not superseded. not_found.
Result<IncidentState> find_incident(const Context& context, const std::string& which);

// As approve() does for a roster; failed_precondition for one that was superseded. Returns how many approvals hold.
Result<unsigned> approve_incident(const Context& context, ByteView hash, const std::string& officer_id,
                                  const hsm::SigningKey& key);

// ---- Run

struct IncidentPlan {
  unsigned required_approvals = 2;
  unsigned group_size = 512;  // certificates a transaction
  // For tests: called at each step boundary with its name; may not return.
  std::function<void(std::string_view step)> at_step;
};
struct IncidentRun {
  std::uint64_t done = 0, omitted = 0;  // by this call: ended or resumed, and found in another state
  std::uint64_t before = 0;             // by earlier calls
  unsigned approvals_missing = 0;       // when not 0, nothing was done: it waits for approval
};
// Ends, or resumes, what is left. Needs no token; the next CRLs tell it. data_loss when the list in the store is not
// the one that was approved, failed_precondition for an incident that was superseded.
Result<IncidentRun> run_incident(const Context& context, ByteView hash, const IncidentPlan& plan,
                                 const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace antin::authority
