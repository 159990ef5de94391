#include "ca/authority/officer_ceremony.h"

#include "ca/authority/ceremony_record.h"
#include "tests/unit/authority/issuer_fixture.h"

using namespace antin;
using namespace antin::tests;
using authority::OfficerCeremony;

namespace {

const Sha256 reviewed = sha256(bytes_of("the reviewed file")), transcript = sha256(bytes_of("what it did"));

// Officers whose five years are over, and what a ceremony makes: two officers, two witnesses.
struct Ended : Issuers {
  Key keys[2] = {hsm::software::generate({}).value(), hsm::software::generate({}).value()};
  Key witness_keys[2] = {hsm::software::generate({}).value(), hsm::software::generate({}).value()};
  std::string made[2];

  Ended() { clock.set(time_at(2028, 2, 1, 1)); }

  x509::Name subject(int number) const {
    return must(
        must(issuance::built_in_profile("officer"))
            .subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"}, {"cn", "Cán bộ " + std::to_string(number + 3)}}));
  }
  OfficerCeremony planned() const {
    OfficerCeremony ceremony{2, to_hex(reviewed), {}, {}};
    for (int i = 0; i < 2; ++i) {
      ceremony.officers.push_back(
          {"officer-" + std::to_string(i + 3), subject(i).rfc4514(), to_bytes(keys[i]->public_key_info())});
      ceremony.witnesses.push_back({"witness-" + std::to_string(i + 1), "Chứng Thử " + std::to_string(i + 1),
                                    to_bytes(witness_keys[i]->public_key_info())});
    }
    return ceremony;
  }
  Status certified(const OfficerCeremony& ceremony) {
    return authority::certify_officers(context(), ceremony, *root_key, 2);
  }
  std::string officer(int number, const Key& key) {
    return single(*government, "government", planned().request_id("officer-" + std::to_string(number + 3)), "officer",
                  subject(number), key)
        .id;
  }
  void log_one(std::string_view type, const std::vector<std::pair<std::string, std::string>>& fields) {
    auto transaction = must(store->begin());
    REQUIRE(transaction->append_log(log::entry(clock.now(), type, fields)));
    REQUIRE(transaction->commit());
  }
  // Until the transcript: officers are certified and nobody has signed.
  void held() {
    REQUIRE(authority::begin_ceremony(context(), "officers-2", reviewed));
    const Status done = certified(planned());
    INFO((done ? "" : done.error().message));
    REQUIRE(done);
    for (int i = 0; i < 2; ++i) made[i] = officer(i, keys[i]);
    REQUIRE(authority::end_ceremony(context(), "officers-2", transcript));
  }
  Result<bool> witness(int number) {
    return authority::sign_as_witness(context(), "officers-2", "witness-" + std::to_string(number + 1),
                                      *witness_keys[number]);
  }
  Result<authority::ApprovalAudit> audit() { return authority::audit_approvals(*store, 2); }
  bool approves(int number, const Bytes& roster) {
    return authority::approve(context(), roster, made[number], *keys[number]).has_value();
  }
};

}  // namespace

TEST_CASE(
    "New officers are made with the root's key and before witnesses, and decide when the last witness has signed") {
  Ended home;
  const Bytes roster = home.submit(home.file(home.rows(3)));
  CHECK_FALSE(authority::approve(home.context(), roster, home.officers[0], *home.officer_keys[0]).has_value());
  home.held();
  CHECK_FALSE(home.approves(0, roster));
  REQUIRE_FALSE(must(home.witness(0)));
  CHECK_FALSE(home.approves(0, roster));
  const auto waiting = must(home.audit());
  REQUIRE(waiting.officers_by_ceremony.size() == 1);
  CHECK_FALSE(waiting.officers_by_ceremony[0].in_force);
  CHECK(home.witness(0).error().code == ErrorCode::already_exists);
  REQUIRE(must(home.witness(1)));
  CHECK(home.approves(0, roster));
  CHECK(home.approves(1, roster));
  CHECK(must(authority::issue_roster(home.context(), roster, home.plan(), {})).issued == 3);
  CHECK(home.all_is_well());
  const auto audit = must(home.audit());
  CHECK(audit.approved == 3);
  REQUIRE(audit.officers_by_ceremony.size() == 1);
  CHECK(audit.officers_by_ceremony[0].in_force);
  CHECK(audit.officers_by_ceremony[0].name == "officers-2");
  CHECK(audit.officers_by_ceremony[0].officers.size() == 2);
  CHECK(audit.officers_by_ceremony[0].witnesses == std::vector<std::string>{"Chứng Thử 1", "Chứng Thử 2"});
  // From then on they are officers as all others: another ceremony has no reason.
  OfficerCeremony third = home.planned();
  third.number = 3;
  CHECK(home.certified(third).error().message.find("2 officers can approve and 2 are needed") != std::string::npos);
}

TEST_CASE("While enough officers can approve no ceremony makes others, also when the root's key would sign") {
  Ended home;
  home.clock.set(time_at(2027, 6, 1));
  const std::uint64_t before = must(home.store->log_size());
  const Status refused = home.certified(home.planned());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::failed_precondition);
  CHECK(refused.error().message.find("2 officers can approve and 2 are needed") != std::string::npos);
  CHECK(must(home.store->log_size()) == before);
  // With one of two revoked nobody could decide any more.
  REQUIRE(authority::revoke(home.context(), home.officers[0], x509::RevocationReason::key_compromise, {}, "thử"));
  home.clock.set(home.clock.now() + hours(1));
  CHECK(home.certified(home.planned()));
  CHECK(home.certified(home.planned()));  // the same again
  CHECK(must(home.audit()).officers_by_ceremony.size() == 1);
}

