// The jobs that need an issuing token. `antin` does them on the spot, or `antin authority run` does them for it.
//
// A request is one JSON object on one line, the answer another; docs/formats/authority-socket.md.
#pragma once

#include <functional>
#include <string>

#include "cli/commands/ca_session.h"

namespace antin::commands {

// Issues an approved roster; `waiting` in the answer when approvals are missing. resource_exhausted with too little
// disk space left to begin (cli/wiring/disk_space.h).
Result<Json> issue_roster_job(Session& session, OpenHome& home, const OpenIssuers& issuers, const std::string& roster,
                              unsigned threads, const std::function<void(std::uint64_t, std::uint64_t)>& progress);
struct RevokeJob {
  enum class Act { revoke, suspend, resume } act = Act::revoke;
  std::vector<std::string> certificates;  // id, serial, subscriber code or mail
  std::string reason = "unspecified", invalidity_date, remark;
  std::string requested_by;  // code of the managing body
};
// Revocation itself is an append to the store: no token is needed; the next CRL carries it.
Result<Json> revoke_job(Session& session, OpenHome& home, const RevokeJob& job);
// `issuer` empty: all that are open.
Result<Json> build_crls_job(Session& session, OpenHome& home, const OpenIssuers& issuers, const std::string& issuer);
// Ends what is left of an incident and says which lists are due; publishes none.
Result<Json> run_incident_job(Session& session, OpenHome& home, const std::string& incident,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress);
// Builds the lists that `done`, the answer of run_incident_job(), says are due and `issuers` can sign, and says so in
// it.
Status publish_incident_job(Session& session, OpenHome& home, const OpenIssuers& issuers, Json& done);

// One request of the socket, done: what `antin authority run` answers. A refusal is {"error": …} with code and message.
Json answer_request(Session& session, OpenHome& home, const OpenIssuers& issuers, const std::string& request);

// With --dry-run and --via-authority: what would be sent, said and added to `preview` as `would_ask`.
void say_would_ask(Session& session, const Json& request, Json& preview);
// Asks the running authority. unavailable when none runs on this home.
Result<Json> ask_authority(Session& session, const Json& request);

}  // namespace antin::commands
