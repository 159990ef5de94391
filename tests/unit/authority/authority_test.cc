#include "ca/authority/authority.h"

#include <set>

#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;
using antin::tests::must;

namespace {

std::vector<std::string> rules(AuthorityFixture& f, const std::string& text) {
  std::vector<std::string> found;
  const auto findings = authority::check_roster(f.context(), authority::read_roster(bytes_of(text)).value()).value();
  for (const auto& finding : findings) found.push_back(std::to_string(finding.row) + " " + finding.rule);
  return found;
}
using List = std::vector<std::string>;

}  // namespace

TEST_CASE("a roster is issued after two officers approved it, once, and the log holds every act") {
  AuthorityFixture f;
  const Bytes hash = f.submit(f.file(f.rows(23)));
  auto plan = f.plan();
  plan.group_size = 5;
  CHECK(authority::issue_roster(f.context(), hash, plan, {}).value().approvals_missing == 2);
  REQUIRE(authority::approve(f.context(), hash, f.officers[0], *f.officer_keys[0]).has_value());
  CHECK(authority::approve(f.context(), hash, f.officers[0], *f.officer_keys[0]).error().code ==
        ErrorCode::already_exists);
  CHECK(authority::approve(f.context(), hash, f.officers[1], *f.officer_keys[0]).error().code ==
        ErrorCode::permission_denied);
  CHECK(authority::issue_roster(f.context(), hash, plan, {}).value().issued == 0);
  REQUIRE(authority::approve(f.context(), hash, f.officers[1], *f.officer_keys[1]).has_value());
  const auto issued = authority::issue_roster(f.context(), hash, plan, {});
  INFO((issued ? "" : issued.error().message));
  REQUIRE(issued.has_value());
  CHECK(issued->issued == 23);
  const auto again = authority::issue_roster(f.context(), hash, plan, {}).value();
  CHECK(again.issued == 0);
  CHECK(again.issued_before == 23);
  const auto personal = f.store->certificates({.kind = "personal"}, f.clock.now()).value();
  std::set<std::string> codes;
  for (const auto& record : personal) codes.insert(record.subscriber);
  CHECK(personal.size() == 23);
  CHECK(codes.size() == 23);
  // 5 single certificates and 23 of the roster, each with an intent; submit; two approvals.
  CHECK(log::verify(*f.store).value().size == 2 * 28 + 1 + 2);
  CHECK(f.store->roster(hash).value().issued == 23);
}

TEST_CASE("the same roster again gives the same hash and changes nothing; another row gives another hash") {
  AuthorityFixture f;
  auto rows = f.rows(3);
  const Bytes first = f.submit(f.file(rows));
  const auto size = f.store->log_size().value();
  CHECK(f.submit(f.file(rows)) == first);
  CHECK(f.store->log_size().value() == size);
  rows[1]["fields"]["cn"] = "Tên Khác";
  CHECK(f.submit(f.file(rows)) != first);
}