TEST_CASE(
    "A ceremony of officers is refused with too few of them, too few witnesses, one who is both, or another key") {
  Ended home;
  OfficerCeremony other = home.planned();
  other.officers.pop_back();
  CHECK(home.certified(other).error().message.find("fewer officers than approvals") != std::string::npos);
  other = home.planned();
  other.witnesses.pop_back();
  CHECK(home.certified(other).error().message.find("fewer than two witnesses") != std::string::npos);
  other = home.planned();
  other.witnesses[0].public_key_info = other.officers[0].public_key_info;
  CHECK(home.certified(other).error().message.find("have the same key") != std::string::npos);
  other = home.planned();
  other.number = 3;
  CHECK(home.certified(other).error().message.find("the next one is officers-2") != std::string::npos);
  CHECK(authority::certify_officers(home.context(), home.planned(), *home.government_key, 2)
            .error()
            .message.find("is not the root's key") != std::string::npos);
  REQUIRE(home.certified(home.planned()));
  other = home.planned();
  other.witnesses[0].name = "Người khác";
  CHECK(home.certified(other).error().message.find("has signed other officers or witnesses") != std::string::npos);
  CHECK(authority::sign_as_witness(home.context(), "officers-2", "witness-1", *home.witness_keys[1]).error().code ==
        ErrorCode::permission_denied);
  CHECK(authority::sign_as_witness(home.context(), "officers-2", "witness-9", *home.witness_keys[1]).error().code ==
        ErrorCode::not_found);
  CHECK(authority::sign_as_witness(home.context(), "root", "witness-1", *home.witness_keys[1]).error().code ==
        ErrorCode::not_found);
}

TEST_CASE("When the root's certificate has ended too, nobody certifies officers any more") {
  Ended home;
  home.clock.set(time_at(2060, 1, 1));
  CHECK(home.certified(home.planned()).error().message.find("begin a new authority") != std::string::npos);
}

