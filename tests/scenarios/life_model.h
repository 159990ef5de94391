// Model: the authority's rules and its state told a second time, for tests: from the decrees (docs/formats/policy.md)
// and the formats, without a line of ca/. It decides what should happen; whether it did is life_world.h's part.
//
// Certificates, rosters and proposals are named by their place in the model. Time does not pass in it: whoever asks
// says when. A roll-over would add a second entry to `authorities` for a bloc; rows then take the newest.
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
  std::string id, kind, bloc;
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

struct Proposal {
  std::optional<Place> officer;  // whose role changes; none: the profile of persons changes
  bool grant = true;
  unsigned years = 0, version = 0;
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
  std::map<std::string, Place> authorities;  // issuing CA by bloc
  std::vector<Roster> rosters;
  std::vector<Proposal> proposals;
  std::set<Place> officers;  // certificates that hold the role
  std::set<Place> blocked;   // keys
  std::map<std::string, List> lists;
  unsigned years = 5, version = 2;  // of the profile of persons
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
  // By how much sooner it may end, so that one roster's certificates do not end on one day.
  std::chrono::days spread(const Roster& roster, const Row& row) const;
  // What the list of a bloc must name.
  std::set<Place> listed(const std::string& bloc) const;

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
  bool may_renew(const Row& row, const Certificate& old, Moment asked) const;
};

}  // namespace antin::life
