#include <algorithm>
#include <set>

#include "ca/authority/reconcile.h"
#include "ca/authority/roster_due.h"
#include "ca/log/log.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::LifeFixture;
using antin::tests::must;

namespace {

using List = std::vector<std::string>;

x509::Certificate parsed(const store::CertificateRecord& record) {
  return must(x509::Certificate::from_der(record.der));
}

}  // namespace

TEST_CASE("renewed: the same key and content, at most three years, and the old certificate stays") {
  LifeFixture f(2);
  const auto old = f.of("P-1");
  f.go_before_end(old, 60);
  const auto result = f.done(f.acts({f.renew(1, old)}));
  CHECK(result.issued == 1);
  CHECK(result.revoked == 0);
  const auto renewed = f.after(old);
  CHECK(renewed.key_hash == old.key_hash);
  CHECK(parsed(renewed).subject() == parsed(old).subject());
  CHECK(renewed.mail == old.mail);
  CHECK(renewed.key_location == old.key_location);
  CHECK(renewed.serial.hex() != old.serial.hex());
  CHECK(renewed.not_before == f.clock.now());
  CHECK(to_rfc3339(renewed.not_after) == "2030-10-27T01:00:00Z");  // asked for on 28 October 2027
  REQUIRE(renewed.succession.has_value());
  CHECK(renewed.succession->act == "renew");
  CHECK(renewed.succession->predecessor == old.id);
  CHECK(f.by_id(old.id).status == store::CertificateStatus::valid);
  CHECK(f.store->revocations(old.id).value().empty());
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
  CHECK(log::verify(*f.store).has_value());
}

TEST_CASE("a renewal is refused when nobody of the body asks, and a second time under the old rule") {
  LifeFixture f(1);
  const auto old = f.of("P-1");
  SECTION("the person asks, or nobody") {
    auto row = f.renew(1, old);
    row["requested_by"] = "P-1";
    CHECK(f.errors(f.acts({row})) == List{"1 requested_by roster.not_by_managing_body"});
    row.erase("requested_by");
    CHECK(f.errors(f.acts({row})) == List{"1 requested_by roster.not_by_managing_body"});
  }
  SECTION("renewed once") {
    f.done(f.acts({f.renew(1, old)}));
    CHECK(f.errors(f.acts({f.renew(1, f.after(old))})) == List{"1 replaces roster.renewed_before"});
    CHECK(f.errors(f.acts({f.renew(1, old)})) == List{"1 replaces roster.replaced_before"});
    f.clock.set(time_at(2024, 9, 1));  // the new rule knows no such limit
    CHECK(f.errors(f.acts({f.renew(1, f.after(old))})).empty());
  }
}

TEST_CASE("under the old rule a renewal needs sixty days left, counted from the day when it was submitted") {
  LifeFixture f(2, time_at(2018, 12, 1));
  const auto old = f.of("P-1");
  f.go_before_end(old, 60);
  const Bytes hash = f.submit(f.acts({f.renew(1, old)}));
  f.clock.set(f.clock.now() + seconds(1));
  CHECK(f.errors(f.acts({f.renew(1, f.of("P-2"))})) == List{"1 replaces roster.renewal_too_late"});
  // It waits for approval for a month, and was in time.
  f.clock.set(f.clock.now() + days(30));
  f.approve(hash);
  CHECK(must(authority::issue_roster(f.context(), hash, f.plan(), {})).issued == 1);
}

