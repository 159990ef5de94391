// History of an incident, as the log tells it: who approved it, when what was done, and which lists told it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ca/authority/incident.h"

namespace antin::authority {

struct IncidentHistory {
  struct Approval {
    std::string officer, subject;  // certificate id; RFC 4514
    Time at;
  };
  // A list on which every act of its issuer stands that was done in the incident until now.
  struct List {
    std::uint64_t number = 0, entries = 0;
    Time this_update;
    std::string sha256;
  };
  struct OfIssuer {
    std::uint64_t acts = 0;
    Time first, last;
    std::optional<List> list;  // the first such list; none: it is still to be built
  };
  std::vector<Approval> approvals;          // as they were recorded; whether they hold is asked elsewhere
  std::map<std::string, OfIssuer> issuers;  // by name
  std::optional<Time> last_outcome;         // of acts, and of certificates that were found ended otherwise

  // Issuers whose acts no list tells yet.
  std::vector<std::string> lists_due() const;
};

// Reads the log from the incident's own entry on. A list tells of what was recorded before its number was reserved
// (docs/formats/log.md).
Result<IncidentHistory> incident_history(store::Store& store, const store::IncidentRecord& incident);

// A certificate of the incident as it is now, and what became of it.
struct IncidentEntry {
  IncidentHit hit;          // `status` as of now
  std::string issuer, key;  // key_class() of its key
  std::string outcome;      // `done`, or the state in which it was found; empty while that is open
  std::optional<Time> at;   // of the outcome
};
// Each of them in the order of their ids, those left out among them.
Status for_each_entry(store::Store& store, const Incident& incident, Time now,
                      const std::function<Status(const IncidentEntry&)>& visit);

enum class IncidentStage {
  waiting,     // for officers
  approved,    // nothing is done yet
  running,     // something is done and something left
  unlisted,    // all is done, and a list that tells it is still to be built
  done,        // and told
  superseded,  // another incident stands in its place
};
std::string_view to_string(IncidentStage stage) noexcept;
IncidentStage stage_of(const IncidentState& state, const IncidentHistory& history, unsigned required_approvals);
// When everything was done and told; none before that.
std::optional<Time> ended_at(const IncidentState& state, const IncidentHistory& history);

}  // namespace antin::authority
