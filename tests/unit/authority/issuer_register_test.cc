#include "ca/authority/issuer_register.h"

#include "ca/authority/adoption.h"
#include "ca/authority/approval_audit.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;
using antin::tests::Key;
using antin::tests::must;
using authority::IssuerChange;

namespace {

// The fixture's authority after its ceremony, which may get more issuers.
struct Issuers : AuthorityFixture {
  Key next_key = hsm::software::generate({hsm::KeyAlgorithm::ec_p384}).value();
  std::optional<issuance::Issuer> next;

  Issuers() {
    auto transaction = store->begin().value();
    REQUIRE(
        transaction->append_log(log::entry(clock.now(), "ceremony", {{"version", "0"}, {"required_approvals", "2"}})));
    REQUIRE(transaction->commit().has_value());
  }
  IssuerChange party_2(Time from) const {
    IssuerChange change;
    change.name = change.token = "party-2";
    change.key = to_hex(sha256(next_key->public_key_info()));
    change.algorithm = "ec-p384";
    change.issues_from = from;
    change.follows = "party";
    change.issued_by = "root";
    return change;
  }
  void adopt(const Bytes& hash) {
    for (int i = 0; i < 2; ++i)
      REQUIRE(authority::approve_proposal(context(), hash, officers[i], *officer_keys[i]).has_value());
  }
  Bytes decided(const IssuerChange& change) {
    Bytes hash = must(authority::propose(context(), change, 2));
    adopt(hash);
    return hash;
  }
  store::CertificateRecord certified(const Bytes& hash, const x509::Name& subject, const Key& key) {
    return single(*root, "root", authority::issuer_request_id(to_hex(hash)), "issuing", subject, key);
  }
  void make_party_2(Time from) {
    const Bytes hash = decided(party_2(from));
    const auto record = certified(hash, party->certificate()->subject(), next_key);
    issuance::IssuerIdentity identity;
    identity.crl_url = "http://pki.lamdong.test/v1/crl/party-2";
    identity.scheme = hsm::default_scheme(next_key->algorithm());
    next = must(issuance::Issuer::make(next_key, x509::Certificate::from_der(record.der).value(), identity,
                                       x509::SecondOpinion::full));
    REQUIRE(authority::put_in_service(context(), "party-2").has_value());
  }
  authority::IssuingPlan all() {
    auto made = plan();
    if (next) made.issuers["party-2"] = &*next;
    return made;
  }
  // One row of the party's bloc, issued now.
  store::CertificateRecord issued(unsigned number) {
    auto one = row(number, *hsm::software::generate({}).value());
    one["row"] = 1;
    one["bloc"] = "party";
    const Bytes hash = submit(file({one}));
    approve(hash);
    REQUIRE(must(authority::issue_roster(context(), hash, all(), {})).issued == 1);
    return store->certificate("P-" + std::to_string(number), clock.now()).value();
  }
  Status all_is_well() {
    ANTIN_CHECK(authority::reconcile(*store, clock.now()));
    ANTIN_TRY([[maybe_unused]] const auto audit, authority::audit_approvals(*store, 2));
    return {};
  }
  authority::IssuerRegister issuers() { return must(authority::read_issuers(*store, clock.now())); }
};

}  // namespace

TEST_CASE("the name of an issuer tells its bloc and its generation") {
  CHECK(authority::bloc_of("party") == "party");
  CHECK(authority::bloc_of("party-2") == "party");
  CHECK(authority::bloc_of("government-old") == "government");
  CHECK(authority::generation_of("root") == 1);
  CHECK(authority::generation_of("root-12") == 12);
  CHECK(authority::generation_of("government-old") == 0);
  CHECK(authority::generation_of("party-02") == 0);
  for (const char* good : {"root", "party-2", "government-old-2019"}) CHECK(authority::is_issuer_name(good));
  for (const char* bad : {"", "-2", "party-", "party--2", "Party", "party.2", "../party", "party/2", "đảng"})
    CHECK_FALSE(authority::is_issuer_name(bad));
}