TEST_CASE("the dry run finds what is wrong, row by row, and writes nothing") {
  AuthorityFixture f;
  auto rows = f.rows(4);
  const auto size = f.store->log_size().value();
  SECTION("nothing wrong") { CHECK(rules(f, f.file(rows)).empty()); }
  SECTION("duplicate code") {
    rows[2]["code"] = "P-1";
    CHECK(rules(f, f.file(rows)) == List{"3 roster.code_twice"});
  }
  SECTION("one key in two rows") {
    rows[3]["csr"] = rows[0]["csr"];
    CHECK(rules(f, f.file(rows)) == List{"4 roster.key_twice"});
  }
  SECTION("tampered request") {
    Bytes request = from_base64(rows[1]["csr"].get<std::string>()).value();
    request.back() ^= 1;
    rows[1]["csr"] = to_base64(request);
    CHECK(rules(f, f.file(rows)) == List{"2 roster.csr_no_possession"});
  }
  SECTION("not a request") {
    rows[1]["csr"] = to_base64(bytes_of("no request"));
    CHECK(rules(f, f.file(rows)) == List{"2 roster.csr_malformed"});
  }
  SECTION("a name that does not fit") {
    rows[0]["fields"]["cn"] = std::string(65, 'x');
    CHECK(rules(f, f.file(rows)) == List{"1 roster.name_unfit"});
  }
  SECTION("what the linter would refuse at issue") {
    rows[1]["fields"]["mail"] = "thu.lamdong.test";
    rows[3]["fields"]["mail"] = "a@b@lamdong.test";
    CHECK(rules(f, f.file(rows)) == List{"2 roster.lint", "4 roster.lint"});
  }
  SECTION("a name that is written backwards") {
    rows[0]["fields"]["cn"] = "Nguyễn \u202eửhT";
    CHECK(rules(f, f.file(rows)) == List{"1 roster.name_unfit"});
  }
  SECTION("unknown profile") {
    rows[0]["profile"] = "emperor";
    CHECK(rules(f, f.file(rows)) == List{"1 roster.profile_unknown"});
  }
  SECTION("a person who asks for themselves, and nobody who asks") {
    rows[0]["requested_by"] = "P-1";
    rows[2].erase("requested_by");
    CHECK(rules(f, f.file(rows)) == List{"1 roster.not_by_managing_body", "3 roster.not_by_managing_body"});
  }
  SECTION(
      "numbers: a wrong check digit and a wrong form are told, without the number; what cannot be decided is no "
      "fault") {
    rows[0]["fields"]["uid"] = "MST:0000000018";
    rows[1]["fields"]["uid"] = "CCCD:09908500012";
    rows[2]["fields"]["uid"] = "MST:0000000000";
    rows[3]["fields"]["uid"] = "MST:0000000017";
    CHECK(rules(f, f.file(rows)) == List{"1 roster.number_check_digit", "2 roster.number_form"});
    for (const auto& finding :
         must(authority::check_roster(f.context(), must(authority::read_roster(bytes_of(f.file(rows)))))))
      CHECK((finding.arguments == List{"MST"} || finding.arguments == List{"CCCD"}));
  }
  SECTION("citizens and firms") {
    rows[0]["profile"] = "citizen";
    rows[0]["fields"] = {{"cn", "Ka Nhùm Thử"}, {"st", "Lâm Đồng"}, {"uid", "CCCD:099085000123"}};
    rows[1]["profile"] = "firm";
    rows[1]["kind"] = "organisation";
    rows[1]["fields"] = {{"cn", "CÔNG TY THỬ"}, {"st", "Lâm Đồng"}, {"uid", "MST:0000000017"}};
    rows[2]["profile"] = "citizen";  // a number is what tells citizens apart
    rows[2]["fields"] = {{"cn", "Ka Nhùm Thử"}, {"st", "Lâm Đồng"}};
    CHECK(rules(f, f.file(rows)) == List{"3 roster.name_unfit"});
  }
  SECTION("profile of another kind") {
    rows[0]["profile"] = "issuing";
    CHECK(rules(f, f.file(rows)).front() == "1 roster.kind_profile");
  }
  CHECK(f.store->log_size().value() == size);
  CHECK(f.store->rosters().value().empty());
}

TEST_CASE("a key that has a certificate of somebody else, or was compromised, is refused") {
  AuthorityFixture f;
  const auto key = hsm::software::generate({}).value();
  const Bytes hash = f.submit(f.file({f.row(1, *key)}));
  f.approve(hash);
  REQUIRE(authority::issue_roster(f.context(), hash, f.plan(), {}).value().issued == 1);
  auto other = f.row(1, *key);
  other["fields"]["cn"] = "Người Khác";
  CHECK(rules(f, f.file({other})) == List{"1 roster.key_of_another"});
  const auto record = f.store->certificate("P-1", f.clock.now()).value();
  REQUIRE(authority::revoke(f.context(), record.id, x509::RevocationReason::key_compromise, std::nullopt,
                            "mất thiết bị", f.body)
              .has_value());
  CHECK(rules(f, f.file({f.row(1, *key)})) == List{"1 roster.key_compromised"});
}

