#include <set>

#include "base/encoding.h"
#include "ca/authority/approval_steps.h"
#include "ca/authority/authority.h"
#include "ca/authority/clock_guard.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

// Why a certificate's owner is no officer now.
std::unexpected<Error> no_officer(const Context& context, const std::string& id, Time now) {
  ANTIN_TRY(const store::CertificateRecord record, context.store.certificate(id, now));
  if (record.status != store::CertificateStatus::valid)
    return fail(ErrorCode::permission_denied,
                "officer " + record.id + ": the certificate is " + std::string(to_string(record.status)));
  return fail(ErrorCode::permission_denied,
              record.id + " is a certificate of kind " + record.kind + ", not of an officer");
}

}  // namespace

Status check_officer_key(const Context& context, const RoleRegister& roles, const std::string& officer_id,
                         const hsm::SigningKey& key, Time now) {
  if (roles.officer_today(officer_id, now) == nullptr) return no_officer(context, officer_id, now);
  if (equal(*roles.officer_key(officer_id), key.public_key_info())) return {};
  return fail(ErrorCode::permission_denied, key.uri() + " is not the key of officer " + officer_id);
}

Result<store::Approval> sign_approval(const Context& context, const RoleRegister& roles, ByteView subject_hash,
                                      const std::string& officer_id, const hsm::SigningKey& key, Bytes statement,
                                      Time now) {
  ANTIN_CHECK(check_officer_key(context, roles, officer_id, key, now));
  ANTIN_TRY(const auto before, context.store.approvals(subject_hash));
  for (const store::Approval& approval : before)
    if (approval.officer_id == officer_id)
      return fail(ErrorCode::already_exists, "officer " + officer_id + " has approved this already");
  const auto scheme = hsm::default_scheme(key.algorithm());
  ANTIN_TRY(Bytes signature, key.sign(scheme, statement));
  ANTIN_TRY(const bool good, hsm::verify_signature(key.public_key_info(), scheme, statement, signature));
  if (!good) return fail(ErrorCode::internal, key.uri() + ": the token's signature does not verify");
  return store::Approval{to_bytes(subject_hash), officer_id, std::string(hsm::to_string(scheme)), std::move(signature),
                         now};
}

Bytes approval_statement(ByteView roster_hash, const std::string& officer_id) {
  return to_bytes("antin-approval-1\nroster " + to_hex(roster_hash) + "\nofficer " + officer_id + "\n");
}

Result<std::uint64_t> approve(const Context& context, ByteView roster_hash, const std::string& officer_id,
                              const hsm::SigningKey& key) {
  const Time now = context.clock.now();
  ANTIN_TRY([[maybe_unused]] const store::RosterRecord roster, context.store.roster(roster_hash));
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_TRY(const store::Approval approval, sign_approval(context, roles, roster_hash, officer_id, key,
                                                          approval_statement(roster_hash, officer_id), now));
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  // Whoever was revoked or lost the role while the token signed approves nothing.
  ANTIN_TRY(const RoleRegister locked, read_roles(context.store, now));
  ANTIN_CHECK(check_officer_key(context, locked, officer_id, key, now));
  ANTIN_CHECK(transaction->add_approval(approval));
  ANTIN_TRY(
      const std::uint64_t index,
      transaction->append_log(log::entry(
          now, "roster.approve",
          {{"roster", to_hex(roster_hash)}, {"officer", officer_id}, {"signature", to_hex(approval.signature)}})));
  ANTIN_CHECK(transaction->commit());
  return index;
}

Result<unsigned> count_approvals(const Context& context, const RoleRegister& roles, ByteView subject_hash,
                                 Bytes (*statement)(ByteView, const std::string&), Time now) {
  ANTIN_TRY(const auto approvals, context.store.approvals(subject_hash));
  std::set<std::string> officers;
  for (const store::Approval& approval : approvals) {
    if (roles.officer_today(approval.officer_id, now) == nullptr) continue;
    if (roles.signed_by(approval.officer_id, statement(subject_hash, approval.officer_id), approval.signature))
      roles.persons().count(officers, approval.officer_id);
  }
  return static_cast<unsigned>(officers.size());
}

Result<unsigned> valid_approvals(const Context& context, ByteView roster_hash) {
  const Time now = context.clock.now();
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  return count_approvals(context, roles, roster_hash, approval_statement, now);
}

}  // namespace antin::authority