TEST_CASE("the issuers of the ceremony are in the register, also of a store that knows of no register") {
  Issuers f;
  const auto issuers = f.issuers();
  REQUIRE(issuers.all().size() == 3);
  CHECK(issuers.all()[0].name == "root");
  CHECK(issuers.all()[1].name == "party");
  CHECK(issuers.all()[2].name == "government");
  CHECK(issuers.issues("party", f.clock.now()));
  CHECK_FALSE(issuers.issues_until("party"));
  CHECK(issuers.issuing("stranger", f.clock.now()) == nullptr);
}

TEST_CASE("a new generation issues from its time, and the one before until then") {
  Issuers f;
  const Time from = f.clock.now() + days(10);
  f.make_party_2(from);
  CHECK(f.issued(1).issuer == "party");
  CHECK(f.issuers().issues_until("party") == from);
  f.clock.set(from - seconds(1));
  CHECK(f.issued(2).issuer == "party");
  f.clock.set(from);
  const auto after = f.issued(3);
  CHECK(after.issuer == "party-2");
  CHECK(after.id.starts_with("party-2-"));
  const auto certificate = x509::Certificate::from_der(after.der).value();
  CHECK(certificate.issuer() == f.party->certificate()->subject());
  CHECK(certificate.authority_key_id() == f.next->certificate()->subject_key_id());
  CHECK(certificate.crl_urls() == std::vector<std::string>{"http://pki.lamdong.test/v1/crl/party-2"});
  CHECK(f.all_is_well());
}

TEST_CASE("what a killed run left is signed by the issuer that has taken it up, after its time too") {
  Issuers f;
  const Time from = f.clock.now() + days(10);
  f.make_party_2(from);
  auto one = f.row(1, *hsm::software::generate({}).value());
  one["bloc"] = "party";
  const Bytes hash = f.submit(f.file({one}));
  f.approve(hash);
  auto plan = f.all();
  struct Killed {};
  plan.at_step = [](std::string_view step) {
    if (step == "after-commit") throw Killed{};
  };
  CHECK_THROWS_AS(authority::issue_roster(f.context(), hash, plan, {}), Killed);
  f.clock.set(from + days(1));
  CHECK(must(authority::issue_roster(f.context(), hash, f.all(), {})).issued == 1);
  CHECK(f.store->certificate("P-1", f.clock.now()).value().issuer == "party");
  CHECK(f.all_is_well());
}

TEST_CASE("an issuer that has no certificate yet, or is not in service, does not issue") {
  Issuers f;
  const Bytes hash = f.decided(f.party_2(f.clock.now()));
  CHECK(authority::put_in_service(f.context(), "party-2").error().code == ErrorCode::failed_precondition);
  CHECK(f.issued(1).issuer == "party");
  f.certified(hash, f.party->certificate()->subject(), f.next_key);
  CHECK(f.issued(2).issuer == "party");
  CHECK(f.all_is_well());
}

TEST_CASE("no issuer is proposed that has no place: name, generation, key, root") {
  Issuers f;
  const auto refused = [&](IssuerChange change) {
    const auto done = authority::propose(f.context(), std::move(change), 2);
    return !done && done.error().code == ErrorCode::failed_precondition;
  };
  const IssuerChange good = f.party_2(f.clock.now());
  IssuerChange bad = good;
  for (const char* name : {"party", "party-3", "government-2", "stranger-2", "root-2", "party-x"}) {
    bad.name = name;
    CHECK(refused(bad));
  }
  bad = good;
  bad.follows = "party-2";
  CHECK(refused(bad));
  bad = good;
  bad.issued_by = "government";
  CHECK(refused(bad));
  bad = good;
  bad.key = to_hex(sha256(f.government_key->public_key_info()));
  CHECK(refused(bad));
  bad = good;
  bad.issues_from.reset();
  CHECK(refused(bad));
  CHECK_FALSE(refused(good));
}

TEST_CASE("of two proposals with one name the first that comes into force counts") {
  Issuers f;
  const Bytes first = must(authority::propose(f.context(), f.party_2(f.clock.now()), 2));
  const Bytes second = must(authority::propose(f.context(), f.party_2(f.clock.now() + days(1)), 2));
  f.adopt(second);
  CHECK(authority::approve_proposal(f.context(), first, f.officers[0], *f.officer_keys[0]).error().code ==
        ErrorCode::failed_precondition);
  CHECK(f.issuers().find("party-2")->issues_from == f.clock.now() + days(1));
  CHECK(f.all_is_well());
}

