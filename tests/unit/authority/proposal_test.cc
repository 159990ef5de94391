#include "ca/authority/proposal.h"

#include "ca/authority/approval_audit.h"
#include "ca/authority/reconcile.h"
#include "ca/authority/role_register.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;
using antin::tests::Key;
using antin::tests::must;
using authority::Role;

namespace {

// The fixture's authority after its ceremony, with a person who has a certificate and may become an officer.
struct Offices : AuthorityFixture {
  Key third_key = hsm::software::generate({}).value();
  std::string third;

  Offices() {
    auto transaction = store->begin().value();
    REQUIRE(
        transaction->append_log(log::entry(clock.now(), "ceremony", {{"version", "0"}, {"required_approvals", "2"}})));
    REQUIRE(transaction->commit().has_value());
    third = issued(third_key, 70);
  }
  std::string issued(const Key& key, unsigned number) {
    auto one = row(number, *key);
    one["row"] = 1;
    const Bytes hash = submit(file({one}));
    approve(hash);
    REQUIRE(must(authority::issue_roster(context(), hash, plan(), {})).issued == 1);
    return store->certificate("P-" + std::to_string(number), clock.now()).value().id;
  }
  Bytes proposed(Role role, bool grant, const std::string& certificate) {
    return must(authority::propose(context(), authority::RoleChange{role, grant, certificate, {}, {}, "thử"}, 2));
  }
  authority::ProposalApproval approve_as(const Bytes& hash, int officer) {
    return must(authority::approve_proposal(context(), hash, officers[officer], *officer_keys[officer]));
  }
  void adopt(const Bytes& hash) {
    CHECK_FALSE(approve_as(hash, 0).in_force);
    CHECK(approve_as(hash, 1).in_force);
  }
  authority::RoleRegister roles() { return must(authority::read_roles(*store, clock.now())); }
  Status all_is_well() {
    ANTIN_CHECK(authority::reconcile(*store, clock.now()));
    ANTIN_TRY([[maybe_unused]] const auto audit, authority::audit_approvals(*store, 2));
    return {};
  }
};

issuance::ProfileSet other_policies() {
  return issuance::ProfileSet::compose({}, {{"personal", {"1.3.6.1.4.1.32473.9.2"}}}).value();
}

// The program's profiles, and one more that is marked as a trial.
issuance::ProfileSet with_test_profile() {
  auto profile = nlohmann::json::parse(issuance::ProfileSet().text("personal").value());
  profile["name"] = "personal-trial";
  profile["test"] = true;
  return issuance::ProfileSet::compose({profile.dump()}, {}).value();
}

}  // namespace

TEST_CASE("a person becomes an officer by two approvals, and counts from then on") {
  Offices f;
  const Bytes hash = f.proposed(Role::officer, true, f.third);
  const Bytes roster = f.submit(f.file(f.rows(1)));
  CHECK(authority::approve(f.context(), roster, f.third, *f.third_key).error().code == ErrorCode::permission_denied);
  CHECK_FALSE(f.approve_as(hash, 0).in_force);
  CHECK(authority::approve_proposal(f.context(), hash, f.officers[0], *f.officer_keys[0]).error().code ==
        ErrorCode::already_exists);
  CHECK(authority::approve_proposal(f.context(), hash, f.third, *f.third_key).error().code ==
        ErrorCode::permission_denied);
  CHECK(f.approve_as(hash, 1).in_force);
  REQUIRE(authority::approve(f.context(), roster, f.third, *f.third_key));
  REQUIRE(authority::approve(f.context(), roster, f.officers[0], *f.officer_keys[0]));
  CHECK(must(authority::issue_roster(f.context(), roster, f.plan(), {})).issued == 1);
  CHECK(f.all_is_well());
  CHECK(f.roles().officers_at(f.clock.now()) == 3);
}

