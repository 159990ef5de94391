// `antin incident reissue`: the roster that gives another certificate to those who lose theirs.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "ca/authority/incident_reissue.h"
#include "ca/x509/csr.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

struct ReissueOptions {
  std::string incident, out, requested_by, requests;
};

constexpr std::size_t largest_request = 1U << 20;

// DIR holds CODE.csr, CODE.pem or CODE.der; other files are let be.
Result<std::map<std::string, Bytes>> read_requests(const std::string& folder) {
  std::map<std::string, Bytes> requests;
  if (folder.empty()) return requests;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Path& file = entry.path();
    if (file.extension() != ".csr" && file.extension() != ".pem" && file.extension() != ".der") continue;
    ANTIN_TRY(const Bytes content, read_file(file, largest_request));
    ANTIN_TRY(const auto request, in(file.string(), x509::CertificationRequest::from_file_bytes(content)));
    requests[file.stem().string()] = to_bytes(request.der());
  }
  return requests;
}

std::uint64_t count(const authority::Roster& roster, policy::Act act) {
  std::uint64_t found = 0;
  for (const authority::Roster::Row& row : roster.rows) found += row.act == act ? 1 : 0;
  return found;
}

Json waiting_value(Session& session, const authority::Reissue& made) {
  Json all = Json::array();
  for (const authority::Reissue::Waiting& one : made.waiting) {
    const std::string message = session.text(one.rule);
    session.say("reissue.waiting", {one.subscriber, one.subject, message});
    all.push_back({{"certificate", one.certificate},
                   {"subscriber", one.subscriber},
                   {"subject", one.subject},
                   {"rule", one.rule},
                   {"message", message}});
  }
  return all;
}

Result<ExitCode> reissue(Session& session, const ReissueOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  const authority::Context context = home.context(session);
  ANTIN_TRY(const authority::IncidentState state, authority::find_incident(context, options.incident));
  ANTIN_TRY(auto requests, read_requests(options.requests));
  ANTIN_TRY(const authority::Reissue made,
            authority::reissue(context, state, {options.requested_by, std::move(requests)}));
  const bool writes = !made.roster.rows.empty();
  if (writes && !session.dry_run) ANTIN_CHECK(write_file(options.out, authority::roster_file(made.roster)));
  const std::uint64_t rekey = count(made.roster, policy::Act::rekey), issue = count(made.roster, policy::Act::issue);
  const Json waiting = waiting_value(session, made);
  session.say("reissue.sum", {std::to_string(rekey), std::to_string(issue), std::to_string(made.waiting.size()),
                              std::to_string(made.replaced)});
  session.say(!writes ? "reissue.nothing" : session.dry_run ? "diff.would_write" : "diff.written", {options.out});
  if (session.json)
    session.print({{"file", writes ? options.out : ""},
                   {"name", made.roster.name},
                   {"rows", made.roster.rows.size()},
                   {"rekey", rekey},
                   {"issue", issue},
                   {"waiting", waiting},
                   {"replaced", made.replaced},
                   {"dry_run", session.dry_run}});
  return exit_done;
}

}  // namespace

void add_incident_reissue(Command incident) {
  add_command<ReissueOptions>(
      incident, "reissue", "incident.reissue_roster",
      [](Command command, ReissueOptions& options) {
        command.operand("INCIDENT", options.incident, "incident.which").required();
        command.option("-o,--out", options.out, "incident.roster_out").required().value_name("FILE");
        command.option("--requests", options.requests, "incident.requests").value_name("DIR");
        command.option("--requested-by", options.requested_by, "roster.diff.requested_by").value_name("CODE");
      },
      reissue);
}

}  // namespace antin::commands
