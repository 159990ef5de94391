// New keys, new contents and the ends of certificates by rows of a roster.
#include <algorithm>

#include "ca/authority/key_block.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::LifeFixture;
using antin::tests::must;

namespace {

using List = std::vector<std::string>;
using State = store::CertificateStatus;
using Reason = x509::RevocationReason;

}  // namespace

TEST_CASE("changed: the same key until the old end; the old certificate is superseded in the same transaction") {
  LifeFixture f(2);
  const auto old = f.of("P-1");
  f.clock.set(time_at(2024, 1, 10));
  CHECK(f.done(f.acts({f.change(1, old, "PHÒNG MỚI")})).issued == 1);
  const auto changed = f.after(old);
  CHECK(changed.not_after == old.not_after);
  CHECK(changed.key_hash == old.key_hash);
  CHECK(changed.subject != old.subject);
  CHECK(f.by_id(old.id).status == State::revoked);
  const auto events = f.store->revocations(old.id).value();
  REQUIRE(events.size() == 1);
  CHECK(events.front().reason == Reason::superseded);
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
}

TEST_CASE("a change of a person's body revokes for the reason that the row gives") {
  LifeFixture f(1);
  const auto old = f.of("P-1");
  auto row = f.change(1, old, "UBND XÃ KHÁC");
  row["reason"] = "affiliationChanged";
  row["bloc"] = "party";
  f.done(f.acts({row}));
  CHECK(f.store->revocations(old.id).value().front().reason == Reason::affiliation_changed);
  CHECK(f.after(old).issuer == "party");
}

TEST_CASE("a change that changes nothing, or takes the key of another subscriber, is refused") {
  LifeFixture f(2);
  const auto old = f.of("P-1");
  CHECK(f.errors(f.acts({f.change(1, old, "UBND XÃ ĐẠ K' NÀNG")})) == List{"1 fields roster.change_nothing"});
  auto row = f.change(1, old, "PHÒNG MỚI");
  row["code"] = "P-9";
  const auto found = f.errors(f.acts({row}));
  CHECK(std::ranges::find(found, "1 replaces roster.key_of_another") != found.end());
}

TEST_CASE("rekeyed: a new key for as long as a new certificate; the old one ends when the row says why") {
  LifeFixture f(2);
  const auto key = hsm::software::generate({}).value();
  const auto old = f.of("P-1");
  auto row = f.rekey(1, old, *key);
  SECTION("without a reason the old one stays") {
    f.done(f.acts({row}));
    const auto next = f.after(old);
    CHECK(next.key_hash == to_bytes(sha256(key->public_key_info())));
    CHECK(next.succession->act == "rekey");
    CHECK(f.by_id(old.id).status == State::valid);
    CHECK(next.not_after > f.clock.now() + days(4 * 365));
  }
  SECTION("a lost device") {
    row["reason"] = "keyCompromise";
    row["invalidity_date"] = "2022-12-27T00:00:00Z";
    f.done(f.acts({row}));
    const auto events = f.store->revocations(old.id).value();
    REQUIRE(events.size() == 1);
    CHECK(events.front().reason == Reason::key_compromise);
    CHECK(events.front().invalidity_date == time_at(2022, 12, 27));
    CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
  }
  SECTION("a date that is still to come") {
    row["reason"] = "keyCompromise";
    row["invalidity_date"] = "2023-12-27T00:00:00Z";
    CHECK(f.errors(f.acts({row})) == List{"1 invalidity_date roster.invalidity_future"});
  }
  SECTION("the key is not new") {
    CHECK(f.errors(f.acts({f.rekey(1, old, *f.keys[0])})) == List{"1 csr roster.key_not_new"});
    CHECK(f.errors(f.acts({f.rekey(1, old, *f.keys[1])})) == List{"1 csr roster.key_of_another"});
  }
  SECTION("another content with the new key must end the old certificate") {
    row["fields"]["ou"] = "PHÒNG MỚI";
    CHECK(f.errors(f.acts({row})) == List{"1 reason roster.rekey_content"});
    row["reason"] = "affiliationChanged";
    CHECK(f.errors(f.acts({row})).empty());
  }
  SECTION("a key that was blocked") {
    REQUIRE(authority::block_key(f.context(), key->public_key_info(), "thử").has_value());
    CHECK(f.errors(f.acts({row})) == List{"1 csr roster.key_weak"});
  }
}

