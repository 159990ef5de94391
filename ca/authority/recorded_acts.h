// Acts: what an authority did, as its log tells it and as its store has it, in one form for comparing. Only for
// ca/authority.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ca/store/store.h"

namespace antin::authority {

// What was recorded, one line an act; each group in the order of the acts.
struct Acts {
  std::map<std::string, std::string> certificates;              // id: SHA-256 of the DER, act, predecessor
  std::map<std::string, std::vector<std::string>> revocations;  // certificate id: its events
  std::map<std::string, std::string> open;                      // request: decided, its certificate is not there
  std::map<std::string, std::string> rosters;                   // hash: rows, when
  std::map<std::string, std::string> proposals;                 // hash: SHA-256 of the content, when
  std::map<std::string, std::string> incidents;                 // hash: SHA-256 of the content, when
  std::map<std::string, std::string> outcomes;                  // certificate id, hash of its incident: what it was
  std::map<std::string, std::set<std::string>> approvals;       // hash of what was approved: officer, signature, when
  std::map<std::string, std::string> blocked;                   // key hash: when and why
  std::map<std::string, std::string> foreign;                   // id: SHA-256 of the DER, doubts
  std::map<std::string, std::vector<std::string>> foreign_events;  // id: what its issuer's lists said
  std::map<std::string, std::string> requests;                     // id: authority, request, row, until
  std::map<std::string, std::vector<std::string>> request_events;  // id: what became of it
  std::map<std::string, std::string> issuers;                      // in service: nothing
  std::map<std::string, std::string> tokens;                       // id: label, subscriber, row, escrow
  std::map<std::string, std::vector<std::string>> token_events;    // id: what was done with it
  std::map<std::string, std::string> adopted;                      // issuer: digest of what it brought along
  std::map<std::string, std::string> officers;                     // ceremony: SHA-256 of its content, or "in force"
  std::map<std::string, std::string> listed;                       // issuer and serial: its revocation and end
  std::map<std::string, std::pair<std::uint64_t, std::string>>
      lists;                                    // issuer: newest number; SHA-256 of the DER, entries
  std::set<std::string> proposals_of_ceremony;  // hashes; in the log, all before its end
  bool ceremony_ended = false;                  // of those in the log, which are told in their order
};

Result<Acts> acts_in_log(store::Store& store);
// `issuers`: whose lists the log tells of; those that issued something come along.
Result<Acts> acts_in_store(store::Store& store, Time now, std::set<std::string> issuers);

}  // namespace antin::authority
