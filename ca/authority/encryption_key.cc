#include "ca/authority/encryption_key.h"

#include "base/encoding.h"
#include "ca/authority/approval_steps.h"
#include "ca/authority/clock_guard.h"
#include "ca/log/log.h"
#include "ca/x509/certificate.h"

namespace antin::authority {
namespace {

std::string named_fact(const std::string& request) { return "named." + request; }

}  // namespace

Bytes encryption_key_statement(ByteView public_key_info, const std::string& officer_id) {
  return to_bytes("antin-encryption-key-1\nkey " + to_hex(sha256(public_key_info)) + "\nofficer " + officer_id + "\n");
}

std::string encryption_request_id(const std::string& officer_id, ByteView public_key_info) {
  return "encryption/" + officer_id + "/" + to_hex(sha256(public_key_info));
}

Status name_encryption_key(const Context& context, const std::string& officer_id, const hsm::SigningKey& signer,
                           ByteView public_key_info) {
  const Time now = context.clock.now();
  ANTIN_TRY(const store::CertificateRecord officer, context.store.certificate(officer_id, now));
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_CHECK(check_officer_key(context, roles, officer.id, signer, now));
  const std::string fact = named_fact(encryption_request_id(officer.id, public_key_info));
  ANTIN_TRY(const auto before, context.store.fact(fact));
  if (before) return {};
  const auto scheme = hsm::default_scheme(signer.algorithm());
  const Bytes statement = encryption_key_statement(public_key_info, officer.id);
  ANTIN_TRY(const Bytes signature, signer.sign(scheme, statement));
  ANTIN_TRY(const bool good, hsm::verify_signature(signer.public_key_info(), scheme, statement, signature));
  if (!good) return fail(ErrorCode::internal, signer.uri() + ": the token's signature does not verify");
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction->append_log(log::entry(
                now, "officer.encryption",
                {{"officer", officer.id}, {"key", to_hex(public_key_info)}, {"signature", to_hex(signature)}})));
  ANTIN_CHECK(transaction->set_fact(fact, to_rfc3339(now)));
  return transaction->commit();
}

Result<store::CertificateRecord> certify_encryption_key(const Context& context, const issuance::Issuer& issuer,
                                                        const std::string& issuer_name, const std::string& officer_id,
                                                        ByteView public_key_info) {
  ANTIN_TRY(const store::CertificateRecord officer, context.store.certificate(officer_id, context.clock.now()));
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(officer.der));
  SingleRequest request;
  request.request_id = encryption_request_id(officer.id, public_key_info);
  ANTIN_TRY(const auto named, context.store.fact(named_fact(request.request_id)));
  if (!named)
    return fail(ErrorCode::failed_precondition, "officer " + officer.id + " has not named this encryption key");
  request.profile = "officer-encryption";
  request.content.subject = certificate.subject();
  request.content.public_key_info = to_bytes(public_key_info);
  request.content.mails = certificate.mails();
  request.key_location = "subscriber";
  request.subscriber = officer.subscriber + "-encryption";
  return issue_single(context, issuer, issuer_name, request);
}

}  // namespace antin::authority
