#include "ca/authority/adoption.h"
#include "ca/authority/approval_audit.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "ca/x509/path_validator.h"
#include "tests/unit/authority/authority_fixture.h"
#include "tests/unit/authority/issuer_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;
using antin::tests::IssuerChange;
using antin::tests::Issuers;
using antin::tests::Key;
using antin::tests::must;

namespace {

x509::PathStatus path_of(const x509::Certificate& leaf, const x509::Certificate& anchor,
                         std::vector<x509::Certificate> helpers, Time at) {
  return x509::validate_path(leaf, {{anchor}, std::move(helpers), {}}, {.at = at, .check_revocation = false}).status;
}

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
  SECTION("another name") { f.certified(f.decided(f.party_2(f.clock.now())), f.name("CA LẠ"), f.next_key); }
  SECTION("certified by another than the root") {
    const Bytes hash = f.decided(f.party_2(f.clock.now()));
    auto rogue = f.root_key = hsm::software::generate({}).value();
    const auto issuer = must(issuance::Issuer::make_root(rogue, f.root->certificate()->subject()));
    f.single(issuer, "root", authority::issuer_request_id(to_hex(hash)), "issuing", f.party->certificate()->subject(),
             f.next_key);
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

TEST_CASE(
    "an issuer of another authority is adopted with its certificate, and signs lists alone when no time is said") {
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

TEST_CASE("the link certificates of a root lead from either anchor to what the other key issued") {
  Issuers f;
  const auto made = f.make_root_2();
  const auto old_root = *f.root->certificate();
  CHECK(made.root.subject() == old_root.subject());
  CHECK(made.root.self_issued());
  CHECK(made.new_with_old.public_key_info().size() == made.root.public_key_info().size());
  CHECK(equal(made.new_with_old.public_key_info(), made.root.public_key_info()));
  CHECK(equal(made.old_with_new.public_key_info(), old_root.public_key_info()));
  CHECK(made.new_with_old.not_after() <= old_root.not_after());
  CHECK(made.old_with_new.not_before() == old_root.not_before());
  CHECK(made.old_with_new.not_after() == old_root.not_after());
  CHECK(made.new_with_old.crl_urls() == std::vector<std::string>{"http://pki.lamdong.test/v1/crl/root"});

  IssuerChange change = f.party_2(f.clock.now());
  change.issued_by = "root-2";
  f.decided(change);
  const auto party_2 = must(authority::certify_issuer(f.context(), f.registered("party-2"), f.registered("party"),
                                                      *f.next_root, *f.next_key));
  const auto party = *f.party->certificate();
  const Time now = f.clock.now();
  CHECK(path_of(party_2, made.root, {}, now) == x509::PathStatus::valid);
  CHECK(path_of(party_2, old_root, {made.new_with_old}, now) == x509::PathStatus::valid);
  CHECK(path_of(party, made.root, {made.old_with_new}, now) == x509::PathStatus::valid);
  CHECK(path_of(party_2, old_root, {}, now) != x509::PathStatus::valid);
  CHECK(path_of(party, made.root, {}, now) != x509::PathStatus::valid);
  CHECK(path_of(party, made.root, {made.new_with_old}, now) != x509::PathStatus::valid);
  CHECK(f.all_is_well());
  CHECK(must(authority::audit_approvals(*f.store, 2)).issuers == 4);
}

TEST_CASE("what makes a root is made once, however often it is asked for") {
  Issuers f;
  const auto made = f.make_root_2();
  const auto count = f.store->log_size().value();
  CHECK(f.link(authority::Link::new_with_old, *f.root) == made.new_with_old);
  CHECK(f.link(authority::Link::old_with_new, *f.next_root) == made.old_with_new);
  CHECK(authority::put_in_service(f.context(), "root-2").has_value());
  CHECK(f.store->log_size().value() == count);
}

TEST_CASE("another key than the decided one is not certified, and a link for another key is named by the audit") {
  Issuers f;
  f.decided(f.root_2());
  const Key other = hsm::software::generate({}).value();
  const auto self = must(issuance::Issuer::make_root(other, f.root->certificate()->subject()));
  CHECK(
      authority::certify_issuer(f.context(), f.registered("root-2"), f.registered("root"), self, *other).error().code ==
      ErrorCode::failed_precondition);
  const auto right = must(issuance::Issuer::make_root(f.next_root_key, f.root->certificate()->subject()));
  must(authority::certify_issuer(f.context(), f.registered("root-2"), f.registered("root"), right, *f.next_root_key));
  CHECK(f.all_is_well());
  f.single(*f.root, "root",
           authority::link_request_id(f.registered("root-2").proposal_hash, authority::Link::new_with_old), "link",
           f.root->certificate()->subject(), other);
  CHECK(authority::audit_approvals(*f.store, 2).error().code == ErrorCode::permission_denied);
}

TEST_CASE("an issuer signs nothing that names another key of its own name") {
  Issuers f;
  f.make_party_2(f.clock.now());
  const auto profile = must(issuance::built_in_profile("issuing"));
  const auto serial = must(x509::SerialNumber::random(f.random));
  const auto tbs =
      must(issuance::build_tbs(profile, {f.name("CA khác"), to_bytes(f.root_key->public_key_info()), {}, {}},
                               f.party->identity(), serial, must(profile.validity(f.clock.now(), {}))));
  auto identity = f.party->identity();
  identity.scheme = f.next->identity().scheme;
  const auto with_scheme =
      must(issuance::build_tbs(profile, {f.name("CA khác"), to_bytes(f.root_key->public_key_info()), {}, {}}, identity,
                               serial, must(profile.validity(f.clock.now(), {}))));
  CHECK(f.party->sign(must(issuance::lint(tbs, profile.kind()))).has_value());
  const auto refused = f.next->sign(must(issuance::lint(with_scheme, profile.kind())));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "issuer: the bytes name another issuer's key");
}

TEST_CASE(
    "a profile that wants a kind of key is issued by the newest issuer with such a key, beside the newest of all") {
  Issuers f;
  auto wants = nlohmann::json::parse(must(issuance::ProfileSet().text("personal")));
  wants["version"] = 100;
  wants["issuer_key"] = "ec-p256";
  const auto set = must(issuance::ProfileSet::compose({wants.dump()}, {}));
  f.adopt(must(authority::propose(f.context(), authority::ProfileChange{set}, 2)));
  f.make_party_2(f.clock.now());
  CHECK(f.issued(1).issuer == "party");  // P-256 and older
  const auto issuers = f.issuers();
  CHECK(issuers.issues("party-2", f.clock.now()));
  CHECK(issuers.issues("party", f.clock.now(), hsm::KeyAlgorithm::ec_p256));
  CHECK(issuers.issuing("party", f.clock.now(), hsm::KeyAlgorithm::rsa) == nullptr);
  CHECK(f.all_is_well());
  wants["version"] = 101;
  wants["issuer_key"] = "ec-p384";
  f.adopt(must(authority::propose(
      f.context(), authority::ProfileChange{must(issuance::ProfileSet::compose({wants.dump()}, {}))}, 2)));
  CHECK(f.issued(2).issuer == "party-2");
  wants["version"] = 102;
  wants["issuer_key"] = "rsa";
  f.adopt(must(authority::propose(
      f.context(), authority::ProfileChange{must(issuance::ProfileSet::compose({wants.dump()}, {}))}, 2)));
  auto one = f.row(3, *hsm::software::generate({}).value());
  one["row"] = 1;
  one["bloc"] = "party";
  const Bytes hash = f.submit(f.file({one}));
  f.approve(hash);
  CHECK(authority::issue_roster(f.context(), hash, f.all(), {}).error().code == ErrorCode::failed_precondition);
  CHECK(f.all_is_well());
}

TEST_CASE("an issuer with a key of ML-DSA issues where that kind is wanted, and takes nothing over from the others") {
  Issuers f;
  const auto made = hsm::software::generate({hsm::KeyAlgorithm::ml_dsa_65});
  if (!made) {
    CHECK(made.error().code == ErrorCode::unimplemented);
    return;
  }
  f.next_key = *made;
  auto wants = nlohmann::json::parse(must(issuance::ProfileSet().text("personal")));
  wants["version"] = 100;
  wants["test"] = true;
  f.make_party_2(f.clock.now());
  const auto issuers = f.issuers();
  CHECK(issuers.issues("party", f.clock.now()));
  CHECK_FALSE(issuers.issues_until("party"));
  CHECK_FALSE(issuers.issues("party-2", f.clock.now()));
  CHECK(issuers.issues("party-2", f.clock.now(), hsm::KeyAlgorithm::ml_dsa_65));
  CHECK(issuers.issuing("party", f.clock.now(), hsm::KeyAlgorithm::ml_dsa_87) == nullptr);
  CHECK(f.issued(1).issuer == "party");
  wants["issuer_key"] = "ml-dsa-65";
  f.adopt(must(authority::propose(
      f.context(), authority::ProfileChange{must(issuance::ProfileSet::compose({wants.dump()}, {}))}, 2)));
  const auto record = f.issued(2);
  CHECK(record.issuer == "party-2");
  const auto leaf = x509::Certificate::from_der(record.der).value();
  CHECK(hsm::scheme_of(leaf.signature_algorithm()) == hsm::SignatureScheme::ml_dsa_65);
  CHECK(path_of(leaf, *f.root->certificate(), {*f.next->certificate()}, f.clock.now()) == x509::PathStatus::valid);
  CHECK(f.all_is_well());
  CHECK(f.issuers().next_generation("party", f.clock.now())->follows == "party-2");
}

TEST_CASE("link certificates lead from a root of P-256 to one of ML-DSA and back, which then certifies its like") {
  Issuers f;
  const auto made = hsm::software::generate({hsm::KeyAlgorithm::ml_dsa_87});
  if (!made) {
    CHECK(made.error().code == ErrorCode::unimplemented);
    return;
  }
  f.next_root_key = *made;
  const auto rolled = f.make_root_2();
  const auto old_root = *f.root->certificate(), leaf = *f.party->certificate();
  CHECK(path_of(rolled.root, old_root, {rolled.new_with_old}, f.clock.now()) == x509::PathStatus::valid);
  CHECK(path_of(leaf, rolled.root, {rolled.old_with_new}, f.clock.now()) == x509::PathStatus::valid);
  CHECK(path_of(leaf, rolled.root, {}, f.clock.now()) == x509::PathStatus::no_chain);
  const auto issuers = f.issuers();
  CHECK(issuers.next_generation("party", f.clock.now())->issued_by == "root");
  CHECK(issuers.next_generation("party", f.clock.now(), hsm::KeyAlgorithm::ec_p384)->issued_by == "root");
  CHECK(issuers.next_generation("party", f.clock.now(), hsm::KeyAlgorithm::ml_dsa_65)->issued_by == "root-2");
  CHECK(f.all_is_well());
}
