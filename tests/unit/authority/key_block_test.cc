#include "ca/authority/key_block.h"

#include "ca/authority/reconcile.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

// Issues one certificate for `key` and gives its id.
std::string issue_one(AuthorityFixture& f, const Key& key) {
  const Bytes hash = f.submit(f.file({f.row(1, *key)}));
  f.approve(hash);
  REQUIRE(authority::issue_roster(f.context(), hash, f.plan(), {}).value().issued == 1);
  return f.store->certificate("P-1", f.clock.now()).value().id;
}

}  // namespace

TEST_CASE("a blocked key is refused by the dry run, and at issue also when it was approved before") {
  AuthorityFixture f;
  const Key key = hsm::software::generate({}).value();
  const std::string file = f.file({f.row(1, *key)});
  const Bytes hash = f.submit(file);
  f.approve(hash);
  CHECK(must(authority::block_key(f.context(), key->public_key_info(), "đã công bố")));
  CHECK_FALSE(must(authority::block_key(f.context(), key->public_key_info(), "lần nữa")));
  const auto refused = authority::issue_roster(f.context(), hash, f.plan(), {});
  CHECK(refused.error().code == ErrorCode::failed_precondition);
  CHECK(f.store->certificates({.kind = "personal"}, f.clock.now()).value().empty());
  const auto findings = authority::check_roster(f.context(), authority::read_roster(bytes_of(file)).value()).value();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "roster.key_weak");
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
}

TEST_CASE("a published list refuses a key as the store's own does") {
  AuthorityFixture f;
  const Key key = hsm::software::generate({}).value();
  issuance::BlockList list;
  REQUIRE(list.add(to_hex(sha256(key->public_key_info())), "published").has_value());
  authority::Context context = f.context();
  context.block_list = &list;
  const auto roster = authority::read_roster(bytes_of(f.file({f.row(1, *key)}))).value();
  CHECK(authority::check_roster(context, roster).value().size() == 1);
  CHECK(authority::check_roster(f.context(), roster).value().empty());
}

TEST_CASE("a key that is known to others is blocked, and every certificate with it is revoked, once") {
  AuthorityFixture f;
  const Key key = hsm::software::generate({}).value();
  const std::string id = issue_one(f, key);
  const auto done =
      must(authority::compromise_key(f.context(), key->public_key_info(), "tìm thấy trên mạng", std::nullopt));
  CHECK(done.blocked);
  CHECK(done.revoked == std::vector<std::string>{id});
  CHECK(must(f.store->revocations(id)).back().reason == x509::RevocationReason::key_compromise);
  const auto again = must(authority::compromise_key(f.context(), key->public_key_info(), "", std::nullopt));
  CHECK_FALSE(again.blocked);
  CHECK(again.revoked.empty());
  CHECK(must(f.store->blocked_keys()).size() == 1);
  const auto root = must(authority::compromise_key(f.context(), f.root_key->public_key_info(), "", std::nullopt));
  CHECK(root.revoked.empty());
  CHECK(root.not_revoked.size() == 1);
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
}

TEST_CASE("two rosters bring one key for two persons: the second is refused when it is issued") {
  AuthorityFixture f;
  const Key key = hsm::software::generate({}).value();
  const Bytes first = f.submit(f.file({f.row(1, *key)}));
  auto other = f.row(2, *key);
  other["row"] = 1;
  const Bytes second = f.submit(f.file({other}));
  f.approve(first);
  f.approve(second);
  CHECK(must(authority::issue_roster(f.context(), first, f.plan(), {})).issued == 1);
  const auto refused = authority::issue_roster(f.context(), second, f.plan(), {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.contains("roster.key_of_another"));
  CHECK(f.store->certificates({.kind = "personal"}, f.clock.now()).value().size() == 1);
}

TEST_CASE("a key that was exposed after its row was approved is certified no more") {
  AuthorityFixture f;
  const Key key = hsm::software::generate({}).value();
  const std::string id = issue_one(f, key);
  const std::string head = nlohmann::json{{"format", "antin-roster-1"}, {"name", "lần nữa"}}.dump();
  const Bytes again = f.submit(head + "\n" + f.row(1, *key).dump() + "\n");
  f.approve(again);
  REQUIRE(authority::revoke(f.context(), id, x509::RevocationReason::key_compromise, {}, "lộ", f.body));
  const auto refused = authority::issue_roster(f.context(), again, f.plan(), {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.contains("roster.key_compromised"));
}

TEST_CASE("a certificate that has ended does not keep others with its exposed key from being revoked") {
  AuthorityFixture f;
  const Key key = hsm::software::generate({}).value();
  issue_one(f, key);
  f.clock.set(f.clock.now() + days(5 * 365 + 3));
  // Those who could approve have ended too: the younger certificate is one as the ceremony makes it.
  const auto record = f.store->certificate("P-1", f.clock.now()).value();
  REQUIRE(record.status == store::CertificateStatus::expired);
  const auto profile = must(issuance::built_in_profile("officer"));
  const auto subject = must(profile.subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"}, {"cn", "Cán bộ 3"}}));
  const std::string live = f.single(*f.government, "government", "ceremony/officer-3", "officer", subject, key).id;
  const auto done = must(authority::compromise_key(f.context(), key->public_key_info(), "lộ", std::nullopt));
  CHECK(done.revoked == std::vector<std::string>{live});
  CHECK(authority::reconcile(*f.store, f.clock.now()).has_value());
}
