#include "cli/commands/ceremony_officers.h"

#include "base/encoding.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/officer_ceremony.h"
#include "ca/authority/profile_guard.h"
#include "cli/commands/ceremony_steps.h"
#include "cli/commands/token_making.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

using authority::OfficerCeremony;
using authority::RegisteredIssuer;
using wiring::CeremonyOfficer;
using wiring::CeremonyWitness;
using wiring::OfficersCeremony;

std::vector<std::pair<std::string, std::string>> fields_of(const CeremonyOfficer& officer) {
  std::vector<std::pair<std::string, std::string>> fields{{"cn", officer.name}, {"o", officer.organisation}};
  if (!officer.unit.empty()) fields.emplace_back("ou", officer.unit);
  if (!officer.mail.empty()) fields.emplace_back("mail", officer.mail);
  return fields;
}

Result<x509::Name> subject_of(Session& session, OpenHome& home, const CeremonyOfficer& officer) {
  ANTIN_TRY(const issuance::ProfileSet profiles, authority::profiles_in_force(*home.store, session.now()));
  ANTIN_TRY(const issuance::Profile profile, profiles.find("officer"));
  return profile.subject(fields_of(officer));
}

std::vector<std::string> labels(const OfficersCeremony& wanted) {
  std::vector<std::string> all;
  for (const CeremonyOfficer& one : wanted.officers) all.push_back(one.token);
  for (const CeremonyWitness& one : wanted.witnesses) all.push_back(one.token);
  return all;
}

Result<RegisteredIssuer> certifier(const authority::IssuerRegister& issuers, Time now) {
  const RegisteredIssuer* issuer = issuers.issuing("government", now);
  if (issuer != nullptr && issuer->certificate && now <= issuer->certificate->not_after()) return *issuer;
  return fail(ErrorCode::failed_precondition,
              "ca government: its certificate has ended: nobody can certify officers any more: begin a new authority");
}

// An officer of before, or the token of a ceremony that made officers before.
Status require_new_token(Session& session, OpenHome& home, const std::string& name, const std::string& label) {
  std::vector<std::string> requests{"ceremony/" + label};
  ANTIN_TRY(const auto known, authority::officer_ceremonies(*home.store));
  for (const authority::KnownOfficerCeremony& one : known)
    if (one.name != name) requests.push_back(one.name + "/" + label);
  for (const std::string& request : requests) {
    ANTIN_TRY(const auto before, home.store->certificate_by_request(request, session.now()));
    if (before)
      return fail(ErrorCode::failed_precondition, "ceremony " + name + ": the token " + label +
                                                      " is of an officer or a witness of before: take new ones");
  }
  return {};
}

// Tokens of SoftHSM2 are made, and their PIN files found by the configuration that is read after; others were
// initialised by who has their PINs.
Status provide_tokens(Session& session, OpenHome& home, const OfficersCeremony& wanted) {
  if (home.config.officers.softhsm2.empty()) return {};
  {
    ANTIN_TRY(wiring::Tokens tokens, wiring::open_officers(session.home, home.config));
    for (const std::string& label : labels(wanted))
      ANTIN_CHECK(make_token(session.random(), tokens, session.home.officers(), label));
  }
  ANTIN_TRY(home.config, wiring::read_config(session.home));
  return {};
}

Result<OfficerCeremony> made_keys(Session& session, OpenHome& home, const OfficersCeremony& wanted, const Sha256& file,
                                  const CeremonyWatch& watch) {
  OfficerCeremony ceremony{wanted.number, to_hex(file), {}, {}};
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_officers(session.home, home.config));
  for (const CeremonyOfficer& one : wanted.officers) {
    ANTIN_TRY(const auto key, keep_key(session, *home.store, watch, tokens, {one.token, {}, ""}));
    ANTIN_TRY(const x509::Name subject, in(one.token, subject_of(session, home, one)));
    ceremony.officers.push_back({one.token, subject.rfc4514(), to_bytes(key->public_key_info())});
  }
  for (const CeremonyWitness& one : wanted.witnesses) {
    ANTIN_TRY(const auto key, keep_key(session, *home.store, watch, tokens, {one.token, {}, ""}));
    ceremony.witnesses.push_back({one.token, one.name, to_bytes(key->public_key_info())});
  }
  return ceremony;
}

// The root's word, before any officer is certified.
Status authorise(Session& session, OpenHome& home, const OfficerCeremony& ceremony, wiring::Tokens& ca,
                 const authority::IssuerRegister& issuers, const CeremonyWatch& watch) {
  ANTIN_TRY(const auto before, authority::find_officer_ceremony(*home.store, ceremony.name()));
  ANTIN_TRY(const RegisteredIssuer root, authority::root_of_officers(issuers, session.now()));
  ANTIN_TRY(const std::shared_ptr<hsm::Token> token, ca.token(root.token));
  ANTIN_TRY(const std::shared_ptr<const hsm::SigningKey> key, token->find_key(wiring::named_key(root.name)));
  ANTIN_CHECK(authority::certify_officers(home.context(session), ceremony, *key, home.config.required_approvals));
  return watch.note(
      {"officers",
       ceremony.name(),
       before.has_value(),
       {{"root", root.certificate_id}, {"sha256", to_hex(sha256(authority::officer_ceremony_content(ceremony)))}}});
}

