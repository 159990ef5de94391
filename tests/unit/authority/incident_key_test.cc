// Incidents about a key whose certificates were revoked with it before.
#include "ca/authority/approval_audit.h"
#include "ca/authority/incident.h"
#include "ca/authority/incident_history.h"
#include "ca/authority/incident_reissue.h"
#include "ca/authority/key_block.h"
#include "ca/authority/reconcile.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

struct Exposed : LifeFixture {
  Exposed() : LifeFixture(0) {
    auto transaction = store->begin().value();
    REQUIRE(transaction->append_log(log::entry(clock.now(), "ceremony", {{"required_approvals", "2"}})));
    REQUIRE(transaction->commit());
    for (std::uint64_t i = 1; i <= 2; ++i) keys.push_back(hsm::software::generate({}).value());
    done(file({row(1, *keys[0]), row(2, *keys[1])}));
  }
  authority::IncidentDraft about(std::size_t key) const {
    authority::IncidentDraft draft;
    draft.name = "lộ khóa";
    draft.selection.key_hashes = {issuance::key_hash(keys[key]->public_key_info())};
    draft.reason = x509::RevocationReason::key_compromise;
    draft.reissue = true;
    draft.time_to_act = hours(24);
    return draft;
  }
};

}  // namespace

TEST_CASE("an incident is opened for a key whose certificates were revoked with it: they are reported and reissued") {
  Exposed f;
  const std::string id = f.of("P-1").id;
  must(authority::compromise_key(f.context(), f.keys[0]->public_key_info(), "đã công bố", std::nullopt));
  const auto made = must(authority::create_incident(f.context(), f.about(0)));
  CHECK(made.incident.certificates.count == 0);
  CHECK(made.incident.left_out.count == 1);
  CHECK(made.incident.revoked_before == 1);
  auto state = must(authority::find_incident(f.context(), "lộ khóa"));
  const auto history = must(authority::incident_history(*f.store, state.record));
  CHECK(authority::stage_of(state, history, 2) == authority::IncidentStage::done);
  std::vector<std::string> told;
  REQUIRE(authority::for_each_entry(*f.store, state.incident, f.clock.now(), [&](const auto& entry) -> Status {
    told.push_back(entry.hit.id + " " + entry.hit.obstacle);
    return {};
  }));
  CHECK(told == std::vector<std::string>{id + " incident.compromised"});
  const auto waits = must(authority::reissue(f.context(), state, {"000.00.99.H36", {}}));
  REQUIRE(waits.waiting.size() == 1);
  CHECK(waits.waiting[0].certificate == id);
  const Key next = hsm::software::generate({}).value();
  const Bytes request = to_bytes(must(x509::CertificationRequest::make(f.name("bất kỳ"), *next)).der());
  const auto again = must(authority::reissue(f.context(), state, {"000.00.99.H36", {{"P-1", request}}}));
  REQUIRE(again.roster.rows.size() == 1);
  CHECK(again.roster.rows[0].code == "P-1");
  CHECK(again.roster.rows[0].act == policy::Act::issue);
  for (int i = 0; i < 2; ++i)
    must(authority::approve_incident(f.context(), made.hash, f.officers[i], *f.officer_keys[i]));
  CHECK(must(authority::run_incident(f.context(), made.hash, {}, {})).done == 0);
  CHECK(authority::reconcile(*f.store, f.clock.now()));
  CHECK(authority::audit_approvals(*f.store, 2));
}

TEST_CASE("a key whose certificates ended for another reason is no incident") {
  Exposed f;
  REQUIRE(authority::revoke(f.context(), f.of("P-2").id, x509::RevocationReason::superseded, {}, "thử", f.body));
  const auto refused = authority::create_incident(f.context(), f.about(1));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::failed_precondition);
}
