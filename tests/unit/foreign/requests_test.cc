#include "ca/foreign/requests.h"

#include "base/encoding.h"
#include "ca/authority/reconcile.h"
#include "ca/foreign/import.h"
#include "ca/log/log.h"
#include "ca/x509/csr.h"
#include "tests/unit/authority/authority_fixture.h"
#include "tests/unit/foreign/foreign_fixture.h"

using namespace antin;
using namespace antin::tests;
using store::RequestState;

namespace {

const std::string elsewhere = "NƠI CẤP THỬ";

// Our authority, and another one that has certified a person's key.
struct Outside : AuthorityFixture {
  TestAuthority other{"CA THỬ NGHIỆM của nơi khác"};
  TestAuthority::Subscriber person =
      other.issue_to(name({{"O", committee}, {"OU", "SỞ NỘI VỤ"}, {"CN", "Nguyễn Văn Thử"}}), {}, time_at(2022, 12, 1));

  static x509::Name name(std::vector<x509::NameAttribute> attributes) { return tests::name(std::move(attributes)); }
  authority::Roster::Row row(const hsm::SigningKey& key, const std::string& code = "CB-1",
                             const std::string& cn = "Nguyễn Văn Thử") const {
    authority::Roster::Row made;
    made.row = 1;
    made.code = code;
    made.kind = "personal";
    made.bloc = "government";
    made.profile = "personal";
    made.key = "csr";
    made.requested_by = body;
    made.fields = {{"cn", cn}, {"o", committee}, {"ou", "SỞ NỘI VỤ"}, {"mail", "thunv.snv@lamdong.test"}};
    const auto request = must(x509::CertificationRequest::make(name({{"CN", cn}}), key));
    made.request = to_bytes(request.der());
    return made;
  }
  static authority::Roster roster(std::vector<authority::Roster::Row> rows) {
    authority::Roster made;
    made.name = "xin nơi khác";
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row = i + 1;
    made.rows = std::move(rows);
    return made;
  }
  foreign::Collected collect(std::vector<authority::Roster::Row> rows, const std::string& authority = elsewhere,
                             bool dry_run = false) {
    return must(
        foreign::collect_requests(context(), roster(std::move(rows)), authority, clock.now() + days{90}, dry_run));
  }
  foreign::Outcome import(const std::vector<x509::Certificate>& certificates) {
    foreign::Folder folder_given;
    for (const x509::Certificate& one : certificates) folder_given.certificates.push_back({"a.pem", one});
    return must(foreign::import_certificates(context(), folder_given, {}, foreign::Province({}, some_units()), false));
  }
  RequestState state() const { return state_at(must(store->outside_requests()).at(0), clock.now()); }
  void check_log() {
    CHECK(log::verify(*store).has_value());
    const auto reconciled = authority::reconcile(*store, clock.now());
    INFO((reconciled ? "" : reconciled.error().message));
    CHECK(reconciled.has_value());
  }
};

std::vector<std::string> rules(const foreign::Collected& collected) {
  std::vector<std::string> all;
  for (const authority::Finding& finding : collected.findings)
    if (finding.error) all.push_back(finding.rule);
  return all;
}
using List = std::vector<std::string>;

}  // namespace

TEST_CASE("a request is collected once, exported, and answered by the certificate that has its key") {
  Outside home;
  CHECK(home.collect({home.row(*home.person.key)}, elsewhere, true).taken.size() == 1);
  CHECK(must(home.store->outside_requests()).empty());
  const foreign::Collected first = home.collect({home.row(*home.person.key)});
  REQUIRE(first.taken.size() == 1);
  CHECK(home.collect({home.row(*home.person.key)}).known.size() == 1);
  CHECK(must(home.store->outside_requests()).size() == 1);
  CHECK(home.state() == RequestState::collected);

  bool published = false;
  REQUIRE(foreign::mark_exported(home.context(), {first.taken[0].id}, Bytes(32, 1), [&]() -> Status {
            published = true;
            return {};
          }).has_value());
  CHECK(published);
  CHECK(home.state() == RequestState::exported);

  const foreign::Outcome outcome = home.import({home.other.root(), home.person.certificate});
  REQUIRE(outcome.answers.size() == 1);
  CHECK(outcome.answers[0].request == first.taken[0].id);
  CHECK(home.state() == RequestState::issued);
  const auto tracked = must(home.store->foreign_certificates());
  CHECK(tracked.at(0).subscriber == "CB-1");
  CHECK(tracked.at(0).kind == "personal");
  CHECK(home.import({home.other.root(), home.person.certificate}).answers.empty());
  // It stays the other authority's: nothing of ours has its key.
  CHECK(must(home.store->certificates_by_key(tracked.at(0).key_hash, home.clock.now())).empty());
  home.check_log();
}

TEST_CASE("what cannot be written to disk is not marked as exported") {
  Outside home;
  const std::string id = home.collect({home.row(*home.person.key)}).taken.at(0).id;
  const auto full = [] { return Status(fail(ErrorCode::resource_exhausted, "disk full")); };
  CHECK_FALSE(foreign::mark_exported(home.context(), {id}, Bytes(32, 1), full).has_value());
  CHECK(home.state() == RequestState::collected);
  home.check_log();
}