TEST_CASE("a new key ends the count of renewals, a change does not") {
  LifeFixture f(1);
  const auto first = f.of("P-1");
  f.done(f.acts({f.renew(1, first)}));
  const auto renewed = f.after(first);
  f.done(f.acts({f.change(1, renewed, "PHÒNG MỚI")}));
  const auto changed = f.after(renewed);
  CHECK(f.errors(f.acts({f.renew(1, changed)})) == List{"1 replaces roster.renewed_before"});
  const auto key = hsm::software::generate({}).value();
  auto row = f.rekey(1, changed, *key);
  row["fields"]["ou"] = "PHÒNG MỚI";
  f.done(f.acts({row}));
  CHECK(f.errors(f.acts({f.renew(1, f.after(changed))})).empty());
}

TEST_CASE("a key that was blocked after its certificate was made is not certified again by a renewal") {
  LifeFixture f(1);
  const auto old = f.of("P-1");
  const Bytes hash = f.approved(f.acts({f.renew(1, old)}));
  REQUIRE(authority::block_key(f.context(), f.keys[0]->public_key_info(), "thử").has_value());
  CHECK(f.errors(f.acts({f.renew(1, old)})) == List{"1 replaces roster.key_weak"});
  CHECK_FALSE(authority::issue_roster(f.context(), hash, f.plan(), {}).has_value());
  CHECK_FALSE(f.store->successor(old.id, f.clock.now()).value().has_value());
}

TEST_CASE("a key that was exposed while the roster waited is not certified again, whichever certificate told of it") {
  LifeFixture f(1);
  const auto first = f.of("P-1");
  f.done(f.acts({f.renew(1, first)}));
  const auto renewed = f.after(first);
  const Bytes hash = f.approved(f.acts({f.change(1, renewed, "PHÒNG MỚI")}));
  REQUIRE(authority::revoke(f.context(), first.id, Reason::key_compromise, std::nullopt, "lộ", f.body).has_value());
  CHECK(f.errors(f.acts({f.change(1, renewed, "PHÒNG MỚI")})) == List{"1 replaces roster.key_compromised"});
  const auto refused = authority::issue_roster(f.context(), hash, f.plan(), {});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("roster.key_compromised") != std::string::npos);
  CHECK(f.by_id(renewed.id).status == State::valid);
  // A new key for the same subscriber is what is wanted then.
  auto row = f.rekey(1, renewed, *hsm::software::generate({}).value());
  row["reason"] = "keyCompromise";
  CHECK(f.errors(f.acts({row})).empty());
}

