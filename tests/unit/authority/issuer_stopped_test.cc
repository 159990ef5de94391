// Issuers whose own certificates are revoked or suspended.
#include "tests/unit/authority/issuer_fixture.h"

using namespace antin;
using antin::tests::Issuers;
using antin::tests::must;

namespace {

// Approved rows of the party's bloc, not yet issued.
Bytes waiting_rows(Issuers& f, std::size_t count, unsigned first) {
  std::vector<nlohmann::json> rows;
  for (unsigned i = 0; i < count; ++i) {
    rows.push_back(f.row(first + i, *hsm::software::generate({}).value()));
    rows.back()["row"] = i + 1;
    rows.back()["bloc"] = "party";
  }
  Bytes hash = f.submit(f.file(rows));
  f.approve(hash);
  return hash;
}

std::string why_not(Issuers& f, const Bytes& roster, const authority::IssuingPlan& plan) {
  const auto issued = authority::issue_roster(f.context(), roster, plan, {});
  return issued ? "" : issued.error().message;
}

}  // namespace

TEST_CASE("an issuer whose own certificate is revoked or suspended issues nothing, and says so") {
  Issuers f;
  f.issued(1);
  const Bytes roster = waiting_rows(f, 1, 2);
  const std::string party = f.registered("party").certificate_id;
  SECTION("revoked") {
    REQUIRE(authority::revoke(f.context(), party, x509::RevocationReason::ca_compromise, {}, "thử"));
    CHECK(why_not(f, roster, f.all()).contains("the certificate of party is revoked or suspended"));
    CHECK(f.registered("party").in_service);  // and signs its lists
    f.make_party_2(f.clock.now());
    REQUIRE(must(authority::issue_roster(f.context(), roster, f.all(), {})).issued == 1);
    CHECK(f.store->certificate("P-2", f.clock.now()).value().issuer == "party-2");
  }
  SECTION("suspended, until it is resumed") {
    REQUIRE(authority::suspend(f.context(), party, "thử"));
    CHECK(why_not(f, roster, f.all()).contains("the certificate of party is revoked or suspended"));
    REQUIRE(authority::resume(f.context(), party, "thử"));
    REQUIRE(must(authority::issue_roster(f.context(), roster, f.all(), {})).issued == 1);
  }
  SECTION("the newest one: the one before does not take over again") {
    f.make_party_2(f.clock.now());
    REQUIRE(authority::revoke(f.context(), f.registered("party-2").certificate_id,
                              x509::RevocationReason::ca_compromise, {}, "thử"));
    CHECK(why_not(f, roster, f.all()).contains("the certificate of party-2 is revoked or suspended"));
    CHECK_FALSE(f.issuers().issues("party", f.clock.now()));
  }
  CHECK(f.all_is_well());
}

TEST_CASE("an issuer that is revoked while a roster is issued ends what it decided and decides no more") {
  Issuers f;
  const Bytes roster = waiting_rows(f, 40, 1);
  auto plan = f.all();
  plan.group_size = 8;
  bool done = false;
  plan.at_step = [&](std::string_view step) {
    if (step != "after-commit" || done) return;
    done = true;
    REQUIRE(authority::revoke(f.context(), f.registered("party").certificate_id, x509::RevocationReason::ca_compromise,
                              {}, "thử"));
  };
  CHECK(why_not(f, roster, plan).contains("the certificate of party was revoked, suspended or resumed meanwhile"));
  plan.at_step = {};
  CHECK(why_not(f, roster, plan).contains("the certificate of party is revoked or suspended"));
  const auto made = f.store->certificates({.kind = "personal"}, f.clock.now()).value();
  CHECK(made.size() > 0);
  CHECK(made.size() < 40);
  CHECK(must(f.store->open_intents()).empty());
  CHECK(f.all_is_well());
}

TEST_CASE("what somebody decided with the key of a revoked issuer is found in the log") {
  Issuers f;
  const Bytes roster = waiting_rows(f, 1, 1);
  REQUIRE(authority::revoke(f.context(), f.registered("party").certificate_id, x509::RevocationReason::ca_compromise,
                            {}, "thử"));
  auto transaction = f.store->begin().value();
  REQUIRE(transaction->append_log(log::entry(f.clock.now(), "certificate.intent",
                                             {{"request", to_hex(roster) + "/1"},
                                              {"issuer", "party"},
                                              {"serial", "0A"},
                                              {"profile", "personal"},
                                              {"tbs", std::string(64, 'a')}})));
  REQUIRE(transaction->commit());
  const auto found = authority::audit_approvals(*f.store, 2);
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == ErrorCode::permission_denied);
  CHECK(found.error().message.contains("after its own certificate was revoked or suspended"));
}