TEST_CASE(
    "a row without proof of possession, with a weak or blocked key, or that is no request, is refused with all "
    "others") {
  Outside home;
  authority::Roster::Row bad = home.row(*home.person.key);
  SECTION("the signature is another's") {
    bad.request.back() ^= 1;
    CHECK(rules(home.collect({bad})) == List{"roster.csr_no_possession"});
  }
  SECTION("the key is weak") {
    const auto weak = must(hsm::software::generate({hsm::KeyAlgorithm::rsa, 1024}));
    CHECK(rules(home.collect({home.row(*weak)})) == List{"roster.key_weak"});
  }
  SECTION("the key is in our token") {
    bad.key = "token";
    bad.request.clear();
    CHECK(rules(home.collect({bad})) == List{"request.own_token"});
  }
  SECTION("it renews") {
    bad.act = policy::Act::renew;
    CHECK(rules(home.collect({bad})) == List{"request.other_act"});
  }
  SECTION("one of two") {
    bad.request.back() ^= 1;
    const auto good = must(hsm::software::generate({}));
    CHECK(home.collect({home.row(*good, "CB-2"), bad}).taken.empty());
  }
  CHECK(must(home.store->outside_requests()).empty());
}

TEST_CASE("a key that is certified, or asked for elsewhere, is not asked for again") {
  Outside home;
  SECTION("it is in a certificate of ours") {
    CHECK(rules(home.collect({home.row(*home.officer_keys[0])})) == List{"roster.key_of_another"});
  }
  SECTION("the other authority certified it") {
    home.import({home.person.certificate});
    CHECK(rules(home.collect({home.row(*home.person.key)})) == List{"request.certified"});
  }
  SECTION("another subscriber asks with it, or another authority is asked") {
    home.collect({home.row(*home.person.key)});
    CHECK(rules(home.collect({home.row(*home.person.key, "CB-2")})) == List{"request.key_open"});
    CHECK(rules(home.collect({home.row(*home.person.key)}, "NƠI KHÁC NỮA")) == List{"request.key_open"});
  }
}

TEST_CASE("a request for a CA of ours is a roster, not a request") {
  Outside home;
  const auto asked = foreign::collect_requests(home.context(), home.roster({home.row(*home.person.key)}),
                                               "ca thử nghiệm khối nhà nước", home.clock.now(), false);
  REQUIRE_FALSE(asked);
  CHECK(asked.error().code == ErrorCode::permission_denied);
}

TEST_CASE("a certificate with the key and another name is no answer, nor one that nobody's CA signed") {
  Outside home;
  SECTION("another name") {
    home.collect({home.row(*home.person.key, "CB-1", "Trần Thị Mẫu")});
    const foreign::Outcome outcome = home.import({home.other.root(), home.person.certificate});
    CHECK(outcome.answers.empty());
    CHECK(outcome.taken.at(0).certificate.subscriber.empty());
    CHECK(outcome.taken.at(0).certificate.doubts.back().rule == "import.not_as_asked");
  }
  SECTION("another's signature") {
    home.collect({home.row(*home.person.key)});
    const TestAuthority twin("CA THỬ NGHIỆM của nơi khác");
    CHECK(home.import({twin.root(), home.person.certificate}).answers.empty());
  }
  CHECK(home.state() == RequestState::collected);
}

TEST_CASE("a request that was refused or that nobody answered is closed, and its key may be asked for again") {
  Outside home;
  const std::string id = home.collect({home.row(*home.person.key)}).taken.at(0).id;
  SECTION("refused") {
    CHECK(foreign::refuse_requests(home.context(), {id, "request-none"}, "thiếu văn bản").error().code ==
          ErrorCode::not_found);
    CHECK(home.state() == RequestState::collected);
    REQUIRE(foreign::refuse_requests(home.context(), {id}, "thiếu văn bản").has_value());
    CHECK(home.state() == RequestState::refused);
    CHECK(foreign::refuse_requests(home.context(), {id}, "hai lần").error().code == ErrorCode::failed_precondition);
    home.clock.set(home.clock.now() + seconds{1});
  }
  SECTION("not answered") {
    home.clock.set(home.clock.now() + days{90} + seconds{1});
    CHECK(home.state() == RequestState::expired);
    CHECK(foreign::mark_exported(home.context(), {id}, Bytes(32, 1), [] { return Status(); }).error().code ==
          ErrorCode::failed_precondition);
  }
  CHECK(home.collect({home.row(*home.person.key)}).taken.size() == 1);
  home.check_log();
}

TEST_CASE("the log and the store are held against each other in requests too") {
  Outside home;
  const std::string id = home.collect({home.row(*home.person.key)}).taken.at(0).id;
  auto transaction = must(home.store->begin());
  REQUIRE(transaction->add_outside_event(id, {RequestState::refused, home.clock.now(), "", "không ghi"}).has_value());
  REQUIRE(transaction->commit().has_value());
  CHECK(authority::reconcile(*home.store, home.clock.now()).error().code == ErrorCode::data_loss);
}