TEST_CASE("an officer whose role was withdrawn approves nothing, and two remain at least") {
  Offices f;
  CHECK(authority::propose(f.context(), authority::RoleChange{Role::officer, false, f.officers[0], {}, {}, {}}, 2)
            .error()
            .code == ErrorCode::failed_precondition);
  f.adopt(f.proposed(Role::officer, true, f.third));
  f.adopt(f.proposed(Role::officer, false, f.officers[0]));
  const Bytes roster = f.submit(f.file(f.rows(1)));
  CHECK(authority::approve(f.context(), roster, f.officers[0], *f.officer_keys[0]).error().code ==
        ErrorCode::permission_denied);
  REQUIRE(authority::approve(f.context(), roster, f.officers[1], *f.officer_keys[1]));
  REQUIRE(authority::approve(f.context(), roster, f.third, *f.third_key));
  CHECK(must(authority::issue_roster(f.context(), roster, f.plan(), {})).issued == 1);
  CHECK(f.all_is_well());
}

TEST_CASE("roles are held by persons with a valid certificate, once") {
  Offices f;
  f.adopt(f.proposed(Role::auditor, true, f.third));
  CHECK(f.roles().holders().back().role == Role::auditor);
  const auto change = [&](Role role, bool grant, const std::string& certificate) {
    return authority::propose(f.context(), authority::RoleChange{role, grant, certificate, {}, {}, {}}, 2);
  };
  CHECK(change(Role::auditor, true, f.third).error().code == ErrorCode::failed_precondition);
  CHECK(change(Role::operator_, false, f.third).error().code == ErrorCode::failed_precondition);
  const auto authority = f.store->certificate_by_request("ceremony/party", f.clock.now()).value();
  CHECK(change(Role::auditor, true, authority->id).error().code == ErrorCode::failed_precondition);
  REQUIRE(authority::suspend(f.context(), f.third, "thử"));
  CHECK(change(Role::operator_, true, f.third).error().code == ErrorCode::failed_precondition);
  CHECK(f.all_is_well());
}

TEST_CASE("an officer who was revoked gives no roles, and one of before stays counted") {
  Offices f;
  const Bytes hash = f.proposed(Role::officer, true, f.third);
  f.approve_as(hash, 0);
  f.clock.set(f.clock.now() + hours(1));
  REQUIRE(authority::revoke(f.context(), f.officers[0], x509::RevocationReason::key_compromise, {}, "thử"));
  f.clock.set(f.clock.now() + hours(1));
  CHECK(f.approve_as(hash, 1).in_force);
  CHECK(f.all_is_well());
}

TEST_CASE("what is issued follows the profiles that officers approved") {
  Offices f;
  f.adopt(must(authority::propose(f.context(), authority::ProfileChange{other_policies()}, 2)));
  const std::string id = f.issued(hsm::software::generate({}).value(), 71);
  const auto der = f.store->certificate(id, f.clock.now()).value().der;
  CHECK(x509::Certificate::from_der(der).value().policies() == std::vector<std::string>{"1.3.6.1.4.1.32473.9.2"});
  CHECK(f.all_is_well());
  CHECK(authority::propose(f.context(), authority::ProfileChange{other_policies()}, 2).error().code ==
        ErrorCode::failed_precondition);
}