TEST_CASE("bodies that end are followed by one: many to one, told by both sides, kept in the log and reconciled") {
  LifeFixture f(4);
  const auto first = f.of("P-1"), second = f.of("P-2"), stays = f.of("P-3"), other = f.of("P-4");
  auto joined = f.row(1, *hsm::software::generate({}).value());
  joined["code"] = "P-5";
  const auto ends = [&](std::uint64_t number, const store::CertificateRecord& on, const std::string& follower) {
    auto row = f.revoke(number, on, "cessationOfOperation");
    row["followed_by"] = follower;
    return row;
  };
  SECTION("by one that the roster makes, and by one that has a certificate") {
    CHECK(f.errors(f.acts({joined, ends(2, first, "P-5"), ends(3, second, "P-5"), ends(4, other, "P-3")})).empty());
    f.done(f.acts({joined, ends(2, first, "P-5"), ends(3, second, "P-5"), ends(4, other, "P-3")}));
    List followed{first.id, second.id};
    std::ranges::sort(followed);
    CHECK(must(f.store->followed("P-5")) == followed);
    CHECK(must(f.store->followed("P-3")) == List{other.id});
    CHECK(must(f.store->followed("")).empty());
    CHECK(must(f.store->revocations(first.id)).front().followed_by == "P-5");
    CHECK(f.by_id(stays.id).status == State::valid);
    CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
  }
  SECTION("not by itself, by nobody, or by one that ends as well") {
    CHECK(f.errors(f.acts({ends(1, first, "P-1")})) ==
          List{"1 followed_by roster.followed_by_itself", "1 followed_by roster.followed_by_nobody"});
    CHECK(f.errors(f.acts({ends(1, first, "P-77")})) == List{"1 followed_by roster.followed_by_nobody"});
    CHECK(f.errors(f.acts({ends(1, first, "P-2"), ends(2, second, "P-3")})) ==
          List{"1 followed_by roster.followed_by_nobody"});
  }
  SECTION("only a row that revokes names who follows") {
    joined["followed_by"] = "P-3";
    CHECK_FALSE(authority::read_roster(bytes_of(f.acts({joined}))).has_value());
  }
}

TEST_CASE("a month's roster: joined, left, changed, renewed, all under one approval, each once") {
  LifeFixture f(4);
  auto joined = f.row(1, *hsm::software::generate({}).value());
  joined["code"] = "P-5";
  const auto left = f.of("P-1");
  const std::string text = f.acts({joined, f.revoke(2, left), f.change(3, f.of("P-2"), "PHÒNG MỚI"),
                                   f.renew(4, f.of("P-3")), f.revoke(5, f.of("P-4"), "cessationOfOperation")});
  const Bytes hash = f.submit(text);
  CHECK(must(authority::issue_roster(f.context(), hash, f.plan(), {})).approvals_missing == 2);
  CHECK(f.by_id(left.id).status == State::valid);  // nothing is done that is not approved
  f.approve(hash);
  auto plan = f.plan();
  plan.group_size = 2;
  const auto result = must(authority::issue_roster(f.context(), hash, plan, {}));
  CHECK(result.issued == 3);
  CHECK(result.revoked == 2);
  CHECK(f.by_id(left.id).status == State::revoked);
  CHECK(f.store->revocations(left.id).value().front().reason == Reason::affiliation_changed);
  CHECK(f.store->roster(hash).value().issued == 5);
  const auto size = f.store->log_size().value();
  const auto again = must(authority::issue_roster(f.context(), hash, plan, {}));
  CHECK(again.issued + again.revoked == 0);
  CHECK(again.issued_before == 5);
  CHECK(f.store->log_size().value() == size);
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
  CHECK(log::verify(*f.store).has_value());
}

TEST_CASE("what was revoked while the roster waited is not revoked twice, and its row is done") {
  LifeFixture f(1);
  const auto old = f.of("P-1");
  const Bytes hash = f.approved(f.acts({f.revoke(1, old)}));
  REQUIRE(authority::revoke(f.context(), old.id, Reason::key_compromise, std::nullopt, "mất", f.body).has_value());
  CHECK(must(authority::issue_roster(f.context(), hash, f.plan(), {})).revoked == 1);
  CHECK(f.store->revocations(old.id).value().size() == 1);
  CHECK(f.store->roster(hash).value().issued == 1);
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
  // A new roster says so beforehand.
  CHECK(f.errors(f.acts({f.revoke(1, old, "superseded")})) == List{"1 replaces roster.replaces_state"});
}

TEST_CASE("a suspended certificate may be revoked by a row, and is not changed") {
  LifeFixture f(1);
  const auto old = f.of("P-1");
  REQUIRE(authority::suspend(f.context(), old.id, "").has_value());
  CHECK(f.errors(f.acts({f.change(1, old, "PHÒNG MỚI")})) == List{"1 replaces roster.replaces_state"});
  CHECK(must(authority::issue_roster(f.context(), f.approved(f.acts({f.revoke(1, old)})), f.plan(), {})).revoked == 1);
}
