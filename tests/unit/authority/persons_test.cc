// One person's certificates, where approvals are collected and where the log is verified.
#include "ca/authority/approval_audit.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;

namespace {

x509::Name person(const std::string& name, const std::string& unit,
                  std::vector<std::pair<std::string, std::string>> more = {}) {
  std::vector<x509::RelativeName> rdns{{{"C", "VN"}}, {{"O", "DỮ LIỆU GIẢ LẬP"}}, {{"OU", unit}}, {{"CN", name}}};
  for (const auto& [type, value] : more) rdns.push_back({{type, value}});
  return x509::Name::from_rdns(std::move(rdns)).value();
}

// Officers of the ceremony beside the fixture's two.
struct Hired {
  AuthorityFixture f;
  std::vector<std::pair<std::string, tests::Key>> officers;

  void hire(const x509::Name& subject, tests::Key key = hsm::software::generate({}).value()) {
    const std::string request = "ceremony/officer-" + std::to_string(officers.size() + 3);
    auto made =
        authority::issue_single(f.context(), *f.government, "government",
                                {.request_id = request,
                                 .profile = "officer",
                                 .content = {subject, to_bytes(key->public_key_info()), subject.values("E"), {}},
                                 .key_location = "token",
                                 .key_uri = key->uri(),
                                 .subscriber = {},
                                 .mail = {}});
    INFO((made ? "" : made.error().message));
    REQUIRE(made.has_value());
    officers.emplace_back(made->id, key);
  }
  void end_ceremony() {
    auto transaction = f.store->begin().value();
    REQUIRE(transaction->append_log(
        log::entry(f.clock.now(), "ceremony", {{"version", "0"}, {"required_approvals", "2"}})));
    REQUIRE(transaction->commit().has_value());
  }
  // All of them approve one roster. How many approvals count, when it is issued and when it is audited.
  unsigned counted() {
    end_ceremony();
    const Bytes hash = f.submit(f.file(f.rows(1)));
    for (const auto& [id, key] : officers) REQUIRE(authority::approve(f.context(), hash, id, *key));
    const unsigned found = authority::valid_approvals(f.context(), hash).value();
    auto plan = f.plan();
    plan.required_approvals = 3;
    CHECK(authority::issue_roster(f.context(), hash, plan, {}).value().approvals_missing == 3 - found);
    plan.required_approvals = 1;  // somebody changed the configuration
    REQUIRE(authority::issue_roster(f.context(), hash, plan, {}).value().issued == 1);
    CHECK(authority::audit_approvals(*f.store, 0, found).has_value() == (found >= 2));
    const auto more = authority::audit_approvals(*f.store, 0, std::max(2u, found + 1));
    REQUIRE_FALSE(more.has_value());
    CHECK(more.error().message.contains(std::to_string(found) + " of " + std::to_string(std::max(2u, found + 1)) +
                                        " approvals"));
    return found;
  }
};

}  // namespace

TEST_CASE("one person with two officer certificates of different subjects counts as one officer") {
  Hired hired;
  SECTION("by the citizen number") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"UID", "CCCD:099085000123"}}));
    hired.hire(person("Lê Văn Thử", "PHÒNG B", {{"UID", "cccd:099085000123"}}));
  }
  SECTION("by the citizen number, which is a tax code too") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"UID", "CCCD:099085000123"}}));
    hired.hire(person("Lê Văn Thử", "PHÒNG B", {{"UID", "MST:099085000123"}}));
  }
  SECTION("by the citizen number beside that of a body") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"UID", "MST:0000000017"}, {"UID", "CCCD:099085000123"}}));
    hired.hire(person("Lê Văn Thử", "PHÒNG B", {{"UID", "CCCD:099085000123"}}));
  }
  SECTION("by the key") {
    hired.hire(person("Lê Thử", "PHÒNG A"));
    hired.hire(person("Trần Văn Thử", "PHÒNG B"), hired.officers[0].second);
  }
  SECTION("by name and mail address") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"E", "thul@lamdong.test"}}));
    hired.hire(person("LÊ THỬ", "PHÒNG B", {{"E", "ThuL@lamdong.test"}}));
  }
  SECTION("by way of a third certificate, which came in between") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"UID", "CCCD:099085000123"}}));
    hired.hire(person("Lê Văn Thử", "PHÒNG B", {{"UID", "CCCD:099085000123"}}));
    hired.hire(person("Trần Văn Thử", "PHÒNG C"), hired.officers[1].second);
  }
  SECTION("by way of a third certificate, which came last") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"UID", "CCCD:099085000123"}}));
    hired.hire(person("Trần Văn Thử", "PHÒNG C"));
    hired.hire(person("Lê Văn Thử", "PHÒNG B", {{"UID", "CCCD:099085000123"}}), hired.officers[1].second);
  }
  CHECK(hired.counted() == 1);
}

TEST_CASE("two persons count as two officers, though they share a body, a name or an address") {
  Hired hired;
  SECTION("the number of their body") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"UID", "MST:0000000017"}, {"UID", "MQHNS:1000001"}}));
    hired.hire(person("Trần Thử", "PHÒNG A", {{"UID", "MST:0000000017"}, {"UID", "MQHNS:1000001"}}));
  }
  SECTION("a name") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"E", "thul@lamdong.test"}}));
    hired.hire(person("Lê Thử", "PHÒNG B", {{"E", "thul2@lamdong.test"}}));
  }
  SECTION("an address") {
    hired.hire(person("Lê Thử", "PHÒNG A", {{"E", "phonga@lamdong.test"}}));
    hired.hire(person("Trần Thử", "PHÒNG A", {{"E", "phonga@lamdong.test"}}));
  }
  CHECK(hired.counted() == 2);
}