TEST_CASE("the audit names an issuer that officers did not decide on, and one that is another than they decided") {
  Issuers f;
  SECTION("no decision at all") {
    f.single(*f.root, "root", "issuer/" + std::string(64, 'a'), "issuing", f.party->certificate()->subject(),
             f.next_key);
  }
  SECTION("one officer alone") {
    const Bytes hash = must(authority::propose(f.context(), f.party_2(f.clock.now()), 2));
    REQUIRE(authority::approve_proposal(f.context(), hash, f.officers[0], *f.officer_keys[0]).has_value());
    f.certified(hash, f.party->certificate()->subject(), f.next_key);
  }
  SECTION("another key") {
    f.certified(f.decided(f.party_2(f.clock.now())), f.party->certificate()->subject(),
                hsm::software::generate({}).value());
  }
  SECTION("another name") {
    f.certified(f.decided(f.party_2(f.clock.now())), f.name("CA LẠ"), f.next_key);
  }
  SECTION("certified by another than the root") {
    const Bytes hash = f.decided(f.party_2(f.clock.now()));
    auto rogue = f.root_key = hsm::software::generate({}).value();
    const auto issuer = must(issuance::Issuer::make_root(rogue, f.root->certificate()->subject()));
    f.single(issuer, "root", authority::issuer_request_id(to_hex(hash)), "issuing",
             f.party->certificate()->subject(), f.next_key);
  }
  CHECK(authority::audit_approvals(*f.store, 2).error().code == ErrorCode::permission_denied);
}

TEST_CASE("the audit names a row that the wrong generation issued") {
  Issuers f;
  f.make_party_2(f.clock.now() + days(10));
  // A store that hides the decision from the program, and the log that tells of it.
  const std::string before = f.store->fact("issuers.in_service").value().value();
  f.clock.set(f.clock.now() + days(10));
  auto transaction = f.store->begin().value();
  REQUIRE(transaction->set_fact("issuers.in_service", "").has_value());
  REQUIRE(transaction->commit().has_value());
  CHECK(f.issued(1).issuer == "party");
  CHECK(authority::reconcile(*f.store, f.clock.now()).error().code == ErrorCode::data_loss);
  CHECK(authority::audit_approvals(*f.store, 2).error().code == ErrorCode::permission_denied);
}

TEST_CASE("an issuer of another authority is adopted with its certificate, and signs lists alone when no time is said") {
  Issuers f;
  IssuerChange change;
  change.name = change.token = "government-old";
  change.certificate = to_bytes(f.government->certificate()->der());
  change.key = to_hex(sha256(f.government->certificate()->public_key_info()));
  change.algorithm = "ec-p256";
  CHECK(authority::propose(f.context(), change, 2).error().code == ErrorCode::failed_precondition);  // a key of ours
  const Key old_key = hsm::software::generate({}).value();
  AuthorityFixture other;
  change.certificate = to_bytes(other.government->certificate()->der());
  change.key = to_hex(sha256(other.government->certificate()->public_key_info()));
  CHECK(authority::propose(f.context(), change, 2).error().code == ErrorCode::failed_precondition);  // with what?
  authority::Holdings nothing;
  nothing.authority = to_hex(other.government->certificate()->fingerprint());
  change.holdings = authority::holdings_digest(nothing);
  f.decided(change);
  CHECK_FALSE(f.issuers().find("government-old")->in_service);
  REQUIRE(authority::adopt(f.context(), "government-old", nothing, {}).has_value());
  REQUIRE(authority::put_in_service(f.context(), "government-old").has_value());
  const auto issuers = f.issuers();
  CHECK(issuers.find("government-old")->certificate == other.government->certificate());
  CHECK(issuers.find("government-old")->in_service);
  CHECK(issuers.issues("government", f.clock.now()));
  CHECK_FALSE(issuers.issues("government-old", f.clock.now()));
  CHECK(f.all_is_well());
}
