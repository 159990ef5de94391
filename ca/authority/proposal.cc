#include "ca/authority/proposal.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/approval_steps.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/cross_json.h"
#include "ca/authority/cross_making.h"
#include "ca/authority/profile_guard.h"
#include "ca/authority/role_register.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

using Json = nlohmann::json;

constexpr const char* format = "antin-proposal-1";
constexpr std::size_t largest = 2U << 20;

std::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::failed_precondition, "proposal: " + why);
}
std::unexpected<Error> unreadable() {
  return fail(ErrorCode::data_loss, "proposal: its content is none of antin-proposal-1");
}

Json change_value(const RoleChange& change) {
  Json value = {{"kind", "role"},
                {"role", to_string(change.role)},
                {"act", change.grant ? "grant" : "withdraw"},
                {"certificate", change.certificate_id},
                {"sha256", change.certificate_sha256}};
  if (!change.account.empty()) value["account"] = change.account;
  if (!change.remark.empty()) value["remark"] = change.remark;
  return value;
}

Json change_value(const ProfileChange& change) {
  return {{"kind", "profiles"}, {"profiles", Json::parse(change.profiles.json())}};
}

Json change_value(const IssuerChange& change) {
  Json value = {{"kind", "issuer"},
                {"name", change.name},
                {"token", change.token},
                {"key", change.key},
                {"algorithm", change.algorithm}};
  if (change.issues_from) value["issues_from"] = to_rfc3339(*change.issues_from);
  if (!change.follows.empty()) value["follows"] = change.follows;
  if (!change.issued_by.empty()) value["issued_by"] = change.issued_by;
  if (!change.certificate.empty()) value["certificate"] = to_base64(change.certificate);
  if (!change.holdings.empty()) value["holdings"] = change.holdings;
  if (!change.remark.empty()) value["remark"] = change.remark;
  return value;
}

Json change_value(const CrossChange& change) { return cross_value(change); }

std::string text_or_none(const Json& value, const char* member) {
  return value.contains(member) ? value.at(member).get<std::string>() : std::string();
}

Result<IssuerChange> read_issuer_change(const Json& value) {
  IssuerChange change;
  change.name = value.at("name").get<std::string>();
  change.token = value.at("token").get<std::string>();
  change.key = value.at("key").get<std::string>();
  change.algorithm = value.at("algorithm").get<std::string>();
  if (value.contains("issues_from")) {
    ANTIN_TRY(change.issues_from, parse_rfc3339(value.at("issues_from").get<std::string>()));
  }
  change.follows = text_or_none(value, "follows");
  change.issued_by = text_or_none(value, "issued_by");
  if (value.contains("certificate")) {
    const auto der = from_base64(value.at("certificate").get<std::string>());
    if (!der) return unreadable();
    change.certificate = *der;
  }
  change.holdings = text_or_none(value, "holdings");
  change.remark = text_or_none(value, "remark");
  return change;
}

Result<RoleChange> read_role_change(const Json& value) {
  RoleChange change;
  ANTIN_TRY(change.role, role_named(value.at("role").get<std::string>()));
  const auto act = value.at("act").get<std::string>();
  if (act != "grant" && act != "withdraw") return unreadable();
  change.grant = act == "grant";
  change.certificate_id = value.at("certificate").get<std::string>();
  change.certificate_sha256 = value.at("sha256").get<std::string>();
  if (value.contains("account")) change.account = value.at("account").get<std::string>();
  if (value.contains("remark")) change.remark = value.at("remark").get<std::string>();
  return change;
}

Result<Proposal> read_members(const Json& value) {
  if (value.at("format").get<std::string>() != format) return unreadable();
  Proposal proposal;
  proposal.number = value.at("number").get<std::uint64_t>();
  proposal.required = value.at("required").get<unsigned>();
  const auto kind = value.at("kind").get<std::string>();
  if (kind == "role") {
    ANTIN_TRY(proposal.change, read_role_change(value));
  } else if (kind == "profiles") {
    ANTIN_TRY(issuance::ProfileSet profiles, issuance::ProfileSet::from_json(value.at("profiles").dump()));
    proposal.change = ProfileChange{std::move(profiles)};
  } else if (kind == "issuer") {
    ANTIN_TRY(proposal.change, read_issuer_change(value));
  } else if (kind == "cross") {
    ANTIN_TRY(proposal.change, read_cross_value(value));
  } else {
    return unreadable();
  }
  return proposal;
}