TEST_CASE("Officers whom the root's key did not sign for, or no witness saw, are found by the audit") {
  Ended home;
  const Bytes content = authority::officer_ceremony_content(home.planned());
  const std::string root = must(authority::read_issuers(*home.store, home.clock.now())).find("root")->certificate_id;
  const auto signed_by = [&](const Key& key, const Bytes& said) {
    return to_hex(must(
        key->sign(hsm::default_scheme(key->algorithm()), authority::officer_ceremony_statement(sha256(said), root))));
  };
  const auto entry = [&](const std::string& signature, const Bytes& said) {
    home.log_one("ceremony.begin", {{"ceremony", "officers-2"}, {"file", to_hex(reviewed)}});
    home.log_one("ceremony.officers", {{"ceremony", "officers-2"},
                                       {"content", std::string(text_of(said))},
                                       {"root", root},
                                       {"signature", signature}});
  };
  SECTION("as it should be") {
    entry(signed_by(home.root_key, content), content);
    CHECK(home.audit());
    // The store does not know it: somebody wrote into the log alone.
    CHECK(authority::reconcile(*home.store, home.clock.now()).error().code == ErrorCode::data_loss);
    return;
  }
  SECTION("signed with an issuing key") { entry(signed_by(home.government_key, content), content); }
  SECTION("with the signature over another list") {
    OfficerCeremony other = home.planned();
    other.officers[0].public_key_info = to_bytes(home.next_key->public_key_info());
    entry(signed_by(home.root_key, content), authority::officer_ceremony_content(other));
  }
  SECTION("while enough officers could approve") {
    home.clock.set(time_at(2027, 6, 1));
    entry(signed_by(home.root_key, content), content);
  }
  SECTION("in force without the signature of a witness") {
    home.held();
    REQUIRE_FALSE(must(home.witness(0)));
    home.log_one("officers.in_force", {{"ceremony", "officers-2"}});
  }
  SECTION("in force with a signature that another witness made") {
    home.held();
    REQUIRE_FALSE(must(home.witness(0)));
    const Key& stranger = home.witness_keys[0];
    home.log_one(
        "ceremony.witness",
        {{"ceremony", "officers-2"},
         {"transcript", to_hex(transcript)},
         {"witness", "Chứng Thử 2"},
         {"signature", to_hex(must(stranger->sign(hsm::default_scheme(stranger->algorithm()),
                                                  authority::witness_statement(transcript, "Chứng Thử 2"))))}});
    home.log_one("officers.in_force", {{"ceremony", "officers-2"}});
  }
  SECTION("in force without any ceremony") { home.log_one("officers.in_force", {{"ceremony", "officers-2"}}); }
  SECTION("certified with another key than the root's key signed for") {
    REQUIRE(authority::begin_ceremony(home.context(), "officers-2", reviewed));
    REQUIRE(home.certified(home.planned()));
    home.officer(0, hsm::software::generate({}).value());
  }
  SECTION("certified under another name") {
    REQUIRE(authority::begin_ceremony(home.context(), "officers-2", reviewed));
    REQUIRE(home.certified(home.planned()));
    home.single(*home.government, "government", "officers-2/officer-3", "officer", home.subject(7), home.keys[0]);
  }
  const auto found = home.audit();
  REQUIRE_FALSE(found);
  INFO(found.error().message);
  CHECK((found.error().code == ErrorCode::permission_denied || found.error().code == ErrorCode::failed_precondition));
}

TEST_CASE("Officers of a store whose log does not have their ceremony are found") {
  Ended home;
  auto transaction = must(home.store->begin());
  REQUIRE(transaction->set_fact("ceremony.officers-2",
                                std::string(text_of(authority::officer_ceremony_content(home.planned())))));
  REQUIRE(transaction->commit());
  const Status found = authority::reconcile(*home.store, home.clock.now());
  REQUIRE_FALSE(found);
  CHECK(found.error().message.find("the officers' ceremony officers-2") != std::string::npos);
}

TEST_CASE("The content of an officers' ceremony is read as it was written, and nothing else is") {
  Ended home;
  const OfficerCeremony ceremony = home.planned();
  const Bytes content = authority::officer_ceremony_content(ceremony);
  const OfficerCeremony again = must(authority::read_officer_ceremony(content));
  CHECK(authority::officer_ceremony_content(again) == content);
  CHECK(again.witness("witness-2")->name == "Chứng Thử 2");
  CHECK(again.witness("nobody") == nullptr);
  std::string spaced(text_of(content));
  spaced.insert(1, " ");
  for (const std::string& other : {spaced, std::string("{}"), std::string("[]"), std::string("x")})
    CHECK(authority::read_officer_ceremony(bytes_of(other)).error().code == ErrorCode::data_loss);
}
