// The program's store, log and lists held against the model, and audited as `antin log verify` does.
#include <algorithm>

#include "ca/authority/approval_audit.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/reconcile.h"
#include "ca/authority/role_register.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "tests/scenarios/life_answers.h"
#include "tests/scenarios/life_world.h"

namespace antin::life {
namespace {

std::string status_name(State state) {
  switch (state) {
    case State::valid:
      return "valid";
    case State::suspended:
      return "suspended";
    case State::revoked:
      return "revoked";
    case State::expired:
      break;
  }
  return "expired";
}

}  // namespace

void World::check_events(const Certificate& expected) const {
  const auto events = have(store_->revocations(expected.id), expected.id);
  require(events.size() == expected.events, expected.id + " has other events than were done to it");
}

void World::check_certificates() const {
  std::map<std::string, store::CertificateRecord> stored;
  std::set<std::string> serials, successors;
  for (auto& record : have(store_->certificates({}, now()), "certificates")) {
    require(serials.insert(record.serial.hex()).second, "the serial " + record.serial.hex() + " was given twice");
    stored.emplace(record.id, std::move(record));
  }
  require(stored.size() == model_.certificates.size(), "the store has certificates that nobody asked for");
  std::map<Place, std::string> whose;
  for (const Certificate& expected : model_.certificates) {
    const auto found = stored.find(expected.id);
    require(found != stored.end(), expected.id + " is gone");
    const store::CertificateRecord& record = found->second;
    require(record.kind == expected.kind && record.not_before == expected.from && record.not_after == expected.until,
            expected.id + " is another certificate than before");
    require(to_string(record.status) == status_name(expected.state(now())),
            expected.id + " is " + std::string(to_string(record.status)) + ", not " +
                status_name(expected.state(now())));
    check_events(expected);
    if (expected.kind != "personal") continue;
    require(record.subscriber == expected.person.code && record.issuer == expected.issuer &&
                record.subject.contains(expected.person.code) && record.subject.contains(expected.person.unit) &&
                equal(record.key_hash, issuance::key_hash(keys_[expected.key]->public_key_info())),
            expected.id + " is not what was asked for");
    require(expected.until <= model_.certificates[*model_.generation(expected.issuer)->certificate].until,
            expected.id + " outlives its issuer");
    const auto [first, fresh] = whose.emplace(expected.key, expected.person.code);
    require(fresh || first->second == expected.person.code, "one key is that of two persons");
    const std::string follows = record.succession ? record.succession->predecessor : std::string();
    require(follows == (expected.predecessor ? model_.certificates[*expected.predecessor].id : std::string()),
            expected.id + " follows another certificate");
    require(follows.empty() || successors.insert(follows).second, follows + " is followed by two");
  }
  require(have(store_->open_intents(), "intents").empty(), "an intent is open, and nothing was interrupted");
}

void World::check_rosters() const {
  require(have(store_->rosters(), "rosters").size() == model_.rosters.size(), "rosters");
  for (Place i = 0; i < model_.rosters.size(); ++i) {
    const auto record = have(store_->roster(roster_hashes_[i]), "a roster");
    const auto done = std::ranges::count_if(model_.rosters[i].rows, &Row::done);
    require(record.issued == static_cast<std::uint64_t>(done), "a roster has other rows done");
    require(record.approvals == model_.rosters[i].approved_by.size(), "a roster has other approvals");
  }
}

void World::check_roles() const {
  const authority::RoleRegister roles = have(authority::read_roles(*store_, now()), "roles");
  std::set<std::string> held, expected;
  for (const auto& holder : roles.holders()) held.insert(holder.certificate_id);
  for (const Place officer : model_.officers) expected.insert(model_.certificates[officer].id);
  require(held == expected, "others hold the role of officer");
  for (const Place officer : model_.officers) {
    if (!model_.clock_stands(now())) continue;  // nothing is recorded at such a time
    const bool stands = roles.officer_today(model_.certificates[officer].id, now()) != nullptr;
    require(stands == model_.may_approve(officer, now()),
            model_.certificates[officer].id + " is taken for an officer, or for none, and should not be");
  }
  const auto profile = have(roles.profiles().find("personal"), "the profile of persons");
  require(profile.version() == model_.version, "other profiles are in force");
}

void World::check_issuers() const {
  const authority::IssuerRegister issuers = have(authority::read_issuers(*store_, now()), "issuers");
  std::optional<hsm::KeyAlgorithm> wanted;
  if (!model_.issuer_key.empty())
    wanted = model_.issuer_key == "ec-p384" ? hsm::KeyAlgorithm::ec_p384 : hsm::KeyAlgorithm::ec_p256;
  for (const char* bloc : {"party", "government"}) {
    const auto* is = issuers.issuing(bloc, now(), wanted);
    const Generation* should = model_.issuing(bloc, now());
    require((is == nullptr) == (should == nullptr) && (is == nullptr || is->name == should->name),
            std::string("another generation issues for ") + bloc);
  }
  std::size_t of_blocs = 0;
  for (const authority::RegisteredIssuer& one : issuers.all()) {
    if (one.is_root()) continue;
    ++of_blocs;
    const Generation* expected = model_.generation(one.name);
    require(expected != nullptr, one.name + " is an issuer that nobody decided on");
    require(one.in_service == expected->in_service && one.issues_from == expected->from &&
                one.certificate.has_value() == expected->certificate.has_value(),
            one.name + " is in another state than was decided and done");
  }
  require(of_blocs == model_.generations.size(), "a generation is gone");
}

void World::check() const {
  check_certificates();
  check_rosters();
  check_roles();
  check_issuers();
  have(log::verify(*store_), "the log");
  const Status same = authority::reconcile(*store_, now());
  if (!same) differs("log and store: " + same.error().message);
  const auto audit = have(authority::audit_approvals(*store_, Model::required), "the audit of approvals");
  const auto approved = static_cast<std::uint64_t>(
      std::ranges::count(model_.certificates, std::string("personal"), &Certificate::kind));
  require(audit.approved == approved, "the audit counts other certificates");
  const auto made = std::ranges::count_if(model_.generations, [](const Generation& one) {
    return one.certificate.has_value() && one.name != one.bloc;  // beyond those of the ceremony
  });
  require(audit.issuers == static_cast<std::uint64_t>(made), "the audit counts other issuers");
}

}  // namespace antin::life