TEST_CASE("a malformed roster file is refused with its line") {
  for (const char* text :
       {"", "x", "{}", "{\"format\":\"antin-roster-1\",\"name\":\"n\"}\n",
        "{\"format\":\"antin-roster-1\",\"name\":\"n\"}\n{}\n", "{\"format\":\"antin-roster-1\",\"name\":\"n\"}\n\n",
        "{\"format\":\"antin-roster-1\",\"name\":\"n\"}\n{\"row\":1,\"code\":1}\n"})
    CHECK(authority::read_roster(bytes_of(text)).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a run that dies between intent and certificate is finished with the same serials") {
  AuthorityFixture f;
  const Bytes hash = f.submit(f.file(f.rows(7)));
  f.approve(hash);
  struct Stop {};
  auto plan = f.plan();
  plan.group_size = 3;
  int commits = 0;
  plan.at_step = [&](std::string_view step) {
    if (step == "after-commit" && ++commits == 2) throw Stop{};
  };
  CHECK_THROWS_AS(authority::issue_roster(f.context(), hash, plan, {}), Stop);
  const auto open = f.store->open_intents().value();
  CHECK(open.size() == 6);
  plan.at_step = {};
  CHECK(authority::issue_roster(f.context(), hash, plan, {}).value().issued == 7);
  CHECK(f.store->open_intents().value().empty());
  for (const auto& intent : open)
    CHECK(f.store->certificate_by_serial(intent.issuer, intent.serial, f.clock.now()).value().has_value());
  CHECK(f.store->certificates({.kind = "personal"}, f.clock.now()).value().size() == 7);
}

TEST_CASE("a clock that went backwards stops the authority") {
  AuthorityFixture f;
  const auto rows = f.file(f.rows(1));
  f.clock.set(time_at(2022, 12, 27));
  const auto refused =
      authority::submit_roster(f.context(), authority::read_roster(bytes_of(rows)).value(), nullptr, {});
  CHECK(refused.error().code == ErrorCode::failed_precondition);
  CHECK(f.store->rosters().value().empty());
}

TEST_CASE("an act that waited for another writer's turn is not taken for a clock that went backwards") {
  AuthorityFixture f;
  const auto first = f.file(f.rows(1)), second = f.file(f.rows(2));
  f.clock.set(f.clock.now() + seconds{20});
  f.submit(first);
  f.clock.set(f.clock.now() - seconds{10});
  f.submit(second);
  // The tolerance does not add up: it is measured from the latest act.
  f.clock.set(f.clock.now() - seconds{10});
  const auto third = f.file(f.rows(3));
  CHECK(authority::submit_roster(f.context(), authority::read_roster(bytes_of(third)).value(), nullptr, {})
            .error()
            .code == ErrorCode::failed_precondition);
}

TEST_CASE("suspended, resumed, revoked: each state allows what it should") {
  AuthorityFixture f;
  const Bytes hash = f.submit(f.file(f.rows(1)));
  f.approve(hash);
  REQUIRE(authority::issue_roster(f.context(), hash, f.plan(), {}).has_value());
  const std::string id = f.store->certificate("P-1", f.clock.now()).value().id;
  const auto status = [&] { return f.store->certificate(id, f.clock.now()).value().status; };
  CHECK(authority::resume(f.context(), id, "").error().code == ErrorCode::failed_precondition);
  REQUIRE(authority::suspend(f.context(), id, "nghi mất").has_value());
  CHECK(status() == store::CertificateStatus::suspended);
  CHECK(authority::suspend(f.context(), id, "").error().code == ErrorCode::failed_precondition);
  REQUIRE(authority::resume(f.context(), id, "tìm thấy").has_value());
  CHECK(status() == store::CertificateStatus::valid);
  CHECK(authority::revoke(f.context(), id, x509::RevocationReason::certificate_hold, std::nullopt, "").error().code ==
        ErrorCode::invalid_argument);
  REQUIRE(authority::revoke(f.context(), id, x509::RevocationReason::cessation_of_operation, std::nullopt, "giải thể",
                            f.body)
              .has_value());
  CHECK(status() == store::CertificateStatus::revoked);
  CHECK(authority::revoke(f.context(), id, x509::RevocationReason::superseded, std::nullopt, "").error().code ==
        ErrorCode::failed_precondition);
  CHECK(authority::revoke(f.context(), "government-00", x509::RevocationReason::superseded, std::nullopt, "")
            .error()
            .code == ErrorCode::not_found);
}

TEST_CASE("a subscriber's certificate ends when the managing body asks, and the log says which") {
  AuthorityFixture f;
  const Bytes hash = f.submit(f.file(f.rows(1)));
  f.approve(hash);
  REQUIRE(authority::issue_roster(f.context(), hash, f.plan(), {}).has_value());
  const auto revoke = [&](const std::string& who, const std::string& requested_by) {
    return authority::revoke(f.context(), f.store->certificate(who, f.clock.now()).value().id,
                             x509::RevocationReason::affiliation_changed, std::nullopt, "", requested_by);
  };
  for (const std::string& nobody : List{"", "P-1", std::string(65, 'x')}) {
    const Status refused = revoke("P-1", nobody);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.contains("managing body"));
  }
  CHECK(f.store->certificate("P-1", f.clock.now()).value().status == store::CertificateStatus::valid);
  REQUIRE(revoke("P-1", f.body).has_value());
  std::string last;
  REQUIRE(f.store->for_each_log_entry(0, [&](const store::LogEntry& entry) -> Status {
    last = std::string(text_of(entry.entry));
    return {};
  }));
  CHECK(last.contains("\"requested_by\":\"000.00.99.H36\""));
  // Nobody's body: the authority's own are ended by whoever runs it.
  CHECK(authority::revoke(f.context(), f.officers[1], x509::RevocationReason::superseded, std::nullopt, ""));
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
}