Status certify(Session& session, OpenHome& home, const OfficersCeremony& wanted, const OfficerCeremony& ceremony,
               const issuance::Issuer& issuer, const std::string& issuer_name, const CeremonyWatch& watch) {
  for (std::size_t i = 0; i < wanted.officers.size(); ++i) {
    const CeremonyOfficer& officer = wanted.officers[i];
    ANTIN_TRY(x509::Name subject, subject_of(session, home, officer));
    authority::SingleRequest request;
    request.request_id = ceremony.request_id(officer.token);
    request.profile = "officer";
    request.content.subject = std::move(subject);
    request.content.public_key_info = ceremony.officers[i].public_key_info;
    if (!officer.mail.empty()) request.content.mails.push_back(officer.mail);
    request.key_location = "subscriber";
    request.subscriber = officer.token;
    request.mail = officer.mail;
    ANTIN_TRY(const auto before, home.store->certificate_by_request(request.request_id, session.now()));
    ANTIN_TRY(const store::CertificateRecord record,
              in(officer.token, authority::issue_single(home.context(session), issuer, issuer_name, request)));
    ANTIN_CHECK(watch.note(certificate_step(officer.token, record, before.has_value())));
  }
  return {};
}

}  // namespace

Status may_make_officers(Session& session, OpenHome& home, const OfficersCeremony& wanted, const std::string& name) {
  const Time now = session.now();
  ANTIN_TRY(const auto before, authority::find_officer_ceremony(*home.store, name));
  ANTIN_TRY(const authority::RoleRegister roles, authority::read_roles(*home.store, now));
  if (!before) {
    ANTIN_TRY(const unsigned required, authority::approvals_that_decide(*home.store, home.config.required_approvals));
    // Keys are not there yet: what is judged now is whether there may be such a ceremony at all.
    OfficerCeremony planned{wanted.number, {}, {}, {}};
    for (const CeremonyOfficer& one : wanted.officers)
      planned.officers.push_back({one.token, one.name + one.organisation, to_bytes(bytes_of(one.token))});
    for (const CeremonyWitness& one : wanted.witnesses)
      planned.witnesses.push_back({one.token, one.name, to_bytes(bytes_of(one.token))});
    ANTIN_CHECK(authority::check_officer_ceremony(roles, required, planned, now));
    ANTIN_TRY(const unsigned next, authority::next_officer_ceremony(*home.store));
    if (wanted.number != next)
      return fail(ErrorCode::failed_precondition,
                  "ceremony " + name + ": the next one is officers-" + std::to_string(next));
  }
  for (const std::string& label : labels(wanted)) ANTIN_CHECK(require_new_token(session, home, name, label));
  ANTIN_TRY([[maybe_unused]] const RegisteredIssuer root, authority::root_of_officers(roles.issuers(), now));
  ANTIN_TRY([[maybe_unused]] const RegisteredIssuer issuer, certifier(roles.issuers(), now));
  return {};
}

Status make_new_officers(Session& session, OpenHome& home, const OfficersCeremony& wanted, const Sha256& file,
                         const CeremonyWatch& watch) {
  watch.at_step("ceremony.step.officers");
  ANTIN_CHECK(in("officers", provide_tokens(session, home, wanted)));
  ANTIN_TRY(const OfficerCeremony ceremony, in("officers", made_keys(session, home, wanted, file, watch)));
  ANTIN_TRY(const authority::RoleRegister roles, authority::read_roles(*home.store, session.now()));
  ANTIN_TRY(wiring::Tokens ca, wiring::open_ca(session.home, home.config));
  watch.at_step("ceremony.step.root_signs");
  ANTIN_CHECK(in("root", authorise(session, home, ceremony, ca, roles.issuers(), watch)));
  watch.at_step("ceremony.step.certify_officers");
  // One that a killed run took up is ended by the issuer that took it up.
  ANTIN_TRY(const std::string name,
            authority::issuer_of_request(home.context(session), ceremony.request_id(wanted.officers.front().token),
                                         "government"));
  const RegisteredIssuer* registered = roles.issuers().find(name);
  if (registered == nullptr) return fail(ErrorCode::internal, "ca " + name + ": it has no certificate yet");
  ANTIN_TRY(const issuance::Issuer issuer, wiring::open_issuer(home.config, ca, *registered));
  return certify(session, home, wanted, ceremony, issuer, name, watch);
}

Result<std::vector<Participant>> new_officers(Session& session, OpenHome& home, const OfficersCeremony& wanted) {
  std::vector<Participant> officers;
  const OfficerCeremony ceremony{wanted.number, {}, {}, {}};
  for (const CeremonyOfficer& one : wanted.officers) {
    ANTIN_TRY(const auto record, home.store->certificate_by_request(ceremony.request_id(one.token), session.now()));
    if (!record) return fail(ErrorCode::internal, "officer " + one.token + ": there is no key");
    officers.push_back({{}, record->id, one.name});
  }
  return officers;
}

Result<bool> sign_with_witness_token(Session& session, OpenHome& home, const std::string& ceremony,
                                     const std::string& witness, const std::string& token) {
  ANTIN_TRY(const auto held, authority::find_officer_ceremony(*home.store, ceremony));
  if (!held) return fail(ErrorCode::not_found, "ceremony " + ceremony + ": it has no witnesses who sign with a token");
  const OfficerCeremony::Witness* named = held->witness(witness);
  if (named == nullptr) return fail(ErrorCode::not_found, "ceremony " + ceremony + ": it has no witness " + witness);
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_officers(session.home, home.config));
  ANTIN_TRY(const std::shared_ptr<hsm::Token> opened, tokens.token(token.empty() ? named->token : token));
  ANTIN_TRY(const auto key, opened->find_key(wiring::named_key(named->token)));
  return authority::sign_as_witness(home.context(session), ceremony, witness, *key);
}

}  // namespace antin::commands