TEST_CASE("what a renewal says of the certificate must be so") {
  LifeFixture f(2);
  const auto old = f.of("P-1"), other = f.of("P-2");
  auto row = f.renew(1, old);
  SECTION("no such certificate, or not named by its id") {
    row["replaces"] = "government-00";
    CHECK(f.errors(f.acts({row})) == List{"1 replaces roster.replaces_unknown"});
    row["replaces"] = "P-1";
    CHECK(f.errors(f.acts({row})) == List{"1 replaces roster.replaces_unknown"});
  }
  SECTION("the certificate of another subscriber, whose key would be taken") {
    row["replaces"] = other.id;
    const auto found = f.errors(f.acts({row}));
    CHECK(std::ranges::find(found, "1 replaces roster.replaces_of_another") != found.end());
    CHECK(std::ranges::find(found, "1 replaces roster.key_of_another") != found.end());
  }
  SECTION("another bloc") {
    row["bloc"] = "party";
    CHECK(f.errors(f.acts({row})) == List{"1 bloc roster.replaces_differs"});
  }
  SECTION("one certificate twice") {
    CHECK(f.errors(f.acts({row, f.renew(2, old)})) ==
          List{"2 code roster.code_twice", "2 replaces roster.replaced_twice", "2 replaces roster.key_twice"});
  }
  SECTION("suspended, revoked, expired") {
    REQUIRE(authority::suspend(f.context(), old.id, "").has_value());
    CHECK(f.errors(f.acts({row})) == List{"1 replaces roster.replaces_state"});
    REQUIRE(authority::revoke(f.context(), old.id, x509::RevocationReason::key_compromise, std::nullopt, "", f.body)
                .has_value());
    CHECK(f.errors(f.acts({row})) == List{"1 replaces roster.key_compromised", "1 replaces roster.replaces_state"});
    f.clock.set(other.not_after + days(1));
    const auto found = f.errors(f.acts({f.renew(1, other)}));
    CHECK(std::ranges::find(found, "1 replaces roster.replaces_state") != found.end());
  }
  SECTION("a body that is not known here is a note") {
    CHECK(f.rules(f.acts({row})) == List{"1 note requested_by roster.managing_body_unknown"});
  }
}

TEST_CASE("two rosters that renew one certificate: the second is refused when it is issued") {
  LifeFixture f(2);
  const auto old = f.of("P-1");
  const Bytes first = f.approved(f.acts({f.renew(1, old)}));
  const Bytes second = f.approved(f.acts({f.renew(1, old), f.renew(2, f.of("P-2"))}));
  REQUIRE(authority::issue_roster(f.context(), first, f.plan(), {}).has_value());
  const auto refused = authority::issue_roster(f.context(), second, f.plan(), {});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::failed_precondition);
  CHECK(refused.error().message.find("was replaced already by") != std::string::npos);
  CHECK(f.store->open_intents().value().empty());
}

TEST_CASE("a roster of acts that is done is known again by its file, and its hash covers the act") {
  LifeFixture f(1);
  const auto old = f.of("P-1");
  const std::string text = f.acts({f.renew(1, old)});
  const Bytes hash = f.approved(text);
  REQUIRE(authority::issue_roster(f.context(), hash, f.plan(), {}).has_value());
  const auto size = f.store->log_size().value();
  CHECK(f.submit(text) == hash);
  CHECK(f.store->log_size().value() == size);
  CHECK(must(authority::issue_roster(f.context(), hash, f.plan(), {})).issued_before == 1);
  CHECK(f.store->roster(hash).value().issued == 1);

  LifeFixture g(1);
  const auto its = g.of("P-1");
  auto row = g.renew(1, its);
  const Bytes by_one = g.submit(g.acts({row}));
  row["requested_by"] = "000.00.98.H36";
  CHECK(g.submit(g.acts({row})) != by_one);
}

TEST_CASE("a roster that is not done is due when its most urgent act is") {
  LifeFixture f(2);  // Wednesday 28 December 2022
  const auto due = [&](const Bytes& hash) {
    return must(authority::roster_due(f.context(), must(f.store->roster(hash))));
  };
  const Bytes renewal = f.submit(f.acts({f.renew(1, f.of("P-1"))}));
  REQUIRE(due(renewal).has_value());
  CHECK(due(renewal)->at == time_at(2023, 1, 2, 17));  // the end of Monday in Vietnam
  CHECK(due(renewal)->policy == "nd-130-2018");
  const Bytes both = f.submit(f.acts({f.renew(1, f.of("P-1")), f.revoke(2, f.of("P-2"))}));
  CHECK(due(both)->at == f.clock.now() + hours(12));
  f.approve(both);
  REQUIRE(authority::issue_roster(f.context(), both, f.plan(), {}).has_value());
  CHECK_FALSE(due(both).has_value());
}

