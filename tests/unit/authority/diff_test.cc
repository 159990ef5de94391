#include <algorithm>

#include "ca/authority/roster_diff.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::LifeFixture;
using antin::tests::must;

namespace {

using List = std::vector<std::string>;

struct DiffFixture : LifeFixture {
  std::vector<nlohmann::json> list;  // what has been issued

  DiffFixture() : LifeFixture(4) {
    for (std::uint64_t i = 1; i <= 4; ++i) list.push_back(row(i, *keys[i - 1]));
  }
  authority::RosterDifference difference(const std::vector<nlohmann::json>& after, std::optional<days> renew = {}) {
    return must(authority::roster_difference(context(), must(authority::read_roster(bytes_of(file(list)))),
                                             must(authority::read_roster(bytes_of(file(numbered(after))))),
                                             {.requested_by = "000.00.99.H36", .renew_within = renew}));
  }
  static std::vector<nlohmann::json> numbered(std::vector<nlohmann::json> rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i]["row"] = i + 1;
    return rows;
  }
  static List acts_of(const authority::RosterDifference& difference) {
    List acts;
    for (const auto& row : difference.acts.rows)
      acts.push_back(row.code + " " + std::string(policy::to_string(row.act)) +
                     (row.reason ? " " + std::string(x509::to_string(*row.reason)) : ""));
    return acts;
  }
  static List refusals_of(const authority::RosterDifference& difference) {
    List refusals;
    for (const auto& finding : difference.refusals)
      refusals.push_back(std::to_string(finding.row) + " " + finding.field + " " + finding.rule);
    return refusals;
  }
};

}  // namespace

TEST_CASE("lists that are alike have no difference, in whatever order and with a request signed anew") {
  DiffFixture f;
  auto after = f.list;
  std::swap(after[0], after[3]);
  after[1]["csr"] = f.row(2, *f.keys[1])["csr"];
  const auto difference = f.difference(after);
  CHECK(difference.acts.rows.empty());
  CHECK(difference.unchanged == 4);
  CHECK(difference.refusals.empty());
}

TEST_CASE(
    "joined, left, moved, renamed, another key: each is its act, in a fixed order, and the roster can be issued") {
  DiffFixture f;
  auto after = f.list;
  after.erase(after.begin());                           // P-1 left
  after[0]["fields"]["ou"] = "PHÒNG MỚI";               // P-2 moved
  after[1]["fields"]["mail"] = "ten.moi@lamdong.test";  // P-3 has another address
  const auto key = hsm::software::generate({}).value(), its = hsm::software::generate({}).value();
  after[2]["csr"] = f.row(4, *key)["csr"];  // P-4 has another key
  auto joined = f.row(5, *its);
  after.insert(after.begin(), joined);  // P-5 joined
  const auto difference = f.difference(after);
  CHECK(difference.refusals.empty());
  CHECK(f.acts_of(difference) == List{"P-5 issue", "P-2 change affiliationChanged", "P-3 change superseded",
                                      "P-4 rekey", "P-1 revoke affiliationChanged"});
  CHECK(difference.unchanged == 0);
  const std::string file = authority::roster_file(difference.acts);
  CHECK(authority::roster_file(f.difference(after).acts) == file);
  CHECK(f.errors(file).empty());
  const auto left = f.of("P-1");
  const auto result = f.done(file);
  CHECK(result.issued == 4);
  CHECK(result.revoked == 1);
  CHECK(f.by_id(left.id).status == store::CertificateStatus::revoked);
  // Done again from the same lists, the later one is what there is: those who joined have their certificate.
  CHECK(f.refusals_of(f.difference(after)) == List{"1 code diff.has_certificate"});
}

TEST_CASE("a leaver's certificates are all revoked: the renewed one and the one before") {
  DiffFixture f;
  const auto old = f.of("P-1");
  f.done(f.acts({f.renew(1, old)}));
  auto after = f.list;
  after.erase(after.begin());
  const auto difference = f.difference(after);
  REQUIRE(difference.acts.rows.size() == 2);
  CHECK(f.errors(authority::roster_file(difference.acts)).empty());
  CHECK(f.done(authority::roster_file(difference.acts)).revoked == 2);
  CHECK(f.difference(after).without_certificate == 1);
  CHECK(f.difference(after).acts.rows.empty());
}

TEST_CASE("a change goes to the newest certificate of a renewed subscriber") {
  DiffFixture f;
  const auto old = f.of("P-1");
  f.done(f.acts({f.renew(1, old)}));
  auto after = f.list;
  after[0]["fields"]["ou"] = "PHÒNG MỚI";
  const auto difference = f.difference(after);
  REQUIRE(difference.acts.rows.size() == 1);
  CHECK(difference.acts.rows.front().replaces == f.after(old).id);
}

TEST_CASE("who stays as they are is renewed when their certificate ends soon, once") {
  DiffFixture f;
  const auto old = f.of("P-2");
  f.go_before_end(old, 80);
  CHECK(f.difference(f.list, days(79)).acts.rows.empty());
  const auto difference = f.difference(f.list, days(90));
  CHECK(f.acts_of(difference) == List{"P-1 renew", "P-2 renew", "P-3 renew", "P-4 renew"});
  CHECK(difference.unchanged == 0);
  const std::string file = authority::roster_file(difference.acts);
  CHECK(f.errors(file).empty());
  CHECK(f.done(file).issued == 4);
  CHECK(f.difference(f.list, days(90)).acts.rows.empty());
}

TEST_CASE("what cannot be compared is refused with its row and field") {
  DiffFixture f;
  auto after = f.list;
  SECTION("another kind under the same code") {
    after[1]["kind"] = "organisation";
    CHECK(f.refusals_of(f.difference(after)) == List{"2 kind diff.kind"});
  }
  SECTION("a code twice") {
    after[3]["code"] = "P-3";
    const auto found = f.refusals_of(f.difference(after));
    CHECK(std::ranges::find(found, "4 code diff.code_twice") != found.end());
  }
  SECTION("a change for somebody without a certificate") {
    REQUIRE(authority::revoke(f.context(), f.of("P-2").id, x509::RevocationReason::superseded, std::nullopt, "", f.body)
                .has_value());
    after[1]["fields"]["ou"] = "PHÒNG MỚI";
    CHECK(f.refusals_of(f.difference(after)) == List{"2 code diff.no_certificate"});
  }
  SECTION("a request that cannot be read") {
    after[2]["csr"] = "AAAA";
    CHECK(f.refusals_of(f.difference(after)) == List{"3 csr roster.csr_malformed"});
  }
  SECTION("a roster of acts is no list") {
    const auto acts = must(authority::read_roster(bytes_of(f.acts({f.renew(1, f.of("P-1"))}))));
    const auto difference = must(
        authority::roster_difference(f.context(), acts, must(authority::read_roster(bytes_of(f.file(f.list)))), {}));
    CHECK(f.refusals_of(difference).front() == "1 act diff.no_list");
  }
}
