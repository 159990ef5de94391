// `antin proposal list|show|approve`: what officers decide besides rosters.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/role_register.h"
#include "cli/commands/command.h"
#include "cli/commands/officer_key.h"
#include "cli/commands/proposal_value.h"

namespace antin::commands {
namespace {

using authority::RoleRegister;

struct NoOptions {};
struct WhichOptions {
  std::string proposal;
};
struct ApproveOptions {
  std::string proposal, officer, token;
};

// By number, or by eight or more digits of its hash.
Result<const RoleRegister::State*> find_proposal(const RoleRegister& roles, const std::string& which) {
  for (const auto& [number, state] : roles.proposals())
    if (which == std::to_string(number) || (which.size() >= 8 && to_hex(state.hash).starts_with(which))) return &state;
  return fail(ErrorCode::not_found, "proposal: there is none " + which + ": see `antin proposal list`");
}

Result<ExitCode> list(Session& session, const NoOptions&) {
  ANTIN_TRY(const OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  Json all = Json::array();
  for (const auto& [number, state] : roles.proposals()) {
    say_proposal(session, roles, state);
    all.push_back(proposal_value(roles, state));
  }
  if (session.json) session.print(all);
  return exit_done;
}

Result<ExitCode> show(Session& session, const WhichOptions& options) {
  ANTIN_TRY(const OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  ANTIN_TRY(const RoleRegister::State* state, find_proposal(roles, options.proposal));
  say_proposal(session, roles, *state);
  const Bytes content = authority::proposal_content(state->proposal);
  const Json parsed = Json::parse(text_of(content));
  if (!session.json) session.out() << parsed.dump(2) << '\n';
  Json value = proposal_value(roles, *state);
  value["content"] = parsed;
  if (session.json) session.print(value);
  return exit_done;
}

Result<ExitCode> approve(Session& session, const ApproveOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  ANTIN_TRY(const RoleRegister::State* state, find_proposal(roles, options.proposal));
  ANTIN_TRY(const store::CertificateRecord officer, find_officer(session, home, options.officer));
  const std::string number = std::to_string(state->proposal.number);
  if (session.dry_run) {
    session.say("proposal.would_approve", {number, officer.id});
    if (session.json) session.print({{"proposal", to_hex(state->hash)}, {"officer", officer.id}, {"dry_run", true}});
    return exit_done;
  }
  ANTIN_TRY(const OfficerKey opened, open_officer_key(session, home, officer.id, options.token));
  ANTIN_TRY(const authority::ProposalApproval done,
            in("approve proposal " + number,
               authority::approve_proposal(home.context(session), state->hash, officer.id, *opened.key)));
  session.say(done.in_force ? "proposal.in_force" : "proposal.approved",
              {number, officer.id, std::to_string(done.approvals), std::to_string(done.required)});
  if (session.json)
    session.print({{"proposal", to_hex(state->hash)},
                   {"number", state->proposal.number},
                   {"officer", officer.id},
                   {"approvals", done.approvals},
                   {"required", done.required},
                   {"in_force", done.in_force}});
  return exit_done;
}

}  // namespace

void add_proposal(Command antin) {
  Command group = antin.group("proposal");
  add_command<NoOptions>(group, "list", "proposal.list", [](Command, NoOptions&) {}, list);
  add_command<WhichOptions>(
      group, "show", "proposal.show",
      [](Command command, WhichOptions& options) {
        command.operand("PROPOSAL", options.proposal, "proposal.which").required();
      },
      show);
  add_command<ApproveOptions>(
      group, "approve", "proposal.approve",
      [](Command command, ApproveOptions& options) {
        command.operand("PROPOSAL", options.proposal, "proposal.which").required();
        command.option("--officer", options.officer, "roster.officer").required().value_name("OFFICER");
        command.option("--token", options.token, "roster.officer_token").value_name("TOKEN");
      },
      approve);
}

}  // namespace antin::commands