TEST_CASE("rows that do not fit their act are refused with their line") {
  LifeFixture f(1);
  const auto old = f.of("P-1");
  const auto refused = [&](nlohmann::json row, const char* member, const nlohmann::json& value, const char* why) {
    if (value.is_null())
      row.erase(member);
    else
      row[member] = value;
    INFO(row.dump());
    const auto roster = authority::read_roster(bytes_of(f.acts({row})));
    REQUIRE_FALSE(roster.has_value());
    CHECK(roster.error().code == ErrorCode::invalid_argument);
    CHECK(roster.error().message.find("roster line 2: ") == 0);
    CHECK(roster.error().message.find(why) != std::string::npos);
  };
  refused(f.renew(1, old), "act", "extend", "none of issue");
  refused(f.renew(1, old), "replaces", nullptr, "is missing");
  refused(f.renew(1, old), "key", "csr", "\"key\"");
  refused(f.renew(1, old), "csr", "AAAA", "keeps the key");
  refused(f.renew(1, old), "fields", nlohmann::json::object(), "\"fields\"");
  refused(f.renew(1, old), "reason", "superseded", "nothing is revoked");
  refused(f.revoke(1, old), "reason", nullptr, "says why");
  refused(f.revoke(1, old), "reason", "certificateHold", "does not fit the act");
  refused(f.revoke(1, old), "invalidity_date", "yesterday", "RFC 3339");
  refused(f.change(1, old, "x"), "reason", "keyCompromise", "does not fit the act");
  refused(f.change(1, old, "x"), "fields", nullptr, "\"fields\"");
  refused(f.row(1, *f.keys[0]), "replaces", old.id, "row that issues");
  refused(f.row(1, *f.keys[0]), "reason", "superseded", "nothing is revoked");
  // The older format knows no acts.
  auto text = f.acts({f.renew(1, old)});
  text.replace(text.find("roster-2"), 8, "roster-1");
  CHECK(authority::read_roster(bytes_of(text)).error().message.find("unknown member") != std::string::npos);
}

TEST_CASE("a roster of the first format has the hash that it always had") {
  LifeFixture f(1);
  // What was approved before acts existed must still be what was approved: the canonical form, written by hand.
  const auto row = f.row(1, *hsm::software::generate({}).value());
  const Bytes request = from_base64(row["csr"].get<std::string>()).value();
  nlohmann::json canonical = row;
  canonical.erase("csr");
  canonical["code"] = "Q-1";
  canonical["key_spec"] = "ec-p256";
  canonical["binding"] = to_hex(sha256(request));
  auto changed = row;
  changed["code"] = "Q-1";
  const Bytes expected = Hasher().update(bytes_of("antin-roster-1\nthử\n" + canonical.dump() + "\n")).finish();
  CHECK(f.submit(f.file({changed})) == expected);
}

TEST_CASE("a roster is written as it is read") {
  LifeFixture f(3);
  auto joined = f.row(4, *hsm::software::generate({}).value());
  const std::string text =
      f.acts({f.renew(1, f.of("P-1")), f.change(2, f.of("P-2"), "PHÒNG MỚI"), f.revoke(3, f.of("P-3")), joined});
  const auto roster = must(authority::read_roster(bytes_of(text)));
  const std::string written = authority::roster_file(roster);
  CHECK(authority::roster_file(must(authority::read_roster(bytes_of(written)))) == written);
  CHECK(f.submit(written) == f.submit(text));
}

TEST_CASE("the ends of a roster of today are spread by policy, roster and row; a change ends with the old one") {
  LifeFixture f(40, time_at(2026, 3, 2, 1));
  const auto roster = must(f.store->rosters()).front();
  const auto profile = must(issuance::built_in_profile("personal"));
  const Time latest = must(profile.validity(f.clock.now(), std::nullopt)).not_after;
  std::set<Time> ends;
  for (std::uint64_t row = 1; row <= 40; ++row) {
    const auto record = f.of("P-" + std::to_string(row));
    const days earlier = policy::spread(60, roster.hash, row, 40, latest - record.not_before);
    CHECK(record.not_after == latest - earlier);
    CHECK(earlier <= days(39));
    ends.insert(record.not_after);
  }
  CHECK(ends.size() > 15);
  const auto old = f.of("P-1");
  f.done(f.acts({f.change(1, old, "PHÒNG MỚI"), f.change(2, f.of("P-2"), "PHÒNG MỚI")}));
  CHECK(f.after(old).not_after == old.not_after);
}
