#include "ca/authority/incident.h"

#include "ca/authority/approval_audit.h"
#include "ca/authority/incident_history.h"
#include "ca/authority/incident_reissue.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/key_block.h"
#include "ca/authority/proposal.h"
#include "ca/authority/reconcile.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "ca/status/crl.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using namespace antin::tests;
using authority::IncidentAct;
using authority::IncidentDraft;
using authority::IncidentSelection;
using authority::IncidentStage;
using store::CertificateStatus;

namespace {

// P-1, P-3, … are of `government`, P-2, P-4, … of `party`.
struct IncidentFixture : LifeFixture {
  explicit IncidentFixture(std::uint64_t subscribers) : LifeFixture(subscribers) {
    auto transaction = must(store->begin());
    REQUIRE(
        transaction->append_log(log::entry(clock.now(), "ceremony", {{"version", "0"}, {"required_approvals", "2"}})));
    REQUIRE(transaction->commit().has_value());
  }
  static IncidentDraft draft(IncidentSelection selection) {
    return {.name = "khóa yếu",
            .description = "lô khóa có điểm yếu",
            .selection = std::move(selection),
            .reason = x509::RevocationReason::key_compromise,
            .time_to_act = hours(24)};
  }
  static IncidentSelection of_issuer(const std::string& issuer) {
    IncidentSelection selection;
    selection.issuers = {issuer};
    return selection;
  }
  // Codes of what is hit, and `CODE: OBSTACLE` of what is left out.
  std::vector<std::string> hits(const IncidentSelection& selection, IncidentAct act = IncidentAct::revoke) {
    std::vector<std::string> codes;
    for (const auto& hit : must(authority::select_certificates(context(), selection, act)).hits)
      codes.push_back((hit.subscriber.empty() ? hit.kind : hit.subscriber) +
                      (hit.obstacle.empty() ? "" : ": " + hit.obstacle));
    std::ranges::sort(codes);
    return codes;
  }
  bool refused(const IncidentSelection& selection) {
    const auto found = authority::select_certificates(context(), selection, IncidentAct::revoke);
    return !found && found.error().code == ErrorCode::invalid_argument;
  }
  Bytes create(const IncidentDraft& made) { return must(authority::create_incident(context(), made)).hash; }
  void approve_incident(const Bytes& hash) {
    for (int i = 0; i < 2; ++i) must(authority::approve_incident(context(), hash, officers[i], *officer_keys[i]));
  }
  Bytes approved_incident(const IncidentDraft& made) {
    const Bytes hash = create(made);
    approve_incident(hash);
    return hash;
  }
  authority::IncidentRun run(const Bytes& hash) { return must(authority::run_incident(context(), hash, {}, {})); }
  authority::IncidentState state(const Bytes& hash) { return must(authority::find_incident(context(), to_hex(hash))); }
  IncidentStage stage(const Bytes& hash) {
    const auto present = state(hash);
    return authority::stage_of(present, must(authority::incident_history(*store, present.record)), 2);
  }
  std::uint64_t publish(const std::string& issuer) {
    return must(status::build_and_publish(context(), {issuer, issuer == "party" ? &*party : &*government, "", days(7),
                                                      folder / (issuer + ".crl")}))
        .number;
  }
  void check_whole() {
    const Status reconciled = authority::reconcile(*store, clock.now());
    INFO((reconciled ? "" : reconciled.error().message));
    CHECK(reconciled.has_value());
    const auto audit = authority::audit_approvals(*store, 2);
    INFO((audit ? "" : audit.error().message));
    CHECK(audit.has_value());
  }
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("an incident selects by issuer, profile, kind, key, unit, date and roster, and by all of them together") {
  IncidentFixture f(3);
  f.clock.set(f.clock.now() + days(1));
  auto later = f.row(4, *hsm::software::generate({hsm::KeyAlgorithm::rsa, 2048}).value());
  later["row"] = 1;
  later["fields"]["ou"] = "PHÒNG NỘI VỤ";
  const Bytes roster = f.approved(f.file({later}));
  must(authority::issue_roster(f.context(), roster, f.plan(), {}));
  IncidentSelection by;
  SECTION("issuer") {
    by.issuers = {"party"};
    CHECK(f.hits(by) == Codes{"P-2", "P-4"});
  }
  SECTION("profile") {
    by.profiles = {"personal"};
    CHECK(f.hits(by) == Codes{"P-1", "P-2", "P-3", "P-4"});
    by.profiles = {"personal", "organisation"};
    CHECK(f.refused(by));
  }
  SECTION("key class") {
    by.keys = {"rsa-2048"};
    CHECK(f.hits(by) == Codes{"P-4"});
    by.keys = {"rsa-3072", "ec-p256"};
    CHECK(f.hits(by) == Codes{"P-1", "P-2", "P-3"});
    by.keys = {"rsa"};
    CHECK(f.hits(by) == Codes{"P-4"});
  }
  SECTION("one key") {
    by.key_hashes = {issuance::key_hash(f.keys[1]->public_key_info())};
    CHECK(f.hits(by) == Codes{"P-2"});
  }
  SECTION("keys that are refused by now") {
    by.keys = {"weak"};
    CHECK(f.hits(by).empty());
    must(authority::block_key(f.context(), f.keys[0]->public_key_info(), "đã công bố"));
    CHECK(f.hits(by) == Codes{"P-1"});
  }
  SECTION("unit by name, whatever the case and form") {
    by.units = {"phòng nội vụ"};
    CHECK(f.hits(by) == Codes{"P-4"});
    by.units = {"phòng nội vụ", "PHÒNG NÔI VỤ"};
    CHECK(f.refused(by));
  }
  SECTION("unit by code: the body itself and those of it") {
    by.units = {"P"};
    CHECK(f.hits(by) == Codes{"P-1", "P-2", "P-3", "P-4"});
    by.units = {"P-1"};
    CHECK(f.hits(by) == Codes{"P-1"});
  }
  SECTION("a person's name is no unit") {
    by.units = {"Nguyễn Văn Thử 1"};
    CHECK(f.refused(by));
  }
  SECTION("date") {
    const Time first = f.of("P-1").not_before, last = f.of("P-4").not_before;
    by.issued_until = first;
    CHECK(f.hits(by) == Codes{"P-1", "P-2", "P-3"});
    by.issued_until.reset();
    by.issued_from = last;
    CHECK(f.hits(by) == Codes{"P-4"});
    by.issued_from = last + seconds(1);
    CHECK(f.hits(by).empty());
  }
  SECTION("roster") {
    by.rosters = {roster};
    CHECK(f.hits(by) == Codes{"P-4"});
  }
  SECTION("all criteria must hold") {
    by.issuers = {"party"};
    by.keys = {"ec-p256"};
    CHECK(f.hits(by) == Codes{"P-2"});
  }
  SECTION("nothing, and what is mistyped") {
    CHECK(f.refused(by));
    by.keys = {"dsa"};
    CHECK(f.refused(by));
    by.keys = {"rsa"};
    by.issuers = {"party", "goverment"};
    CHECK(f.refused(by));
  }
}

TEST_CASE("the authority's own certificates are hit when their kind is named; roots and officers never are") {
  IncidentFixture f(2);
  IncidentSelection by = f.of_issuer("government");
  CHECK(f.hits(by) == Codes{"P-1"});
  by.kinds = {"officer"};
  CHECK(f.hits(by) == Codes{"officer: incident.officer", "officer: incident.officer"});
  by.issuers = {"root"};
  by.kinds = {"root", "issuing"};
  CHECK(f.hits(by) == Codes{"issuing", "issuing", "root: incident.root"});
}

TEST_CASE("what is revoked or expired already is counted and not hit, and what is suspended can still be revoked") {
  IncidentFixture f(6);
  REQUIRE(authority::revoke(f.context(), "P-2", x509::RevocationReason::superseded, {}, "", f.body));
  REQUIRE(authority::suspend(f.context(), "P-4", ""));
  CHECK(f.hits(f.of_issuer("party")) == Codes{"P-4", "P-6"});
  CHECK(f.hits(f.of_issuer("party"), IncidentAct::suspend) == Codes{"P-4: incident.suspended", "P-6"});
  auto found = must(authority::select_certificates(f.context(), f.of_issuer("party"), IncidentAct::revoke));
  CHECK(found.revoked == 1);
  CHECK(found.expired == 0);
  f.clock.set(f.of("P-6").not_after + seconds(1));
  found = must(authority::select_certificates(f.context(), f.of_issuer("party"), IncidentAct::revoke));
  CHECK(found.hits.empty());
  CHECK(found.revoked == 1);
  CHECK(found.expired == 2);
}

TEST_CASE("an incident revokes after two officers approved it, once, and store, log and audit agree") {
  IncidentFixture f(5);
  const Bytes hash = f.create(f.draft(f.of_issuer("government")));
  CHECK(f.stage(hash) == IncidentStage::waiting);
  CHECK(f.run(hash).approvals_missing == 2);
  CHECK(must(authority::approve_incident(f.context(), hash, f.officers[0], *f.officer_keys[0])) == 1);
  CHECK(authority::approve_incident(f.context(), hash, f.officers[0], *f.officer_keys[0]).error().code ==
        ErrorCode::already_exists);
  CHECK(authority::approve_incident(f.context(), hash, f.officers[1], *f.officer_keys[0]).error().code ==
        ErrorCode::permission_denied);
  CHECK(f.run(hash).approvals_missing == 1);
  CHECK(f.of("P-1").status == CertificateStatus::valid);
  CHECK(must(authority::approve_incident(f.context(), hash, f.officers[1], *f.officer_keys[1])) == 2);
  CHECK(f.stage(hash) == IncidentStage::approved);
  const auto done = f.run(hash);
  CHECK(done.done == 3);
  CHECK(done.omitted == 0);
  for (const char* code : {"P-1", "P-3", "P-5"}) {
    const auto events = must(f.store->revocations(f.of(code).id));
    REQUIRE(events.size() == 1);
    CHECK(events[0].reason == x509::RevocationReason::key_compromise);
    CHECK(events[0].remark == "khóa yếu");
  }
  CHECK(f.of("P-2").status == CertificateStatus::valid);
  const auto again = f.run(hash);
  CHECK(again.done == 0);
  CHECK(again.before == 3);
  f.check_whole();
  CHECK(must(authority::audit_approvals(*f.store, 2)).ended == 3);
}

TEST_CASE("the list is frozen: what is issued later is not hit, and what ended meanwhile is left as it is") {
  IncidentFixture f(3);
  const Bytes hash = f.approved_incident(f.draft(f.of_issuer("government")));
  auto later = f.row(5, *hsm::software::generate({}).value());
  later["row"] = 1;
  f.done(f.file({later}));
  REQUIRE(authority::revoke(f.context(), "P-1", x509::RevocationReason::superseded, {}, "", f.body));
  const auto done = f.run(hash);
  CHECK(done.done == 1);
  CHECK(done.omitted == 1);
  CHECK(f.of("P-5").status == CertificateStatus::valid);
  CHECK(must(f.store->revocations(f.of("P-1").id)).size() == 1);
  CHECK(f.state(hash).left() == 0);
  f.check_whole();
}

TEST_CASE("an incident suspends, and what it suspended can be resumed or revoked by another one") {
  IncidentFixture f(2);
  IncidentDraft hold = f.draft(f.of_issuer("party"));
  hold.act = IncidentAct::suspend;
  hold.reason = x509::RevocationReason::certificate_hold;
  CHECK(f.run(f.approved_incident(hold)).done == 1);
  CHECK(f.of("P-2").status == CertificateStatus::suspended);
  IncidentDraft end = f.draft(f.of_issuer("party"));
  end.name = "xác nhận";
  CHECK(f.run(f.approved_incident(end)).done == 1);
  CHECK(f.of("P-2").status == CertificateStatus::revoked);
  f.check_whole();
}

TEST_CASE("an incident resumes what is suspended, after officers approved the frozen list, and lists tell it") {
  IncidentFixture f(8);
  const IncidentSelection party = f.of_issuer("party");
  IncidentDraft hold = f.draft(party);
  hold.act = IncidentAct::suspend;
  hold.reason = x509::RevocationReason::certificate_hold;
  CHECK(f.run(f.approved_incident(hold)).done == 4);
  f.publish("party");
  REQUIRE(authority::revoke(f.context(), "P-2", x509::RevocationReason::superseded, {}, "", f.body));
  REQUIRE(authority::resume(f.context(), "P-4", "tìm thấy"));
  f.clock.set(f.clock.now() + hours(1));
  // What is in force is no part of it, and what is revoked never comes back.
  CHECK(f.hits(party, IncidentAct::resume) == Codes{"P-6", "P-8"});
  CHECK(f.hits(f.of_issuer("government"), IncidentAct::resume).empty());
  IncidentDraft back = f.draft(party);
  back.name = "đã kiểm tra";
  back.act = IncidentAct::resume;
  back.reason = x509::RevocationReason::unspecified;
  const Bytes hash = f.create(back);
  CHECK(f.run(hash).approvals_missing == 2);
  CHECK(f.of("P-6").status == CertificateStatus::suspended);
  // Suspended after the list was frozen, and resumed by hand meanwhile.
  REQUIRE(authority::suspend(f.context(), "P-4", "mất lại"));
  REQUIRE(authority::resume(f.context(), "P-8", "tìm thấy"));
  f.approve_incident(hash);
  const auto done = f.run(hash);
  CHECK(done.done == 1);
  CHECK(done.omitted == 1);
  CHECK(f.of("P-2").status == CertificateStatus::revoked);
  CHECK(f.of("P-4").status == CertificateStatus::suspended);
  CHECK(f.of("P-6").status == CertificateStatus::valid);
  CHECK(must(f.store->revocations(f.of("P-6").id)).back().remark == "đã kiểm tra");
  CHECK(must(f.store->revocations(f.of("P-8").id)).size() == 2);
  CHECK(f.stage(hash) == IncidentStage::unlisted);
  f.publish("party");
  CHECK(f.stage(hash) == IncidentStage::done);
  CHECK(f.run(hash).before == 2);
  f.check_whole();
  CHECK(must(authority::audit_approvals(*f.store, 2)).ended == 4);
}

TEST_CASE("the audit names a resumption in the name of an incident that too few officers approved") {
  IncidentFixture f(2);
  REQUIRE(authority::suspend(f.context(), "P-2", ""));
  IncidentDraft back = f.draft(f.of_issuer("party"));
  back.act = IncidentAct::resume;
  back.reason = x509::RevocationReason::unspecified;
  const Bytes hash = f.create(back);
  must(authority::approve_incident(f.context(), hash, f.officers[0], *f.officer_keys[0]));
  CHECK(must(authority::run_incident(f.context(), hash, {.required_approvals = 1}, {})).done == 1);
  const auto audit = authority::audit_approvals(*f.store, 2);
  REQUIRE_FALSE(audit);
  CHECK(audit.error().code == ErrorCode::permission_denied);
  CHECK(audit.error().message.contains("1 of 2 approvals"));
}

TEST_CASE("an incident selects a later generation of a CA by its name, and no generation that there is not") {
  IncidentFixture f(2);
  IncidentSelection by;
  by.issuers = {"party-2"};
  CHECK(f.refused(by));
  authority::IssuerChange change;
  const auto key = hsm::software::generate({}).value();
  change.name = change.token = "party-2";
  change.key = to_hex(sha256(key->public_key_info()));
  change.algorithm = "p256";
  change.issues_from = f.clock.now();
  change.follows = "party";
  change.issued_by = "root";
  const Bytes hash = must(authority::propose(f.context(), change, 2));
  for (int i = 0; i < 2; ++i) must(authority::approve_proposal(f.context(), hash, f.officers[i], *f.officer_keys[i]));
  const auto record = f.single(*f.root, "root", authority::issuer_request_id(to_hex(hash)), "issuing",
                               f.party->certificate()->subject(), key);
  const auto next = f.issuer(key, record);
  REQUIRE(authority::put_in_service(f.context(), "party-2").has_value());
  auto later = f.row(4, *hsm::software::generate({}).value());
  later["row"] = 1;
  auto plan = f.plan();
  plan.issuers["party-2"] = &next;
  REQUIRE(must(authority::issue_roster(f.context(), f.approved(f.file({later})), plan, {})).issued == 1);
  CHECK(f.of("P-4").issuer == "party-2");
  CHECK(f.hits(by) == Codes{"P-4"});
  by.issuers = {"party"};
  CHECK(f.hits(by) == Codes{"P-2"});
}

TEST_CASE("a draft that makes no sense is refused") {
  IncidentFixture f(1);
  IncidentDraft draft = f.draft(f.of_issuer("government"));
  ErrorCode wanted = ErrorCode::invalid_argument;
  SECTION("a number as name") { draft.name = "12"; }
  SECTION("a line feed in the name") { draft.name = "a\nkhác"; }
  SECTION("a hold as reason to revoke") { draft.reason = x509::RevocationReason::certificate_hold; }
  SECTION("a suspension for keyCompromise") { draft.act = IncidentAct::suspend; }
  SECTION("a resumption for keyCompromise") { draft.act = IncidentAct::resume; }
  SECTION("a resumption with a successor") {
    draft.act = IncidentAct::resume;
    draft.reason = x509::RevocationReason::unspecified;
    draft.reissue = true;
  }
  SECTION("a suspension where the home has none") {
    draft.act = IncidentAct::suspend;
    draft.reason = x509::RevocationReason::certificate_hold;
    f.settings.suspension = false;
    wanted = ErrorCode::failed_precondition;
  }
  SECTION("no deadline") { draft.time_to_act = seconds(0); }
  SECTION("found tomorrow") { draft.found_at = f.clock.now() + days(1); }
  SECTION("invalid from tomorrow") { draft.invalidity_date = f.clock.now() + days(1); }
  SECTION("it hits nothing") {
    draft.selection.issuers = {"party"};
    wanted = ErrorCode::failed_precondition;
  }
  CHECK(authority::create_incident(f.context(), draft).error().code == wanted);
  CHECK(must(f.store->incidents()).empty());
}

TEST_CASE("the same draft again is the same incident; another of its name needs --anew, and only before it began") {
  IncidentFixture f(6);
  const IncidentDraft draft = f.draft(f.of_issuer("government"));
  const Bytes hash = f.create(draft);
  f.clock.set(f.clock.now() + minutes(5));
  CHECK(f.create(draft) == hash);
  IncidentDraft wider = draft;
  wider.selection.issuers = {"government", "party"};
  CHECK(authority::create_incident(f.context(), wider).error().code == ErrorCode::already_exists);
  f.approve_incident(hash);
  wider.anew = true;
  SECTION("nothing was done: the new one stands in its place, and its approvals are its own") {
    const Bytes second = f.create(wider);
    CHECK(f.stage(hash) == IncidentStage::superseded);
    CHECK(authority::run_incident(f.context(), hash, {}, {}).error().code == ErrorCode::failed_precondition);
    CHECK(f.state(second).approvals == 0);
    CHECK(must(authority::find_incident(f.context(), "khóa yếu")).record.number == 2);
    CHECK(must(authority::find_incident(f.context(), "1")).superseded_by == "khóa yếu (2)");
    f.approve_incident(second);
    CHECK(f.run(second).done == 6);
  }
  SECTION("something was done: it is refused") {
    f.run(hash);
    CHECK(authority::create_incident(f.context(), wider).error().code == ErrorCode::failed_precondition);
    CHECK(must(f.store->incidents()).size() == 1);
  }
  f.check_whole();
}

TEST_CASE("the clock runs from when it was found until the last list that tells it") {
  IncidentFixture f(4);
  f.publish("party");
  IncidentDraft draft = f.draft(f.of_issuer("party"));
  draft.found_at = f.clock.now() - hours(2);
  const Bytes hash = f.approved_incident(draft);
  CHECK(f.state(hash).incident.deadline == f.clock.now() + hours(22));
  f.clock.set(f.clock.now() + hours(1));
  f.run(hash);
  CHECK(f.stage(hash) == IncidentStage::unlisted);
  auto history = must(authority::incident_history(*f.store, f.state(hash).record));
  CHECK(history.lists_due() == Codes{"party"});
  CHECK_FALSE(authority::ended_at(f.state(hash), history));
  f.clock.set(f.clock.now() + hours(1));
  CHECK(f.publish("government") == 1);
  CHECK(f.stage(hash) == IncidentStage::unlisted);
  CHECK(f.publish("party") == 2);
  f.clock.set(f.clock.now() + hours(1));
  CHECK(f.publish("party") == 3);
  history = must(authority::incident_history(*f.store, f.state(hash).record));
  CHECK(f.stage(hash) == IncidentStage::done);
  CHECK(history.approvals.size() == 2);
  CHECK(history.issuers.at("party").acts == 2);
  CHECK(history.issuers.at("party").list->number == 2);
  CHECK(authority::ended_at(f.state(hash), history) == f.clock.now() - hours(1));
}

TEST_CASE("a run that stops at a step boundary goes on where it was, and ends nothing twice") {
  IncidentFixture f(9);
  const Bytes hash = f.approved_incident(f.draft(f.of_issuer("government")));
  struct Stopped {};
  for (const char* where : {"after-commit", "before-commit", "before-commit", "after-commit"}) {
    authority::IncidentPlan plan;
    plan.group_size = 2;
    plan.at_step = [&](std::string_view step) {
      if (step == where) throw Stopped();
    };
    CHECK_THROWS_AS(authority::run_incident(f.context(), hash, plan, {}), Stopped);
    f.check_whole();
  }
  CHECK(f.state(hash).record.done == 4);
  CHECK(f.stage(hash) == IncidentStage::running);
  CHECK(f.run(hash).done == 1);
  for (const char* code : {"P-1", "P-3", "P-5", "P-7", "P-9"})
    CHECK(must(f.store->revocations(f.of(code).id)).size() == 1);
  f.check_whole();
}

TEST_CASE("an incident that revoked without enough approvals, or beyond its list, is refused by the audit") {
  IncidentFixture f(3);
  const Bytes hash = f.create(f.draft(f.of_issuer("government")));
  const auto revoked_in_its_name = [&](const std::string& code, const std::string& reason) {
    auto transaction = must(f.store->begin());
    REQUIRE(transaction->append_log(
        log::entry(f.clock.now(), "certificate.revoke",
                   {{"certificate", f.of(code).id}, {"reason", reason}, {"remark", ""}, {"incident", to_hex(hash)}})));
    REQUIRE(transaction->commit().has_value());
  };
  std::string said;
  SECTION("somebody changed the number in the configuration") {
    must(authority::approve_incident(f.context(), hash, f.officers[0], *f.officer_keys[0]));
    authority::IncidentPlan plan;
    plan.required_approvals = 1;
    CHECK(must(authority::run_incident(f.context(), hash, plan, {})).done == 2);
    said = "with 1 of 2 approvals";
  }
  SECTION("approved, and another certificate ended in its name") {
    f.approve_incident(hash);
    revoked_in_its_name("P-2", "keyCompromise");
    said = "is not among those of the incident 1";
  }
  SECTION("approved, and ended for another reason") {
    f.approve_incident(hash);
    revoked_in_its_name("P-1", "superseded");
    said = "was not ended as the incident 1 says";
  }
  SECTION("approved, and one ended twice") {
    f.approve_incident(hash);
    f.run(hash);
    revoked_in_its_name("P-1", "keyCompromise");
    said = "was not ended as the incident 1 says";
  }
  const auto audit = authority::audit_approvals(*f.store, 2);
  REQUIRE_FALSE(audit.has_value());
  INFO(audit.error().message);
  CHECK(audit.error().message.contains(said));
}

TEST_CASE("an officer who is revoked before the run approves nothing") {
  IncidentFixture f(2);
  const Bytes hash = f.approved_incident(f.draft(f.of_issuer("government")));
  REQUIRE(authority::suspend(f.context(), f.officers[1], ""));
  CHECK(f.run(hash).approvals_missing == 1);
  CHECK(f.of("P-1").status == CertificateStatus::valid);
  REQUIRE(authority::resume(f.context(), f.officers[1], ""));
  CHECK(f.run(hash).done == 1);
  f.check_whole();
}

TEST_CASE("who loses a certificate gets another one: rekeyed while it is in force, issued anew after that") {
  IncidentFixture f(5);
  IncidentDraft draft = f.draft(f.of_issuer("party"));
  draft.reissue = true;
  const Bytes hash = f.approved_incident(draft);
  const auto request = [] {
    return to_bytes(
        must(x509::CertificationRequest::make(IncidentFixture::name("bất kỳ"), *hsm::software::generate({}).value()))
            .der());
  };
  const std::string old = f.of("P-2").id;
  auto made = must(authority::reissue(f.context(), f.state(hash), {"000.00.99.H36", {{"P-2", request()}}}));
  REQUIRE(made.roster.rows.size() == 1);
  CHECK(made.roster.rows[0].act == policy::Act::rekey);
  CHECK(made.roster.rows[0].replaces == old);
  CHECK(made.roster.rows[0].reason == x509::RevocationReason::key_compromise);
  REQUIRE(made.waiting.size() == 1);
  CHECK(made.waiting[0].subscriber == "P-4");
  CHECK(made.waiting[0].rule == "reissue.needs_request");
  CHECK(f.done(authority::roster_file(made.roster)).issued == 1);
  CHECK(f.by_id(old).status == CertificateStatus::revoked);
  const auto done = f.run(hash);
  CHECK(done.done == 1);
  CHECK(done.omitted == 1);
  made = must(authority::reissue(f.context(), f.state(hash), {"000.00.99.H36", {{"P-4", request()}}}));
  CHECK(made.replaced == 1);
  REQUIRE(made.roster.rows.size() == 1);
  CHECK(made.roster.rows[0].act == policy::Act::issue);
  CHECK(f.done(authority::roster_file(made.roster)).issued == 1);
  made = must(authority::reissue(f.context(), f.state(hash), {}));
  CHECK(made.replaced == 2);
  CHECK(made.roster.rows.empty());
  CHECK(made.waiting.empty());
  f.check_whole();
}

TEST_CASE("the content comes back as it went in, and nothing else is taken for one") {
  IncidentFixture f(3);
  IncidentDraft draft = f.draft(f.of_issuer("government"));
  draft.selection.units = {"UBND XÃ ĐẠ K' NÀNG"};
  draft.selection.issued_from = f.of("P-1").not_before;
  draft.selection.key_hashes = {issuance::key_hash(f.keys[0]->public_key_info())};
  draft.invalidity_date = f.clock.now() - days(1);
  draft.reissue = true;
  const auto made = must(authority::create_incident(f.context(), draft));
  const Bytes content = authority::incident_content(made.incident);
  CHECK(equal(authority::incident_content(must(authority::read_incident(content))), content));
  CHECK(made.incident.certificates.count == 1);
  std::string text(text_of(content));
  for (const std::string& other :
       {text + " ", text.substr(1), text.substr(0, text.size() - 1), std::string("[]"), std::string("{}")})
    CHECK(authority::read_incident(bytes_of(other)).error().code == ErrorCode::data_loss);
}
