#include "cli/commands/ceremony_roll_over.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/role_register.h"
#include "ca/issuance/key_gate.h"
#include "cli/commands/ceremony_steps.h"
#include "cli/commands/token_making.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

using authority::IssuerChange;
using authority::IssuerRegister;
using authority::RegisteredIssuer;
using authority::RoleRegister;
using wiring::RollOverCeremony;

// All but the key.
Result<IssuerChange> planned(const IssuerRegister& issuers, const RollOverCeremony& next, Time now) {
  ANTIN_TRY(IssuerChange change, issuers.next_generation(next.bloc, now));
  if (next.issuer != change.name)
    return fail(ErrorCode::failed_precondition,
                "ca " + next.issuer + ": it is not the next generation of its bloc: see `antin ca list`");
  change.algorithm = next.key_name;
  change.issues_from = next.issues_from;
  change.remark = next.remark;
  return change;
}

Result<Bytes> make_next_key(Session& session, const OpenHome& home, const RollOverCeremony& next,
                            const CeremonyWatch& watch) {
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, home.config));
  ANTIN_TRY(const auto key, keep_key(session, *home.store, watch, tokens, {next.issuer, next.key, next.token_serial}));
  ANTIN_CHECK(issuance::check_key(key->public_key_info()));
  return to_bytes(key->public_key_info());
}

const RoleRegister::State* proposal_of(const RoleRegister& roles, const std::string& issuer) {
  const RoleRegister::State* found = nullptr;
  for (const auto& [number, state] : roles.proposals()) {
    const auto* change = std::get_if<IssuerChange>(&state.proposal.change);
    if (change != nullptr && change->name == issuer) found = &state;
  }
  return found;
}

// The first list that the log has of this issuer.
Result<CeremonyStep> first_list(store::Store& store, const std::string& issuer) {
  CeremonyStep step{"list", issuer, true, {}};
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
    if (!step.facts.empty()) return {};
    const auto entry = nlohmann::json::parse(text_of(logged.entry), nullptr, false);
    if (entry.is_object() && entry.value("type", "") == "crl" && entry.value("issuer", "") == issuer)
      step.facts = {{"number", entry.value("number", "")}, {"sha256", entry.value("sha256", "")}};
    return {};
  }));
  if (!step.facts.empty()) return step;
  return fail(ErrorCode::data_loss, "ca " + issuer + ": it has no list");
}

Status note_made(Session& session, OpenHome& home, const RegisteredIssuer& issuer, const CeremonyWatch& watch) {
  ANTIN_TRY(const store::CertificateRecord record, home.store->certificate(issuer.certificate_id, session.now()));
  ANTIN_CHECK(watch.note(certificate_step(issuer.name, record, true)));
  ANTIN_TRY(const CeremonyStep list, first_list(*home.store, issuer.name));
  return watch.note(list);
}

}  // namespace

Result<DecisionStage> hold_roll_over(Session& session, OpenHome& home, const RollOverCeremony& next,
                                     const CeremonyWatch& watch) {
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  if (const RegisteredIssuer* issuer = roles.issuers().find(next.issuer)) {
    ANTIN_CHECK(note_proposal(watch, next.issuer, issuer->proposal, issuer->proposal_hash, true));
    if (!issuer->in_service) return DecisionStage::to_complete;
    ANTIN_CHECK(note_made(session, home, *issuer, watch));
    return DecisionStage::made;
  }
  ANTIN_TRY(IssuerChange change, planned(roles.issuers(), next, session.now()));
  ANTIN_CHECK(roles.issuers().check(change));
  watch.at_step("ceremony.step.next_key");
  ANTIN_TRY(const Bytes key, make_next_key(session, home, next, watch));
  change.key = to_hex(sha256(key));
  if (const RoleRegister::State* state = proposal_of(roles, next.issuer)) {
    // Officers decide on the key that this ceremony made, and on no other one.
    if (std::get<IssuerChange>(state->proposal.change).key != change.key)
      return fail(ErrorCode::failed_precondition,
                  "ca " + next.issuer + ": the proposal that waits names another key than this ceremony made");
    ANTIN_CHECK(note_proposal(watch, next.issuer, state->proposal.number, to_hex(state->hash), true));
    return DecisionStage::officers_decide;
  }
  watch.at_step("ceremony.step.proposal");
  ANTIN_TRY(const Bytes hash,
            authority::propose(home.context(session), std::move(change), home.config.required_approvals));
  ANTIN_CHECK(note_proposal(watch, next.issuer, roles.proposals().size() + 1, to_hex(hash), false));
  return DecisionStage::officers_decide;
}

Status note_proposal(const CeremonyWatch& watch, const std::string& of, std::uint64_t number, const std::string& hash,
                     bool found) {
  return watch.note({"proposal", of, found, {{"number", std::to_string(number)}, {"proposal", hash}}});
}

Result<std::vector<Participant>> officers_now(Session& session, OpenHome& home) {
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  std::vector<Participant> officers;
  for (const authority::RoleHolder& holder : roles.holders())
    if (holder.role == authority::Role::officer && roles.officer_today(holder.certificate_id, session.now()) != nullptr)
      officers.push_back({{}, holder.certificate_id, holder.subject});
  return officers;
}

}  // namespace antin::commands