TEST_CASE("nothing is suspended unless the home's configuration says so; what is suspended can be resumed") {
  AuthorityFixture f;
  const Bytes hash = f.submit(f.file(f.rows(1)));
  f.approve(hash);
  REQUIRE(authority::issue_roster(f.context(), hash, f.plan(), {}).has_value());
  const std::string id = f.store->certificate("P-1", f.clock.now()).value().id;
  f.settings.suspension = false;
  const Status refused = authority::suspend(f.context(), id, "nghi mất");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::failed_precondition);
  CHECK(f.store->revocations(id).value().empty());
  f.settings.suspension = true;
  REQUIRE(authority::suspend(f.context(), id, "nghi mất"));
  f.settings.suspension = false;
  CHECK(authority::resume(f.context(), id, "tìm thấy"));
}

TEST_CASE("a root is not revoked by its own list") {
  AuthorityFixture f;
  const auto root = f.store->certificates({.kind = "root"}, f.clock.now()).value().front();
  CHECK(authority::revoke(f.context(), root.id, x509::RevocationReason::superseded, std::nullopt, "").error().code ==
        ErrorCode::failed_precondition);
  CHECK(authority::suspend(f.context(), root.id, "").error().code == ErrorCode::failed_precondition);
  CHECK(f.store->revocations(root.id).value().empty());
}

TEST_CASE("asking again for a single certificate returns the same one") {
  AuthorityFixture f;
  const auto key = hsm::software::generate({}).value();
  const auto first = f.single(*f.government, "government", "service/1", "organisation", f.name("x"), key);
  CHECK(f.single(*f.government, "government", "service/1", "organisation", f.name("x"), key).der == first.der);
}

TEST_CASE("what was signed is in the store also when a later row cannot be prepared, and the next run goes on") {
  // Runs dry after a while, as a source of random octets can.
  struct Finite final : RandomSource {
    SystemRandom source;
    unsigned left;
    explicit Finite(unsigned calls) : left(calls) {}
    Status fill(std::span<std::uint8_t> out) override {
      if (left == 0) return fail_now();
      --left;
      return source.fill(out);
    }
    static Status fail_now() { return fail(ErrorCode::unavailable, "no random octets"); }
  };
  AuthorityFixture f;
  const Bytes hash = f.submit(f.file(f.rows(20)));
  for (int i = 0; i < 2; ++i)
    REQUIRE(authority::approve(f.context(), hash, f.officers[i], *f.officer_keys[i]).has_value());
  auto plan = f.plan();
  plan.group_size = 5;
  Finite random(12);  // the third group of five fails in its middle
  const auto stopped = authority::issue_roster({*f.store, f.clock, random}, hash, plan, {});
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::unavailable);
  CHECK(f.store->certificates({.kind = "personal"}, f.clock.now()).value().size() == 10);
  CHECK(f.store->open_intents().value().empty());
  const auto resumed = authority::issue_roster(f.context(), hash, plan, {}).value();
  CHECK(resumed.issued == 10);
  CHECK(resumed.issued_before == 10);
  CHECK(log::verify(*f.store).has_value());
}
