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