TEST_CASE("a profile for tests issues while the home is none of production, and nothing from then on") {
  Offices f;
  const Bytes hash = must(authority::propose(f.context(), authority::ProfileChange{with_test_profile()}, 2));
  const auto trial = [&](std::uint64_t number) {
    auto one = f.row(number, *hsm::software::generate({}).value());
    one["row"] = 1;
    one["profile"] = "personal-trial";
    return f.file({one});
  };
  const auto refused = [](const Error& error) {
    CHECK(error.code == ErrorCode::permission_denied);
    CHECK(error.message.ends_with("personal-trial: a production configuration refuses a test profile"));
  };
  SECTION("put in force before production, it is refused wherever it would be used") {
    f.adopt(hash);
    const Bytes done = f.submit(trial(71)), waiting = f.submit(trial(72));
    f.approve(done);
    f.approve(waiting);
    CHECK(must(authority::issue_roster(f.context(), done, f.plan(), {})).issued == 1);
    f.settings.production = true;
    refused(authority::issue_roster(f.context(), waiting, f.plan(), {}).error());
    const auto roster = must(authority::read_roster(bytes_of(trial(73))));
    const auto findings = must(authority::check_roster(f.context(), roster));
    REQUIRE(findings.size() == 1);
    CHECK((findings[0].rule == "roster.profile_for_tests" && findings[0].error));
    CHECK_FALSE(authority::submit_roster(f.context(), roster, nullptr, {}).has_value());
    const auto key = hsm::software::generate({}).value();
    refused(authority::issue_single(f.context(), *f.government, "government",
                                    {.request_id = "single/1",
                                     .profile = "personal-trial",
                                     .content = {f.name("x"), to_bytes(key->public_key_info()), {}, {}},
                                     .key_location = "",
                                     .key_uri = "",
                                     .subscriber = "",
                                     .mail = ""})
                .error());
    // Only one was ever issued by it, and the other profiles go on.
    CHECK(f.store->certificates({.profile = "personal-trial"}, f.clock.now()).value().size() == 1);
    f.issued(hsm::software::generate({}).value(), 74);
    // It is put out of force as it came.
    f.adopt(must(authority::propose(f.context(), authority::ProfileChange{issuance::ProfileSet()}, 2)));
  }
  SECTION("proposed before production, it is approved no more") {
    f.settings.production = true;
    refused(authority::approve_proposal(f.context(), hash, f.officers[0], *f.officer_keys[0]).error());
  }
  SECTION("in production it is not even proposed") {
    f.settings.production = true;
    refused(authority::propose(f.context(), authority::ProfileChange{with_test_profile()}, 2).error());
  }
  CHECK(f.all_is_well());
}

TEST_CASE("a ceremony in production begins with no profile for tests") {
  AuthorityFixture f(AuthorityFixture::WithoutCeremony{}, time_at(2022, 12, 28, 1));
  f.settings.production = true;
  CHECK(authority::set_first_profiles(f.context(), with_test_profile()).error().code == ErrorCode::permission_denied);
  CHECK(f.store->proposals().value().empty());
  f.settings.production = false;
  CHECK(authority::set_first_profiles(f.context(), with_test_profile()).has_value());
}

TEST_CASE("profiles that come into force while a roster is issued stop it, and the rest follows them") {
  Offices f;
  const Bytes roster = f.submit(f.file(f.rows(40)));
  f.approve(roster);
  const Bytes hash = must(authority::propose(f.context(), authority::ProfileChange{other_policies()}, 2));
  f.approve_as(hash, 0);
  auto plan = f.plan();
  plan.group_size = 8;
  bool done = false;
  plan.at_step = [&](std::string_view step) {
    if (step != "after-commit" || done) return;
    done = true;
    f.approve_as(hash, 1);
  };
  const auto stopped = authority::issue_roster(f.context(), roster, plan, {});
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().message.contains("officers put others in force"));
  plan.at_step = {};
  const auto rest = must(authority::issue_roster(f.context(), roster, plan, {}));
  CHECK(rest.issued > 0);
  CHECK(rest.issued + rest.issued_before == 40);
  CHECK(f.all_is_well());
}

TEST_CASE("whoever writes to store and log alone puts nothing in force that the audit believes") {
  Offices f;
  const Bytes hash = must(authority::propose(f.context(), authority::ProfileChange{other_policies()}, 2));
  auto transaction = f.store->begin().value();
  // Signed with a key of the writer's own, in the officers' names, as log and store both say.
  const Key forged = hsm::software::generate({}).value();
  for (const std::string& officer : f.officers) {
    const Bytes signature =
        forged->sign(hsm::SignatureScheme::ecdsa_sha256, authority::proposal_statement(hash, officer)).value();
    REQUIRE(transaction->add_approval({hash, officer, "ecdsa-sha256", signature, f.clock.now()}));
    REQUIRE(transaction->append_log(
        log::entry(f.clock.now(), "proposal.approve",
                   {{"proposal", to_hex(hash)}, {"officer", officer}, {"signature", to_hex(signature)}})));
  }
  REQUIRE(transaction->commit());
  CHECK(f.roles().profiles().digest() == issuance::ProfileSet().digest());
  CHECK(f.all_is_well());
}

