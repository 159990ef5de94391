#include <set>

#include "base/encoding.h"
#include "ca/authority/authority.h"
#include "ca/authority/clock_guard.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

Result<x509::Certificate> officer_certificate(const Context& context, const std::string& officer_id, Time now) {
  ANTIN_TRY(const store::CertificateRecord record, context.store.certificate(officer_id, now));
  if (record.kind != "officer")
    return fail(ErrorCode::permission_denied,
                record.id + " is a certificate of kind " + record.kind + ", not of an officer");
  if (record.status != store::CertificateStatus::valid)
    return fail(ErrorCode::permission_denied,
                "officer " + record.id + ": the certificate is " + std::string(to_string(record.status)));
  return x509::Certificate::from_der(record.der);
}

std::optional<hsm::SignatureScheme> scheme_named(std::string_view name) {
  for (int s = 0; s <= static_cast<int>(hsm::SignatureScheme::ed25519); ++s)
    if (hsm::to_string(static_cast<hsm::SignatureScheme>(s)) == name) return static_cast<hsm::SignatureScheme>(s);
  return std::nullopt;
}

bool holds(const Context& context, const store::Approval& approval, Time now) {
  const auto certificate = officer_certificate(context, approval.officer_id, now);
  const auto scheme = scheme_named(approval.scheme);
  if (!certificate || !scheme) return false;
  return hsm::verify_signature(certificate->public_key_info(), *scheme,
                               approval_statement(approval.subject_hash, approval.officer_id), approval.signature)
      .value_or(false);
}

}  // namespace

Bytes approval_statement(ByteView roster_hash, const std::string& officer_id) {
  return to_bytes("antin-approval-1\nroster " + to_hex(roster_hash) + "\nofficer " + officer_id + "\n");
}

Result<std::uint64_t> approve(const Context& context, ByteView roster_hash, const std::string& officer_id,
                              const hsm::SigningKey& key) {
  const Time now = context.clock.now();
  ANTIN_TRY([[maybe_unused]] const store::RosterRecord roster, context.store.roster(roster_hash));
  ANTIN_TRY(const x509::Certificate certificate, officer_certificate(context, officer_id, now));
  if (!equal(certificate.public_key_info(), key.public_key_info()))
    return fail(ErrorCode::permission_denied, key.uri() + " is not the key of officer " + officer_id);
  ANTIN_TRY(const auto before, context.store.approvals(roster_hash));
  for (const store::Approval& approval : before)
    if (approval.officer_id == officer_id)
      return fail(ErrorCode::already_exists, "officer " + officer_id + " has approved this roster already");
  const auto scheme = hsm::default_scheme(key.algorithm());
  const Bytes statement = approval_statement(roster_hash, officer_id);
  ANTIN_TRY(const Bytes signature, key.sign(scheme, statement));
  ANTIN_TRY(const bool good, hsm::verify_signature(key.public_key_info(), scheme, statement, signature));
  if (!good) return fail(ErrorCode::internal, key.uri() + ": the token's signature does not verify");
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(transaction->add_approval(
      {to_bytes(roster_hash), officer_id, std::string(hsm::to_string(scheme)), signature, now}));
  ANTIN_TRY(const std::uint64_t index,
            transaction->append_log(log::entry(
                now, "roster.approve",
                {{"roster", to_hex(roster_hash)}, {"officer", officer_id}, {"signature", to_hex(signature)}})));
  ANTIN_CHECK(transaction->commit());
  return index;
}

// One person with two certificates counts once: officers are told apart by their keys and subjects.
Result<unsigned> valid_approvals(const Context& context, ByteView roster_hash) {
  const Time now = context.clock.now();
  ANTIN_TRY(const auto approvals, context.store.approvals(roster_hash));
  std::set<std::string> officers;
  for (const store::Approval& approval : approvals) {
    if (!holds(context, approval, now)) continue;
    ANTIN_TRY(const store::CertificateRecord record, context.store.certificate(approval.officer_id, now));
    officers.insert(record.subject);
  }
  return static_cast<unsigned>(officers.size());
}

}  // namespace antin::authority
