// What certificates on record, and decisions that wait for theirs, say of a row's key.
#include "ca/authority/known_key.h"

#include "ca/authority/row_tbs.h"
#include "ca/issuance/key_gate.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using namespace antin::tests;
using authority::OpenKeys;

namespace {

// A roster of one row for `key` is decided, and the process dies before its certificate is stored.
struct Died : AuthorityFixture {
  Key key = hsm::software::generate({}).value();
  std::string prefix;

  Died() {
    const Bytes hash = submit(file({row(1, *key)}));
    approve(hash);
    prefix = to_hex(hash) + "/";
    struct Stop {};
    auto stopped = plan();
    stopped.at_step = [](std::string_view step) {
      if (step == "after-commit") throw Stop{};
    };
    CHECK_THROWS_AS(authority::issue_roster(context(), hash, stopped, {}), Stop);
    REQUIRE(must(store->open_intents()).size() == 1);
  }
  std::string subject_of(std::uint64_t number) {
    const auto profile = issuance::built_in_profile("personal").value();
    return profile.subject(wanted(number).fields).value().rfc4514();
  }
  authority::Roster::Row wanted(std::uint64_t number) {
    auto one = row(number, *key);
    one["row"] = 1;
    return must(authority::read_roster(bytes_of(file({one})))).rows.front();
  }
  std::vector<std::string> rules(const OpenKeys& keys, authority::Roster::Row row, const std::string& subject,
                                 ByteView public_key_info) {
    std::vector<std::string> found;
    for (const authority::Finding& finding : keys.check(row, public_key_info, subject)) {
      found.push_back(finding.rule);
      CHECK(finding.arguments == std::vector<std::string>{prefix + "1"});
      CHECK(finding.error);
    }
    return found;
  }
};

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("a key that another roster is about to certify is another's, for whom it is not of") {
  Died f;
  const OpenKeys keys = must(OpenKeys::read(*f.store, "another/"));
  const ByteView key = f.key->public_key_info();
  CHECK(f.rules(keys, f.wanted(2), f.subject_of(2), key) == Rules{"roster.key_of_another"});
  CHECK(f.rules(keys, f.wanted(1), f.subject_of(1), key).empty());  // the same subject: its own
  CHECK(f.rules(keys, f.wanted(2), f.subject_of(2), hsm::software::generate({}).value()->public_key_info()).empty());
}

TEST_CASE("acts on a certificate are judged by the subscriber's code, and a new key must be new") {
  Died f;
  const OpenKeys keys = must(OpenKeys::read(*f.store, "another/"));
  const ByteView key = f.key->public_key_info();
  auto own = f.wanted(1), others = f.wanted(2);
  own.act = others.act = policy::Act::rekey;
  CHECK(f.rules(keys, own, "CN=khác", key) == Rules{"roster.key_not_new"});
  CHECK(f.rules(keys, others, f.subject_of(1), key) == Rules{"roster.key_of_another"});
  own.act = policy::Act::change;
  CHECK(f.rules(keys, own, "CN=khác", key).empty());
}

TEST_CASE("a roster's own decisions, and those that are completed, are nobody else's") {
  Died f;
  const ByteView key = f.key->public_key_info();
  CHECK(f.rules(must(OpenKeys::read(*f.store, f.prefix)), f.wanted(2), f.subject_of(2), key).empty());
  CHECK(f.rules(OpenKeys(), f.wanted(2), f.subject_of(2), key).empty());
  const Bytes hash = from_hex(f.prefix.substr(0, f.prefix.size() - 1)).value();
  REQUIRE(must(authority::issue_roster(f.context(), hash, f.plan(), {})).issued == 1);
  CHECK(f.rules(must(OpenKeys::read(*f.store, "another/")), f.wanted(2), f.subject_of(2), key).empty());
}
