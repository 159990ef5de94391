// Province: the units and subscribers that we know, and whose a certificate of another authority is.
//
// What identifies comes first: mail address, UID (`MST:…`, `CCCD:…`) and subscriber code. Names count after that: whole
// values of the Name's attributes, in NFC and case folded. Who is found only without the marks of the letters (Hoà and
// Hòa) is matched and told as doubtful. Units are those of the day on which the certificate's validity began.
// Immutable; safe for all threads.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ca/foreign/unit_names.h"
#include "ca/store/store.h"
#include "ca/x509/certificate.h"

namespace antin::foreign {

struct Subscriber {
  std::string code, kind;               // as in a roster
  std::string cn, o, ou, l, mail, uid;  // its fields; empty where it has none
};
// Every subscriber of every submitted roster; of one code, the roster that was submitted last counts.
Result<std::vector<Subscriber>> known_subscribers(store::Store& store);

struct Match {
  std::string subscriber, unit;  // codes; empty: none, or not one alone
  std::string kind;              // the subscriber's; else a guess from the subject
  std::vector<store::Doubt> doubts;
};

class Province {
 public:
  Province(std::vector<Subscriber> subscribers, std::vector<Unit> units);
  // That its unit has ended by `now` is a doubt: somebody else should have a certificate instead.
  Match match(const x509::Certificate& certificate, Time now) const;

 private:
  using Indexes = std::set<std::size_t>;  // into subscribers_
  using Index = std::map<std::string, Indexes>;
  Indexes identified(const x509::Certificate& certificate) const;
  Indexes of_kind(const Indexes& found, const std::string& kind) const;
  Indexes at_place(const Indexes& found, const x509::Name& subject) const;
  void match_subscriber(const x509::Certificate& certificate, Match& match) const;
  bool match_unit(const x509::Name& subject, const UnitNames& units, Match& match) const;
  const UnitNames& names_at(Time at) const;
  void note_ended(const x509::Certificate& certificate, Time now, Match& match) const;
  void note_other_unit(const x509::Name& subject, const Indexes& candidates, Match& match) const;
  std::string codes(const Indexes& subscribers) const;

  std::vector<Subscriber> subscribers_;
  std::vector<Unit> units_;             // of all times
  std::map<Time, UnitNames> by_begin_;  // names from that moment until the next one; never empty
  Index identifiers_;         // mail, UID and code, each with its kind in front
  Index names_, names_bare_;  // kind, cn, ou, o; and without marks
  Index names_without_unit_;  // kind, cn, o
};

// `personal` or `organisation`, by what usually stands in such subjects.
std::string guessed_kind(const x509::Name& subject);

}  // namespace antin::foreign
