// Plan: what a mapping makes of the certificates in force: one roster of acts for officers to approve, and what a
// person should look at before.
//
// A body that follows gets one new key and certificate, whoever becomes it; those that end are revoked with the code of
// the one that follows. Persons keep their keys and get a certificate that names their body as it is now. Nothing is
// written. The same mapping over the same store gives the same roster.
#pragma once

#include "ca/reorganisation/mapping.h"
#include "ca/units/units.h"

namespace antin::reorganisation {

// What a row of the roster does, for people: the name in the certificate that it is about, and in the one it makes.
struct Told {
  std::string before, after;  // `CN, OU`; empty where there is none
};

// A certificate in force that no row is about and that a person should look at. `doubt.rule` is a message id.
struct Doubtful {
  std::string certificate;
  store::Doubt doubt;
};

struct Plan {
  authority::Roster acts;                    // `antin-roster-2`: bodies' new certificates, persons' changes, ends
  std::vector<Told> told;                    // of each row
  std::vector<Doubtful> doubtful;            // ordered by certificate
  std::vector<std::string> untouched;        // ids of the other certificates in force that no line is about
  std::vector<authority::Finding> notes;     // `row` is a line of the mapping: nothing is to be done for it (any more)
  std::vector<authority::Finding> refusals;  // the same, errors; when there are any, `acts` is not to be used
};

Result<Plan> plan(const authority::Context& context, const Mapping& mapping, const units::Units& units);

}  // namespace antin::reorganisation