TEST_CASE("a proposal that only the store knows, or whose content was changed, is found") {
  Offices f;
  SECTION("only the store") {
    const auto content = authority::proposal_content({1, 2, authority::ProfileChange{other_policies()}});
    auto transaction = f.store->begin().value();
    REQUIRE(transaction->add_proposal({1, to_bytes(sha256(content)), content, f.clock.now(), true}));
    REQUIRE(transaction->commit());
    CHECK(authority::reconcile(*f.store, f.clock.now()).error().code == ErrorCode::data_loss);
  }
  SECTION("as the ceremony's, after another: it is in force nowhere") {
    must(authority::propose(f.context(), authority::ProfileChange{other_policies()}, 2));
    const auto content = authority::proposal_content({2, 0, authority::ProfileChange{other_policies()}});
    const Bytes hash = to_bytes(sha256(content));
    auto transaction = f.store->begin().value();
    REQUIRE(transaction->add_proposal({2, hash, content, f.clock.now(), true}));
    REQUIRE(transaction->append_log(log::entry(
        f.clock.now(), "proposal", {{"proposal", to_hex(hash)}, {"content", std::string(text_of(content))}})));
    REQUIRE(transaction->commit());
    CHECK(f.roles().profiles().of_program());
    CHECK(authority::audit_approvals(*f.store, 2));
    CHECK(authority::reconcile(*f.store, f.clock.now()).error().code == ErrorCode::data_loss);
  }
}

TEST_CASE("a proposal is canonical, and of its number alone") {
  const authority::Proposal proposal{3, 2, authority::RoleChange{Role::auditor, true, "party-01", "00", "", "Lý do"}};
  const Bytes content = authority::proposal_content(proposal);
  CHECK(authority::read_proposal(content).value().number == 3);
  CHECK(authority::read_proposal(bytes_of(std::string(text_of(content)) + " ")).error().code == ErrorCode::data_loss);
  CHECK(authority::read_proposal(bytes_of("[]")).error().code == ErrorCode::data_loss);
  CHECK(authority::read_proposal(bytes_of("{\"format\":\"antin-proposal-1\"}")).error().code == ErrorCode::data_loss);
}

TEST_CASE("a proposal that is no longer possible is not approved: two officers remain, and a version is one content") {
  Offices f;
  const auto refused = [&](const Bytes& hash, int officer) {
    return authority::approve_proposal(f.context(), hash, f.officers[officer], *f.officer_keys[officer]).error().code;
  };
  SECTION("two officers are to go, and one of them went") {
    f.adopt(f.proposed(Role::officer, true, f.third));
    const Bytes first = f.proposed(Role::officer, false, f.officers[0]);
    const Bytes second = f.proposed(Role::officer, false, f.third);
    f.adopt(first);
    CHECK(refused(second, 1) == ErrorCode::failed_precondition);
    CHECK(f.roles().officers_at(f.clock.now()) == 2);
  }
  SECTION("two proposals of one change") {
    const Bytes first = f.proposed(Role::auditor, true, f.third), second = f.proposed(Role::auditor, true, f.third);
    f.adopt(first);
    CHECK(refused(second, 0) == ErrorCode::failed_precondition);
  }
  SECTION("whoever was to have the role was revoked") {
    const Bytes hash = f.proposed(Role::officer, true, f.third);
    f.approve_as(hash, 0);
    REQUIRE(authority::revoke(f.context(), f.third, x509::RevocationReason::superseded, {}, "thử", f.body));
    CHECK(refused(hash, 1) == ErrorCode::failed_precondition);
  }
  SECTION("two contents under one version") {
    const auto with_years = [](unsigned years) {
      auto profile = nlohmann::json::parse(issuance::ProfileSet().text("personal").value());
      profile["version"] = 9;
      profile["validity"]["years"] = years;
      return authority::ProfileChange{issuance::ProfileSet::compose({profile.dump()}, {}).value()};
    };
    const Bytes first = must(authority::propose(f.context(), with_years(2), 2));
    const Bytes second = must(authority::propose(f.context(), with_years(3), 2));
    f.adopt(first);
    CHECK(refused(second, 0) == ErrorCode::failed_precondition);
  }
  CHECK(f.all_is_well());
}

