#include "cli/commands/ceremony_cross.h"

#include <filesystem>

#include "base/encoding.h"
#include "ca/authority/cross_making.h"
#include "cli/commands/ceremony_steps.h"
#include "cli/commands/cross.h"

namespace antin::commands {
namespace {

using authority::CrossChange;
using authority::RegisteredCross;
using authority::RoleRegister;

Status note_other(const CrossChange& change, const CeremonyWatch& watch) {
  ANTIN_TRY(const authority::OtherAuthority other, authority::other_authority(change));
  const bool request = change.certificate.empty();
  return watch.note({"other",
                     change.name,
                     true,
                     {{"form", request ? "request" : "certificate"},
                      {"subject", other.subject.rfc4514()},
                      {"public_key", to_hex(sha256(other.public_key_info))},
                      {"sha256", to_hex(sha256(request ? change.request : change.certificate))}}});
}

Result<DecisionStage> after_decision(Session& session, OpenHome& home, const CrossChange& change,
                                     const RegisteredCross& decided, const CeremonyWatch& watch) {
  if (!(decided.change == change))
    return fail(ErrorCode::failed_precondition,
                "ceremony " + change.name + ": officers decided on another cross certificate than this file says");
  ANTIN_CHECK(note_proposal(watch, change.name, decided.proposal, decided.proposal_hash, true));
  std::error_code error;
  if (decided.certificate_id.empty() || !std::filesystem::exists(session.home.ca_certificate(change.name), error))
    return DecisionStage::to_complete;
  ANTIN_TRY(const store::CertificateRecord record, home.store->certificate(decided.certificate_id, session.now()));
  ANTIN_CHECK(watch.note(certificate_step(change.name, record, true)));
  return DecisionStage::made;
}

}  // namespace

Result<DecisionStage> hold_cross(Session& session, OpenHome& home, const wiring::CrossCeremony& held,
                                 const CeremonyWatch& watch) {
  const CrossChange& change = held.change;
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  const RegisteredCross* decided = roles.find_cross(change.name);
  if (decided == nullptr) ANTIN_CHECK(authority::check_cross(home.context(session), roles, change, session.now()));
  ANTIN_CHECK(note_other(change, watch));
  if (decided != nullptr) return after_decision(session, home, change, *decided, watch);
  if (const RoleRegister::State* state = waiting_cross(roles, change)) {
    ANTIN_CHECK(note_proposal(watch, change.name, state->proposal.number, to_hex(state->hash), true));
    return DecisionStage::officers_decide;
  }
  watch.at_step("ceremony.step.proposal");
  ANTIN_TRY(const Bytes hash, authority::propose(home.context(session), change, home.config.required_approvals));
  ANTIN_CHECK(note_proposal(watch, change.name, roles.proposals().size() + 1, to_hex(hash), false));
  return DecisionStage::officers_decide;
}

}  // namespace antin::commands
