#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/issue_steps.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/key_block.h"
#include "ca/authority/profile_guard.h"
#include "ca/authority/roster_json.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

Result<std::optional<store::Intent>> open_intent(store::Store& store, const std::string& request_id) {
  ANTIN_TRY(const auto open, store.open_intents());
  for (const store::Intent& intent : open)
    if (intent.request_id == request_id) return intent;
  return std::nullopt;
}

Result<issuance::Profile::Validity> validity_of(const SingleRequest& request, const issuance::Profile& profile,
                                                const issuance::Issuer& issuer, Time now) {
  ANTIN_TRY(issuance::Profile::Validity validity, profile.validity(now, issuer.identity().not_after));
  if (request.not_before) validity.not_before = *request.not_before;
  if (request.not_after) validity.not_after = std::min(*request.not_after, validity.not_after);
  return validity;
}

Result<store::Intent> new_intent(const Context& context, const issuance::Issuer& issuer, const std::string& issuer_name,
                                 const SingleRequest& request, Time now) {
  ANTIN_TRY(const issuance::ProfileSet profiles, issuing_profiles(context, now));
  ANTIN_TRY(const issuance::Profile profile, profiles.find(request.profile));
  ANTIN_CHECK(issuance::check_key(request.content.public_key_info, profile));
  ANTIN_TRY(const BlockedKeys blocked, BlockedKeys::read(context));
  ANTIN_CHECK(blocked.check(request.content.public_key_info));
  ANTIN_TRY(x509::SerialNumber serial, x509::SerialNumber::random(context.random));
  ANTIN_TRY(const auto validity, validity_of(request, profile, issuer, now));
  ANTIN_TRY(issuance::ToBeSigned tbs,
            issuance::build_tbs(profile, request.content, issuer.identity(), serial, validity));
  ANTIN_TRY(const issuance::LintedTbs linted, issuance::lint(std::move(tbs), profile.kind()));
  store::Intent intent{request.request_id,
                       issuer_name,
                       std::move(serial),
                       to_bytes(linted.der()),
                       std::string(to_string(profile.kind())),
                       request.profile,
                       request.key_location,
                       request.key_uri,
                       request.subscriber,
                       request.mail};
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(guard_profiles(context.store, profiles));
  ANTIN_CHECK(guard_not_stopped(context.store, issuer_name, now));
  ANTIN_CHECK(transaction->add_intents({intent}));
  ANTIN_CHECK(record_intent(*transaction, intent, {}, now));
  ANTIN_CHECK(transaction->commit());
  return intent;
}

void add_succession(std::vector<std::pair<std::string, std::string>>& fields, const store::Intent& intent) {
  if (!intent.succession) return;
  fields.emplace_back("act", intent.succession->act);
  fields.emplace_back("predecessor", intent.succession->predecessor);
}

}  // namespace

store::CertificateRecord record_of(const store::Intent& intent, const x509::Certificate& certificate) {
  return {.id = intent.issuer + "-" + certificate.serial().hex(),
          .issuer = intent.issuer,
          .serial = certificate.serial(),
          .subject = certificate.subject().rfc4514(),
          .kind = intent.kind,
          .profile = intent.profile,
          .key_location = intent.key_location,
          .key_uri = intent.key_uri,
          .subscriber = intent.subscriber,
          .mail = intent.mail,
          .not_before = certificate.not_before(),
          .not_after = certificate.not_after(),
          .key_hash = issuance::key_hash(certificate.public_key_info()),
          .der = to_bytes(certificate.der()),
          .succession = intent.succession,
          .request_id = intent.request_id};
}

Result<store::CertificateRecord> sign_intent(const issuance::Issuer& issuer, const store::Intent& intent,
                                             issuance::LintedTbs&& tbs) {
  ANTIN_TRY(const x509::Certificate certificate, issuer.sign(std::move(tbs)));
  return record_of(intent, certificate);
}

Status record_intent(store::Transaction& transaction, const store::Intent& intent, const Spread& spread, Time now) {
  std::vector<std::pair<std::string, std::string>> fields{
      {"request", intent.request_id},      {"issuer", intent.issuer},
      {"serial", intent.serial.hex()},     {"profile", intent.profile},
      {"tbs", to_hex(sha256(intent.tbs))}, {"lint", std::string(issuance::lint_rules_version())}};
  add_succession(fields, intent);
  if (spread.earlier > days(0)) {
    fields.emplace_back("earlier", std::to_string(spread.earlier.count()));
    fields.emplace_back("spread", std::to_string(spread.over));
  }
  ANTIN_TRY([[maybe_unused]] const auto index, transaction.append_log(log::entry(now, "certificate.intent", fields)));
  return {};
}

Status record_certificate(store::Transaction& transaction, const store::CertificateRecord& record,
                          const store::Intent& intent, Time now) {
  ANTIN_CHECK(transaction.add_certificate(record, intent.request_id));
  std::vector<std::pair<std::string, std::string>> fields{{"certificate", record.id},
                                                          {"request", intent.request_id},
                                                          {"tbs", to_hex(sha256(intent.tbs))},
                                                          {"sha256", to_hex(sha256(record.der))}};
  add_succession(fields, intent);
  ANTIN_TRY([[maybe_unused]] const auto index, transaction.append_log(log::entry(now, "certificate.issue", fields)));
  return {};
}

std::optional<store::Succession> succession_of(const Roster::Row& row) {
  if (row.act == policy::Act::issue) return std::nullopt;
  return store::Succession{std::string(policy::to_string(row.act)), row.replaces, row.reason, row.invalidity_date};
}

Bytes request_binding_of_stored(const Roster::Row& row, const store::RosterRow& stored, ByteView public_key_info) {
  Roster::Row with_request = row;
  with_request.request = stored.request;
  return request_binding(with_request, public_key_info);
}

Result<store::CertificateRecord> issue_single(const Context& context, const issuance::Issuer& issuer,
                                              const std::string& issuer_name, const SingleRequest& request) {
  const Time now = context.clock.now();
  // Asking again with the same request id returns the same certificate.
  ANTIN_TRY(const auto before, context.store.certificate_by_request(request.request_id, now));
  if (before) return *before;
  ANTIN_TRY(auto recorded, open_intent(context.store, request.request_id));
  if (!recorded) {
    ANTIN_TRY(recorded, new_intent(context, issuer, issuer_name, request, now));
  }
  if (recorded->issuer != issuer_name)
    return fail(ErrorCode::failed_precondition, "the request " + request.request_id + " was taken up by the issuer " +
                                                    recorded->issuer + ": open that one to end it");
  ANTIN_TRY(const issuance::CertificateKind kind, issuance::certificate_kind(recorded->kind));
  ANTIN_TRY(issuance::LintedTbs tbs, issuance::lint(recorded->tbs, kind));
  ANTIN_TRY(store::CertificateRecord record, sign_intent(issuer, *recorded, std::move(tbs)));
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(record_certificate(*transaction, record, *recorded, now));
  ANTIN_CHECK(transaction->set_fact("request." + request.request_id, record.serial.hex()));
  ANTIN_CHECK(transaction->commit());
  return record;
}

}  // namespace antin::authority
