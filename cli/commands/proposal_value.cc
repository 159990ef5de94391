#include "cli/commands/proposal_value.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/commands/cross.h"

namespace antin::commands {

using authority::CrossChange;
using authority::IssuerChange;
using authority::RoleChange;
using authority::RoleRegister;

Json proposal_value(const RoleRegister& roles, const RoleRegister::State& state) {
  Json value = {{"number", state.proposal.number},
                {"proposal", to_hex(state.hash)},
                {"approvals", state.approved_by.size()},
                {"required", roles.required(state.proposal)},
                {"in_force", state.in_force}};
  if (const auto* change = std::get_if<RoleChange>(&state.proposal.change)) {
    value["kind"] = "role";
    value["role"] = authority::to_string(change->role);
    value["act"] = change->grant ? "grant" : "withdraw";
    value["certificate"] = change->certificate_id;
  } else if (const auto* issuer = std::get_if<IssuerChange>(&state.proposal.change)) {
    value["kind"] = "issuer";
    value["issuer"] = issuer->name;
    value["key"] = issuer->key;
    value["issues_from"] = issuer->issues_from ? Json(to_rfc3339(*issuer->issues_from)) : Json();
    if (issuer->adopted()) value["holdings"] = issuer->holdings;
  } else if (const auto* cross = std::get_if<CrossChange>(&state.proposal.change)) {
    value["kind"] = "cross";
    value["cross"] = cross_row(*cross);
  } else {
    value["kind"] = "profiles";
    value["digest"] = std::get<authority::ProfileChange>(state.proposal.change).profiles.digest();
  }
  return value;
}

void say_proposal(Session& session, const RoleRegister& roles, const RoleRegister::State& state) {
  std::string what;
  if (const auto* change = std::get_if<RoleChange>(&state.proposal.change))
    what =
        session.text(change->grant ? "proposal.grant" : "proposal.withdraw",
                     {session.text("role." + std::string(authority::to_string(change->role))), change->certificate_id});
  else if (const auto* issuer = std::get_if<IssuerChange>(&state.proposal.change); issuer && issuer->adopted())
    what = session.text("proposal.adopts", {issuer->name, issuer->key.substr(0, 16), issuer->holdings.substr(0, 16)});
  else if (issuer != nullptr)
    what = session.text("proposal.issuer", {issuer->name, issuer->algorithm, issuer->key.substr(0, 16),
                                            issuer->issues_from ? for_people(*issuer->issues_from) : "-"});
  else if (const auto* cross = std::get_if<CrossChange>(&state.proposal.change))
    what = cross_summary(session, *cross);
  else
    what = session.text("proposal.profiles",
                        {std::get<authority::ProfileChange>(state.proposal.change).profiles.digest().substr(0, 16)});
  session.say(state.in_force ? "proposal.line_in_force" : "proposal.line",
              {std::to_string(state.proposal.number), to_hex(state.hash).substr(0, 16), what,
               std::to_string(state.approved_by.size()), std::to_string(roles.required(state.proposal))});
}

Result<ExitCode> say_proposed(Session& session, OpenHome& home, ByteView hash) {
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  const RoleRegister::State& state = *roles.find(hash);
  say_proposal(session, roles, state);
  session.say("proposal.waiting",
              {std::to_string(state.proposal.number), std::to_string(roles.required(state.proposal))});
  if (session.json) session.print(proposal_value(roles, state));
  return exit_waiting;
}

}  // namespace antin::commands