TEST_CASE("an approval and a suspension of one second count in the order in which they were recorded") {
  Offices f;
  const Bytes hash = must(authority::propose(f.context(), authority::ProfileChange{other_policies()}, 2));
  SECTION("approved, then suspended") {
    f.adopt(hash);
    REQUIRE(authority::suspend(f.context(), f.officers[0], "thử"));
    CHECK(f.roles().profiles().digest() == other_policies().digest());
    REQUIRE(authority::resume(f.context(), f.officers[0], "thử"));
    CHECK(f.roles().profiles().digest() == other_policies().digest());
  }
  SECTION("suspended, and the clock a little back") {
    const Bytes roster = f.submit(f.file(f.rows(1)));
    REQUIRE(authority::suspend(f.context(), f.officers[0], "thử"));
    f.clock.set(f.clock.now() - seconds(10));
    const auto late = authority::approve(f.context(), roster, f.officers[0], *f.officer_keys[0]);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == ErrorCode::permission_denied);
    f.clock.set(f.clock.now() + hours(1));
    REQUIRE(authority::resume(f.context(), f.officers[0], "thử"));
  }
  const std::string id = f.issued(hsm::software::generate({}).value(), 72);
  CHECK(f.all_is_well());
}

namespace {

// A token that takes its time: something happens before the signature is there.
class SlowKey final : public hsm::SigningKey {
 public:
  SlowKey(Key inner, std::function<void()> meanwhile) : inner_(std::move(inner)), meanwhile_(std::move(meanwhile)) {}
  hsm::KeyAlgorithm algorithm() const noexcept override { return inner_->algorithm(); }
  ByteView public_key_info() const noexcept override { return inner_->public_key_info(); }
  std::string uri() const override { return inner_->uri(); }
  Result<Bytes> sign_digest(hsm::SignatureScheme scheme, ByteView digest) const override {
    return inner_->sign_digest(scheme, digest);
  }
  Result<Bytes> sign(hsm::SignatureScheme scheme, ByteView message) const override {
    meanwhile_();
    return inner_->sign(scheme, message);
  }

 private:
  Key inner_;
  std::function<void()> meanwhile_;
};

}  // namespace

TEST_CASE("an officer who is revoked while the token signs approves nothing") {
  Offices f;
  const Bytes roster = f.submit(f.file(f.rows(1)));
  const Bytes hash = f.proposed(Role::auditor, true, f.third);
  const SlowKey key(f.officer_keys[0], [&] {
    const auto done = authority::revoke(f.context(), f.officers[0], x509::RevocationReason::key_compromise, {}, "lộ");
    CHECK(done.has_value());
  });
  SECTION("a roster") {
    const auto late = authority::approve(f.context(), roster, f.officers[0], key);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == ErrorCode::permission_denied);
    CHECK(must(f.store->approvals(roster)).empty());
  }
  SECTION("a proposal") {
    const auto late = authority::approve_proposal(f.context(), hash, f.officers[0], key);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == ErrorCode::permission_denied);
    CHECK(must(f.store->approvals(hash)).empty());
  }
  CHECK(f.all_is_well());
}
