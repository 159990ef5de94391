#include "ca/authority/issuer_service.h"

#include <algorithm>

#include "ca/authority/clock_guard.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

constexpr const char* fact = "issuers.in_service";  // names with spaces between them

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace

std::string issuer_request_id(std::string_view proposal_hash) { return "issuer/" + std::string(proposal_hash); }

std::string link_request_id(std::string_view proposal_hash, Link link) {
  return issuer_request_id(proposal_hash) + (link == Link::new_with_old ? "/new-with-old" : "/old-with-new");
}

Result<std::vector<std::string>> names_in_service(store::Store& store) {
  ANTIN_TRY(const auto noted, store.fact(fact));
  std::vector<std::string> names;
  std::string_view rest = noted ? std::string_view(*noted) : std::string_view();
  while (!rest.empty()) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    names.emplace_back(rest.substr(0, space));
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return names;
}

Status put_in_service(const Context& context, const std::string& name) {
  const Time now = context.clock.now();
  ANTIN_TRY(IssuerRegister issuers, read_issuers(context.store, now));
  const RegisteredIssuer* issuer = issuers.find(name);
  if (issuer != nullptr && issuer->in_service) return {};
  ANTIN_CHECK(issuers.put_in_service(name));
  issuer = issuers.find(name);
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY(std::vector<std::string> names, names_in_service(context.store));
  if (std::ranges::find(names, name) != names.end()) return {};
  names.push_back(name);
  ANTIN_CHECK(transaction->set_fact(fact, joined(names)));
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction->append_log(log::entry(now, "issuer.in_service",
                                               {{"issuer", name},
                                                {"proposal", issuer->proposal_hash},
                                                {"certificate", issuer->certificate_id}})));
  return transaction->commit();
}

Status guard_issuers(store::Store& store, const IssuerRegister& issuers, Time now) {
  ANTIN_TRY(const std::vector<std::string> names, names_in_service(store));
  for (const std::string& name : names) {
    const RegisteredIssuer* issuer = issuers.find(name);
    if (issuer == nullptr || !issuer->in_service)
      return fail(ErrorCode::failed_precondition,
                  "issuers: another one was put in service meanwhile: run again, what is left is issued by it");
  }
  for (const RegisteredIssuer& issuer : issuers.all()) {
    if (issuer.certificate_id.empty()) continue;
    ANTIN_TRY(const auto status, store.certificate_status(issuer.certificate_id, now));
    if (status == store::CertificateStatus::expired) continue;  // whatever was done to it before: it issues nothing
    const bool stopped = status == store::CertificateStatus::revoked || status == store::CertificateStatus::suspended;
    if (stopped != issuer.stopped)
      return fail(ErrorCode::failed_precondition, "issuers: the certificate of " + issuer.name +
                                                      " was revoked, suspended or resumed meanwhile: run again");
  }
  return {};
}

Status guard_issuer(const IssuerRegister& issuers, const issuance::ProfileSet& profiles, const store::Intent& intent,
                    Time now) {
  ANTIN_TRY(const issuance::Profile profile, profiles.find(intent.profile));
  if (issuers.issues(intent.issuer, now, profile.issuer_key())) return {};
  return fail(ErrorCode::failed_precondition,
              "issuers: " + intent.issuer + " issues no more since just now: run again, what is left is issued by the one "
              "that follows");
}

Status guard_not_stopped(store::Store& store, const std::string& issuer_name, Time now) {
  ANTIN_TRY(const IssuerRegister issuers, read_issuers(store, now));
  const RegisteredIssuer* issuer = issuers.find(issuer_name);
  if (issuer == nullptr || !issuer->stopped) return {};
  return fail(ErrorCode::failed_precondition,
              "issuers: the certificate of " + issuer_name + " is revoked or suspended: it issues nothing");
}

Result<std::string> issuer_of_request(const Context& context, const std::string& request_id, std::string_view bloc) {
  ANTIN_TRY(const auto open, context.store.open_intents());
  for (const store::Intent& intent : open)
    if (intent.request_id == request_id) return intent.issuer;
  const Time now = context.clock.now();
  ANTIN_TRY(const IssuerRegister issuers, read_issuers(context.store, now));
  ANTIN_TRY(const RegisteredIssuer* issuer, issuers.to_issue(bloc, now));
  return issuer->name;
}

Result<IssuerRegister> read_issuers(store::Store& store, Time now) {
  ANTIN_TRY(const RoleRegister roles, read_roles(store, now));
  return roles.issuers();
}

}  // namespace antin::authority
