// Reissue: the roster that gives another certificate to those who lose theirs by an incident.
//
// It goes the way of every roster: submit, approve, issue. Done before the incident runs, each certificate is revoked
// in the transaction that stores its successor; done after it, the rows issue anew.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ca/authority/incident.h"

namespace antin::authority {

struct Reissue {
  Roster roster;  // `antin-roster-2`; may have no rows
  struct Waiting {
    std::string certificate, subscriber, subject;
    std::string rule;  // `reissue.needs_request`, or `reissue.no_row`: no roster has its subscriber
  };
  std::vector<Waiting> waiting;
  std::uint64_t replaced = 0;  // who has another certificate in force already
};

struct ReissueOptions {
  std::string requested_by;               // code of the managing body, in rows that do not name theirs
  std::map<std::string, Bytes> requests;  // DER PKCS#10, by subscriber code
};

// One row a subscriber and kind, from the last roster row that has its fields: a new key in the token `seals` where the
// old one was there (P-256 when the incident selects by key), else with the request that was brought.
// failed_precondition for an incident that only suspends.
Result<Reissue> reissue(const Context& context, const IncidentState& state, const ReissueOptions& options);

}  // namespace antin::authority