// Whose certificate may hold a role: a person's that is valid.
Status check_holder(const store::CertificateRecord& record) {
  if (record.kind != "personal" && record.kind != "officer")
    return refuse(record.id + " is a certificate of kind " + record.kind + ": a role is held by a person");
  if (record.status != store::CertificateStatus::valid)
    return refuse(record.id + ": the certificate is " + std::string(to_string(record.status)));
  return {};
}

// Also before an approval: what was possible when it was proposed may be no more.
Status check_change(const Context& context, const RoleRegister& roles, const RoleChange& change, unsigned required,
                    Time now) {
  ANTIN_TRY(const store::CertificateRecord record, context.store.certificate(change.certificate_id, now));
  if (change.grant) ANTIN_CHECK(check_holder(record));
  const bool held = std::ranges::any_of(roles.holders(), [&](const RoleHolder& holder) {
    return holder.role == change.role && holder.certificate_id == change.certificate_id;
  });
  const std::string role(to_string(change.role));
  if (change.grant && held) return refuse(change.certificate_id + " has the role " + role + " already");
  if (!change.grant && !held) return refuse(change.certificate_id + " does not have the role " + role);
  if (change.grant || change.role != Role::officer) return {};
  if (roles.officer(change.certificate_id, now) == nullptr) return {};
  if (roles.officers_at(now, change.certificate_id) >= required) return {};
  return refuse("fewer officers would remain than approvals are needed: give the role to another one first");
}

Status check_change(const Context& context, const RoleRegister& roles, const ProfileChange& change, unsigned, Time) {
  if (context.settings.production) ANTIN_CHECK(change.profiles.check_production());
  if (roles.profiles().json() == change.profiles.json()) return refuse("these profiles are in force already");
  return change.profiles.check_versions_after(roles.profiles());
}

Status check_change(const Context&, const RoleRegister& roles, const IssuerChange& change, unsigned, Time) {
  return roles.issuers().check(change);
}

Status check_change(const Context& context, const RoleRegister& roles, const CrossChange& change, unsigned, Time now) {
  return check_cross(context, roles, change, now);
}

// Whether this officer may approve this proposal now; asked again under the lock of the transaction that records it.
Status check_open(const Context& context, const RoleRegister& roles, ByteView hash, Time now) {
  const RoleRegister::State* state = roles.find(hash);
  if (state == nullptr) return fail(ErrorCode::not_found, "proposal: none has this hash: see `antin proposal list`");
  if (state->in_force) return refuse("it is in force already");
  return std::visit(
      [&](const auto& change) { return check_change(context, roles, change, roles.required(state->proposal), now); },
      state->proposal.change);
}

Status record(const Context& context, const Proposal& proposal, const Bytes& content, bool of_ceremony, Time now) {
  const Bytes hash = to_bytes(sha256(content));
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(transaction->add_proposal({proposal.number, hash, content, now, of_ceremony}));
  if (of_ceremony) ANTIN_CHECK(note_profiles_in_force(*transaction, std::get<ProfileChange>(proposal.change).profiles));
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction->append_log(
                log::entry(now, "proposal", {{"proposal", to_hex(hash)}, {"content", std::string(text_of(content))}})));
  return transaction->commit();
}

Result<Bytes> propose_next(const Context& context, const RoleRegister& roles,
                           decltype(Proposal::change) change, unsigned required, Time now) {
  const Proposal proposal{roles.proposals().size() + 1, required, std::move(change)};
  const Bytes content = proposal_content(proposal);
  ANTIN_TRY([[maybe_unused]] const Proposal same, read_proposal(content));
  ANTIN_CHECK(record(context, proposal, content, false, now));
  return to_bytes(sha256(content));
}

}  // namespace

std::string_view to_string(Role role) noexcept {
  switch (role) {
    case Role::administrator:
      return "administrator";
    case Role::officer:
      return "officer";
    case Role::auditor:
      return "auditor";
    case Role::operator_:
      break;
  }
  return "operator";
}

