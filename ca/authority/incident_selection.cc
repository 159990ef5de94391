// What a selection hits: the cheap criteria first, those that read the certificate last.
#include <openssl/evp.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/case_fold.h"
#include "base/encoding.h"
#include "ca/authority/incident_steps.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/key_block.h"
#include "ca/authority/role_register.h"
#include "ca/issuance/key_gate.h"
#include "hsm/public_key.h"

namespace antin::authority {
namespace {

bool is_subscribers(const std::string& kind) {
  return kind == "organisation" || kind == "personal" || kind == "device";
}

bool is_key_class(const std::string& name) {
  for (const char* known : {"rsa", "ec-p256", "ec-p384", "ed25519", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87", "weak"})
    if (name == known) return true;
  return name.size() == 8 && name.starts_with("rsa-") && name.find_first_not_of("0123456789", 4) == std::string::npos;
}

template <class T>
bool one_of(const std::vector<T>& values, const T& value) {
  return values.empty() || std::ranges::find(values, value) != values.end();
}

// `909.92.97.H36-04` is of `909.92.97.H36`.
bool is_code_of(const std::string& code, const std::string& unit) {
  return code == unit || (code.size() > unit.size() && code.starts_with(unit) && code[unit.size()] == '-');
}

class Selector {
 public:
  static Result<Selector> make(const Context& context, const IncidentSelection& selection) {
    Selector made(selection);
    ANTIN_TRY(made.blocked_, BlockedKeys::read(context));
    for (const std::string& unit : selection.units) {
      ANTIN_TRY(std::string folded, in("unit", fold_case(unit)));
      made.units_.emplace(unit, std::move(folded));
      made.missed_.insert(unit);
    }
    ANTIN_CHECK(require_issuers(context, selection));
    for (const std::string& profile : selection.profiles) ANTIN_CHECK(require_profile(context, profile));
    for (const Bytes& roster : selection.rosters) ANTIN_CHECK(made.add_roster(context, roster));
    return made;
  }

  // Marks the units that it is of.
  Result<bool> hits(const store::CertificateRecord& record) {
    if (selection_.kinds.empty() ? !is_subscribers(record.kind) : !one_of(selection_.kinds, record.kind)) return false;
    if (!one_of(selection_.issuers, record.issuer) || !one_of(selection_.profiles, record.profile)) return false;
    if (!one_of(selection_.key_hashes, record.key_hash)) return false;
    if (selection_.issued_from && record.not_before < *selection_.issued_from) return false;
    if (selection_.issued_until && record.not_before > *selection_.issued_until) return false;
    if (!selection_.rosters.empty() && !of_rosters_.contains(record.id)) return false;
    if (selection_.units.empty() && selection_.keys.empty()) return true;
    ANTIN_TRY(const x509::Certificate certificate, in(record.id, x509::Certificate::from_der(record.der)));
    return hits_unit(record, certificate.subject()) && hits_key(certificate.public_key_info());
  }

  Status require_units() const {
    if (missed_.empty()) return {};
    return fail(ErrorCode::invalid_argument,
                "incident: no certificate that fits the rest is of the unit " + *missed_.begin());
  }

 private:
  explicit Selector(const IncidentSelection& selection) : selection_(selection) {}

  // A name that was mistyped must not leave certificates in force in silence.
  static Status require_issuers(const Context& context, const IncidentSelection& selection) {
    if (selection.issuers.empty()) return {};
    ANTIN_TRY(const IssuerRegister issuers, read_issuers(context.store, context.clock.now()));
    for (const std::string& issuer : selection.issuers)
      if (issuers.find(issuer) == nullptr)
        return fail(ErrorCode::invalid_argument, "incident: no CA is named " + issuer);
    return {};
  }

  static Status require_profile(const Context& context, const std::string& profile) {
    store::CertificateQuery query;
    query.profile = profile;
    query.limit = 1;
    ANTIN_TRY(const auto known, context.store.certificates(query, context.clock.now()));
    if (!known.empty()) return {};
    return fail(ErrorCode::invalid_argument, "incident: no certificate has the profile " + profile);
  }

  Status add_roster(const Context& context, const Bytes& hash) {
    const Time now = context.clock.now();
    ANTIN_TRY([[maybe_unused]] const store::RosterRecord roster, context.store.roster(hash));
    ANTIN_TRY(const auto requests, context.store.known_requests(to_hex(hash) + "/"));
    for (const std::string& request : requests) {
      ANTIN_TRY(const auto record, context.store.certificate_by_request(request, now));
      if (record) of_rosters_.insert(record->id);  // none: a row that revoked
    }
    return {};
  }

  // A person's own name is no unit.
  static std::set<std::string> names_of(const store::CertificateRecord& record, const x509::Name& subject) {
    std::set<std::string> names;
    for (const char* type : {"O", "OU", "CN"}) {
      if (record.kind == "personal" && std::string_view(type) == "CN") continue;
      for (const std::string& value : subject.values(type)) names.insert(fold_case(value).value_or(""));
    }
    return names;
  }

  bool hits_unit(const store::CertificateRecord& record, const x509::Name& subject) {
    if (units_.empty()) return true;
    const std::set<std::string> names = names_of(record, subject);
    bool hit = false;
    for (auto& [unit, folded] : units_) {
      if (!is_code_of(record.subscriber, unit) && !names.contains(folded)) continue;
      hit = true;
      missed_.erase(unit);
    }
    return hit;
  }

  bool hits_key(ByteView public_key_info) const {
    if (selection_.keys.empty()) return true;
    const std::string own = key_class(public_key_info);
    for (const std::string& wanted : selection_.keys) {
      if (wanted == own || (wanted == "rsa" && own.starts_with("rsa"))) return true;
      if (wanted == "weak" && !(issuance::check_key(public_key_info) && blocked_.check(public_key_info))) return true;
    }
    return false;
  }

  IncidentSelection selection_;
  BlockedKeys blocked_;
  std::map<std::string, std::string> units_;  // folded, by what was asked for
  std::set<std::string> missed_;              // units of which no certificate was found
  std::set<std::string> of_rosters_;          // certificate ids
};

// Who must not be ended here, though selected and in force.
std::string obstacle_of(const store::CertificateRecord& record, IncidentAct act, const RoleRegister& roles) {
  if (record.kind == "root") return "incident.root";
  if (roles.officer_key(record.id) != nullptr) return "incident.officer";
  if (act == IncidentAct::suspend && record.status == store::CertificateStatus::suspended) return "incident.suspended";
  return {};
}

// Ended with its key before anybody opened the incident that is about that key.
Result<bool> was_compromised(store::Store& store, const IncidentSelection& selection, IncidentAct act,
                             const store::CertificateRecord& record) {
  if (record.status != store::CertificateStatus::revoked || selection.key_hashes.empty() || act != IncidentAct::revoke)
    return false;
  ANTIN_TRY(const auto events, store.revocations(record.id));
  return !events.empty() && events.back().reason == x509::RevocationReason::key_compromise;
}

}  // namespace

std::string key_class(ByteView public_key_info) {
  const auto algorithm = hsm::key_algorithm_of(public_key_info);
  if (!algorithm) return "other";
  if (*algorithm != hsm::KeyAlgorithm::rsa) return std::string(hsm::to_string(*algorithm));
  const auto key = hsm::read_public_key(public_key_info);
  return key ? "rsa-" + std::to_string(EVP_PKEY_get_bits(key->get())) : "rsa";
}

Status check_selection(const IncidentSelection& selection) {
  const bool any = !selection.issuers.empty() || !selection.kinds.empty() || !selection.profiles.empty() ||
                   !selection.keys.empty() || !selection.key_hashes.empty() || !selection.units.empty() ||
                   !selection.rosters.empty() || selection.issued_from || selection.issued_until;
  if (!any) return fail(ErrorCode::invalid_argument, "incident: it selects nothing: give at least one criterion");
  for (const std::string& key : selection.keys)
    if (!is_key_class(key))
      return fail(ErrorCode::invalid_argument,
                  "incident: no kind of key is named " + key +
                      ": want rsa, rsa-2048, ec-p256, ec-p384, ed25519, ml-dsa-65, weak or the SHA-256 of a key");
  for (const std::string& kind : selection.kinds) ANTIN_CHECK(issuance::certificate_kind(kind));
  return {};
}

Result<IncidentHits> select_certificates(const Context& context, const IncidentSelection& selection, IncidentAct act) {
  ANTIN_CHECK(check_selection(selection));
  const Time now = context.clock.now();
  ANTIN_TRY(Selector selector, Selector::make(context, selection));
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  IncidentHits found;
  store::CertificateQuery query;
  if (selection.issuers.size() == 1) query.issuer = selection.issuers.front();
  const auto look = [&](const store::CertificateRecord& record) -> Status {
    ANTIN_TRY(const bool hit, selector.hits(record));
    if (!hit) return {};
    if (record.status == store::CertificateStatus::revoked) ++found.revoked;
    if (record.status == store::CertificateStatus::expired) ++found.expired;
    ANTIN_TRY(const bool compromised, was_compromised(context.store, selection, act, record));
    const bool suspended = record.status == store::CertificateStatus::suspended;
    const bool in_force = record.status == store::CertificateStatus::valid && act != IncidentAct::resume;
    if (!compromised && !suspended && !in_force) return {};
    found.hits.push_back({record.id, record.subject, record.kind, record.profile, record.subscriber, record.status,
                          compromised ? compromised_obstacle : obstacle_of(record, act, roles)});
    return {};
  };
  ANTIN_CHECK(context.store.for_each_certificate(query, now, look));
  ANTIN_CHECK(selector.require_units());
  // As the store lists what an incident holds, and as its digest was made.
  std::ranges::sort(found.hits, {}, &IncidentHit::id);
  return found;
}

}  // namespace antin::authority
