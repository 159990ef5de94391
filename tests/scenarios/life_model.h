// Model: the authority's rules and its state told a second time, for tests: from the decrees (docs/formats/policy.md)
// and the formats, without a line of ca/. It decides what should happen; whether it did is life_world.h's part.
//
// Certificates, rosters and proposals are named by their place in the model. Time does not pass in it: whoever asks
// says when.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace antin::life {

using Moment = std::chrono::sys_seconds;
using Place = std::size_t;

enum class Act { issue, renew, rekey, change, revoke };
enum class State { valid, suspended, revoked, expired };

// Whoever has this code, in this unit: what the certificate's subject says.
struct Person {
  std::string code, unit;
  friend auto operator<=>(const Person&, const Person&) = default;
};

struct Certificate {
  std::string id, kind, issuer, bloc;  // `party-2` of the bloc `party`
  Person person;
  Place key = 0;
  Moment from, until;
  // The last of its events, in the order in which they were recorded.
  enum class Last { nothing, suspended, revoked } last = Last::nothing;
  std::string reason;
  Moment at;  // of the last event
  std::optional<Moment> invalid_since;
  std::size_t events = 0;
  std::optional<Act> act;
  std::optional<Place> predecessor, successor;

  State state(Moment now) const;
};

struct Row {
  Act act = Act::issue;
  std::string code, unit, bloc, asked_by;
  Place key = 0;                  // of the request; for acts that keep the key, that of `replaces`
  std::optional<Place> replaces;  // none for an id that no certificate has
  std::optional<std::string> reason;
  std::optional<Moment> invalid_since;
  bool done = false;
};
struct Roster {
  Moment submitted;
  std::vector<Row> rows;
  std::set<Place> approved_by;  // certificates
  bool done() const;
};

// An issuing CA of a bloc: the ceremony's, or one that officers decided on after it.
struct Generation {
  std::string name, bloc, follows;
  std::string algorithm;  // of its key, `ec-p384`
  Place key = 0;
  Moment from;                       // when it takes over
  std::optional<Place> certificate;  // none: decided, not made yet
  bool in_service = false;
};

struct Proposal {
  std::optional<Place> officer;          // whose role changes
  std::optional<Generation> generation;  // that is to follow; neither: the profile of persons changes
  bool grant = true;
  unsigned years = 0, version = 0;
  std::string issuer_key;  // which kind of key issues for persons; empty: the newest, whatever it has
  std::set<Place> approved_by;
  bool in_force = false;
};

struct List {
  Moment issued;
  std::set<Place> entries;
};

class Model {
 public:
  static constexpr unsigned required = 2;

  std::vector<Certificate> certificates;
  std::vector<Generation> generations;  // of each bloc in their order
  std::vector<Roster> rosters;
  std::vector<Proposal> proposals;
  std::set<Place> officers;  // certificates that hold the role
  std::set<Place> blocked;   // keys
  std::map<std::string, List> lists;  // by generation
  unsigned years = 5, version = 2;    // of the profile of persons
  std::string issuer_key;
  std::optional<Moment> last_act;

  bool clock_stands(Moment now) const;  // false: nothing is recorded
  bool may_submit(const std::vector<Row>& rows, Moment now) const;
  // Asked for at `asked`, done `now`.
  bool may_do(const Row& row, Moment asked, Moment now) const;
  // Also that there is a CA to do it.
  bool may_issue(const Row& row, Moment asked, Moment now) const;
  bool may_approve(Place officer, Moment now) const;
  // Persons who approved and are officers now.
  std::size_t approvals(const Roster& roster, Moment now) const;
  bool may_propose(const Proposal& proposal, Moment now) const;
  // Whether so many persons have approved it that it is in force.
  bool is_complete(const Proposal& proposal) const;
  void put_in_force(Proposal& proposal);
  // The longest that the law, the profile and the issuer let the row's certificate live.
  Moment longest(const Row& row, Moment asked, Moment now) const;
  // Which generation issues for persons of a bloc: of those in service with the wanted kind of key, the one whose time
  // came last; none when there is none.
  const Generation* issuing(const std::string& bloc, Moment now) const;
  const Generation* generation(const std::string& name) const;
  // `party-2` after `party`, with whatever key and time.
  Generation next_generation(const std::string& bloc) const;
  // By how much sooner it may end, so that one roster's certificates do not end on one day.
  std::chrono::days spread(const Roster& roster, const Row& row) const;
  // What the list of a generation must name.
  std::set<Place> listed(const std::string& issuer) const;

  void record(Moment now);
  void end(Place certificate, const std::string& reason, std::optional<Moment> since, Moment now);
  void suspend(Place certificate, Moment now);
  void resume(Place certificate, Moment now);

 private:
  bool key_is_good(const Row& row) const;
  bool is_compromised(Place key) const;
  unsigned renewals(Place certificate) const;
  // Codes: a person of two units is one person.
  std::set<std::string> officers_now(Moment now, std::optional<Place> without) const;
  bool may_follow(const Generation& generation) const;
  bool may_renew(const Row& row, const Certificate& old, Moment asked) const;
};

}  // namespace antin::life