Result<Role> role_named(std::string_view name) {
  for (const Role role : {Role::administrator, Role::officer, Role::auditor, Role::operator_})
    if (to_string(role) == name) return role;
  return fail(ErrorCode::invalid_argument,
              "role: " + std::string(name) + " is none of administrator, officer, auditor, operator");
}

Bytes proposal_content(const Proposal& proposal) {
  Json value = std::visit([](const auto& change) { return change_value(change); }, proposal.change);
  value["format"] = format;
  value["number"] = proposal.number;
  value["required"] = proposal.required;
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return to_bytes(to_nfc(text).value_or(text));
}

Result<Proposal> read_proposal(ByteView content) {
  if (content.size() > largest) return unreadable();
  try {
    ANTIN_TRY(Proposal proposal, read_members(Json::parse(text_of(content))));
    if (!equal(proposal_content(proposal), content)) return unreadable();
    return proposal;
  } catch (const Json::exception&) {
    return unreadable();
  }
}

Bytes proposal_statement(ByteView hash, const std::string& officer_id) {
  return to_bytes("antin-approval-1\nproposal " + to_hex(hash) + "\nofficer " + officer_id + "\n");
}

Result<Bytes> propose(const Context& context, RoleChange change, unsigned required) {
  const Time now = context.clock.now();
  ANTIN_TRY(const store::CertificateRecord record, context.store.certificate(change.certificate_id, now));
  change.certificate_id = record.id;
  change.certificate_sha256 = to_hex(sha256(record.der));
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_CHECK(check_change(context, roles, change, required, now));
  return propose_next(context, roles, std::move(change), required, now);
}

Result<Bytes> propose(const Context& context, ProfileChange change, unsigned required) {
  const Time now = context.clock.now();
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_CHECK(check_change(context, roles, change, required, now));
  return propose_next(context, roles, std::move(change), required, now);
}

Result<Bytes> propose(const Context& context, IssuerChange change, unsigned required) {
  const Time now = context.clock.now();
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_CHECK(check_change(context, roles, change, required, now));
  return propose_next(context, roles, std::move(change), required, now);
}

Result<Bytes> propose(const Context& context, CrossChange change, unsigned required) {
  const Time now = context.clock.now();
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_CHECK(check_change(context, roles, change, required, now));
  return propose_next(context, roles, std::move(change), required, now);
}

Status set_first_profiles(const Context& context, issuance::ProfileSet profiles) {
  if (context.settings.production) ANTIN_CHECK(profiles.check_production());
  ANTIN_TRY(const auto known, context.store.proposals());
  const Proposal proposal{1, 0, ProfileChange{std::move(profiles)}};
  const Bytes content = proposal_content(proposal);
  if (known.empty()) return record(context, proposal, content, true, context.clock.now());
  if (equal(known.front().content, content)) return {};
  return refuse("the ceremony began with other profiles: go on with those, or begin in a new folder");
}

Result<ProposalApproval> approve_proposal(const Context& context, ByteView hash, const std::string& officer_id,
                                          const hsm::SigningKey& key) {
  const Time now = context.clock.now();
  ANTIN_TRY(const RoleRegister before, read_roles(context.store, now));
  ANTIN_CHECK(check_open(context, before, hash, now));
  ANTIN_TRY(const store::Approval approval,
            sign_approval(context, before, hash, officer_id, key, proposal_statement(hash, officer_id), now));
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY(const RoleRegister locked, read_roles(context.store, now));
  ANTIN_CHECK(check_officer_key(context, locked, officer_id, key, now));
  ANTIN_CHECK(check_open(context, locked, hash, now));
  ANTIN_CHECK(transaction->add_approval(approval));
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction->append_log(log::entry(
                now, "proposal.approve",
                {{"proposal", to_hex(hash)}, {"officer", officer_id}, {"signature", to_hex(approval.signature)}})));
  ANTIN_TRY(const RoleRegister after, read_roles(context.store, now));
  ANTIN_CHECK(note_profiles_in_force(*transaction, after.profiles()));
  ANTIN_CHECK(transaction->commit());
  const RoleRegister::State& now_is = *after.find(hash);
  return ProposalApproval{static_cast<unsigned>(now_is.approved_by.size()), after.required(now_is.proposal),
                          now_is.in_force};
}

}  // namespace antin::authority
