#include "ca/reorganisation/plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::LifeFixture;
using antin::tests::must;
using nlohmann::json;

namespace {

using List = std::vector<std::string>;
constexpr const char* o = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";

// Bodies and persons of June 2025 with certificates of our own, and a mapping of 1 July.
struct ReorganisationFixture : LifeFixture {
  std::vector<json> issued;

  ReorganisationFixture() : LifeFixture(0, time_at(2025, 6, 1)) {}

  void body(const std::string& code, const std::string& cn, const std::string& place = "Thành phố Đà Lạt") {
    add(code, "organisation", {{"o", o}, {"l", place}, {"cn", cn}});
  }
  void person(const std::string& code, const std::string& cn, const std::string& unit) {
    const std::string mail = "p" + std::to_string(issued.size()) + "@lamdong.test";
    add(code, "personal", {{"o", o}, {"ou", unit}, {"cn", cn}, {"mail", mail}});
  }
  void add(const std::string& code, const std::string& kind, const json& fields) {
    json one = row(issued.size() + 1, *hsm::software::generate({}).value());
    one["code"] = code;
    one["kind"] = one["profile"] = kind;
    one["bloc"] = "government";
    one["fields"] = fields;
    issued.push_back(one);
  }
  void event() {
    done(file(issued));
    clock.set(time_at(2025, 7, 1));
  }
  static json next(const std::string& code, const std::string& cn, const std::string& unit = {}) {
    json line = {{"body", code}, {"bloc", "government"}, {"fields", {{"o", o}, {"l", "Lâm Đồng"}, {"cn", cn}}}};
    if (!unit.empty()) line["unit"] = unit;
    return line;
  }
  reorganisation::Plan plan_of(const std::vector<json>& lines) {
    std::string text = json{{"format", "antin-reorganisation-1"},
                            {"name", "sắp xếp"},
                            {"at", "2025-07-01T00:00:00+07:00"},
                            {"requested_by", "T"}}
                           .dump() +
                       "\n";
    for (const json& line : lines) text += line.dump() + "\n";
    return must(reorganisation::plan(context(), must(reorganisation::read_mapping(bytes_of(text))),
                                     must(units::lam_dong())));
  }
  static List acts_of(const reorganisation::Plan& plan) {
    List acts;
    for (const auto& row : plan.acts.rows)
      acts.push_back(row.code + " " + std::string(policy::to_string(row.act)) +
                     (row.reason ? " " + std::string(x509::to_string(*row.reason)) : "") +
                     (row.followed_by.empty() ? "" : " " + row.followed_by));
    return acts;
  }
  static List refusals_of(const reorganisation::Plan& plan) {
    List refusals;
    for (const auto& finding : plan.refusals) refusals.push_back(std::to_string(finding.row) + " " + finding.rule);
    return refusals;
  }
  List doubts_of(const reorganisation::Plan& plan) {
    List doubts;
    for (const auto& one : plan.doubtful) doubts.push_back(by_id(one.certificate).subscriber + " " + one.doubt.rule);
    std::ranges::sort(doubts);
    return doubts;
  }
};

json ends(const std::string& from) { return {{"from", from}, {"kind", "ended"}}; }
json becomes(const std::string& from, const std::string& kind, const std::string& to) {
  return {{"from", from}, {"kind", kind}, {"to", to}};
}

}  // namespace

TEST_CASE("wards merge: one new certificate, many links to it; their persons keep their keys under the new name") {
  ReorganisationFixture f;
  f.body("W1", "ỦY BAN NHÂN DÂN PHƯỜNG 1");
  f.body("W2", "ỦY BAN NHÂN DÂN PHƯỜNG 2");
  f.body("T", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG");
  f.person("P1", "Nguyễn Văn Thử", "ỦY BAN NHÂN DÂN PHƯỜNG 1");
  f.person("P2", "Trần Thị Mẫu", "Ủy ban nhân dân Phường 2");  // whatever the case
  f.person("P3", "Lê Văn Mẫu", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG");
  f.event();
  const auto plan = f.plan_of({becomes("W1", "merged", "N"), becomes("W2", "merged", "N"),
                               f.next("N", "ỦY BAN NHÂN DÂN PHƯỜNG XUÂN HƯƠNG - ĐÀ LẠT", "24781")});
  CHECK(f.refusals_of(plan).empty());
  CHECK(f.acts_of(plan) == List{"N issue", "P1 change affiliationChanged", "P2 change affiliationChanged",
                                "W1 revoke cessationOfOperation N", "W2 revoke cessationOfOperation N"});
  CHECK(plan.untouched.size() == 2);
  CHECK(plan.doubtful.empty());
  const std::string text = authority::roster_file(plan.acts);
  CHECK(f.errors(text).empty());
  CHECK(plan.acts.rows[1].fields.size() == 4);
  CHECK(authority::roster_file(must(authority::read_roster(bytes_of(text)))) == text);
}

TEST_CASE("renamed, moved, joined, ended: each is its act, and what the mapping does not name is left alone") {
  ReorganisationFixture f;
  f.body("S1", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "Lâm Đồng");
  f.body("S2", "SỞ TÀI CHÍNH", "Lâm Đồng");
  f.body("S3", "SỞ NỘI VỤ TỈNH ĐẮK NÔNG", "Đắk Nông");
  f.body("S4", "SỞ NỘI VỤ", "Lâm Đồng");
  f.body("D1", "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ LẠT");
  f.body("R1", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "Lâm Đồng");
  f.person("P1", "Nguyễn Văn Thử", "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ LẠT");
  f.person("P2", "Trần Thị Mẫu", "ỦY BAN NHÂN DÂN THÀNH PHỐ ĐÀ LẠT");
  f.person("P3", "Lê Văn Mẫu", "SỞ NỘI VỤ TỈNH ĐẮK NÔNG");
  f.event();
  const auto plan = f.plan_of({becomes("S1", "joined", "S2"), becomes("S3", "joined", "S4"), ends("D1"),
                               {{"from", "R1"}, {"kind", "renamed"}}, f.next("R1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ"),
                               {{"person", "P2"}, {"to", "S4"}}});
  CHECK(f.refusals_of(plan).empty());
  CHECK(f.acts_of(plan) == List{"R1 rekey superseded", "P2 change affiliationChanged", "P3 change affiliationChanged",
                                "S1 revoke cessationOfOperation S2", "S3 revoke cessationOfOperation S4",
                                "D1 revoke cessationOfOperation", "P1 revoke affiliationChanged"});
  CHECK(f.errors(authority::roster_file(plan.acts)).empty());
  CHECK(plan.told[0].before == "SỞ THÔNG TIN VÀ TRUYỀN THÔNG");
  CHECK(plan.told[0].after == "SỞ KHOA HỌC VÀ CÔNG NGHỆ");
  CHECK(plan.untouched.size() == 2);  // S2, S4
  CHECK(authority::roster_file(f.plan_of({ends("D1")}).acts) == authority::roster_file(f.plan_of({ends("D1")}).acts));
}

TEST_CASE("what is not certain is told and left as it is") {
  ReorganisationFixture f;
  f.body("A", "ỦY BAN NHÂN DÂN PHƯỜNG 1", "Thành phố Đà Lạt");
  f.body("B", "ỦY BAN NHÂN DÂN PHƯỜNG 1", "Thành phố Bảo Lộc");
  f.body("C", "ỦY BAN NHÂN DÂN HUYỆN LẠC DƯƠNG", "Lâm Đồng");  // ends, and no line says so
  f.body("D", "ỦY BAN NHÂN DÂN XÃ NINH GIA", "Huyện Đức Trọng");
  f.person("P1", "Nguyễn Văn Thử", "ỦY BAN NHÂN DÂN PHƯỜNG 1");
  f.person("P2", "Trần Thị Mẫu", "PHÒNG NỘI VỤ HUYỆN LẠC DƯƠNG");
  f.person("P3", "Lê Văn Mẫu", "ỦY BAN NHÂN DÂN PHƯỜNG 1");
  f.event();
  const std::vector<json> lines{ends("A"), ends("B"), {{"person", "P3"}, {"to", "D"}}};
  const auto plan = f.plan_of(lines);
  CHECK(f.doubts_of(plan) == List{"C reorganise.names_ended_unit", "P1 reorganise.several_bodies",
                                  "P2 reorganise.names_ended_unit"});
  CHECK(f.acts_of(plan) == List{"P3 change affiliationChanged", "A revoke cessationOfOperation",
                                "B revoke cessationOfOperation"});
  CHECK(plan.untouched == List{f.of("D").id});  // the commune stays as it is
}

TEST_CASE("conflicts and codes that are not known are refused, by line") {
  ReorganisationFixture f;
  f.body("A", "CƠ QUAN MỘT");
  f.body("B", "CƠ QUAN HAI");
  f.person("P1", "Nguyễn Văn Thử", "CƠ QUAN MỘT");
  f.event();
  CHECK(f.refusals_of(f.plan_of({ends("X")})) == List{"2 reorganise.code_unknown"});
  CHECK(f.refusals_of(f.plan_of({becomes("A", "joined", "X")})) == List{"2 reorganise.follower_unknown"});
  CHECK(f.refusals_of(f.plan_of({ends("P1")})) == List{"2 reorganise.no_body"});
  CHECK(f.refusals_of(f.plan_of({ends("A"), {{"person", "B"}, {"to", ""}}})) == List{"3 reorganise.no_person"});
  CHECK(f.refusals_of(f.plan_of({ends("A"), {{"person", "P9"}, {"to", ""}}})) == List{"3 reorganise.code_unknown"});
  json same = f.next("A", "CƠ QUAN MỘT");
  same["fields"]["l"] = "Thành phố Đà Lạt";
  const auto done_before = f.plan_of({{{"from", "A"}, {"kind", "moved"}}, same});
  CHECK(f.refusals_of(done_before).empty());
  CHECK(done_before.acts.rows.empty());
  REQUIRE(done_before.notes.size() == 1);
  CHECK(done_before.notes.front().rule == "reorganise.nothing_new");
  CHECK(f.refusals_of(f.plan_of({becomes("A", "renamed", "N"), f.next("N", "CƠ QUAN BA", "672")})) ==
        List{"3 reorganise.unit_unknown"});  // a district is no unit any more
}

TEST_CASE("a suspended body's certificate ends; one that would be replaced is refused, a person's is left") {
  ReorganisationFixture f;
  f.body("A", "CƠ QUAN MỘT");
  f.body("B", "CƠ QUAN HAI");
  f.person("P1", "Nguyễn Văn Thử", "CƠ QUAN HAI");
  f.event();
  for (const char* code : {"A", "P1"}) REQUIRE(authority::suspend(f.context(), f.of(code).id, "").has_value());
  CHECK(f.acts_of(f.plan_of({ends("A")})) == List{"A revoke cessationOfOperation"});
  CHECK(f.errors(authority::roster_file(f.plan_of({ends("A")}).acts)).empty());
  CHECK(f.refusals_of(f.plan_of({{{"from", "A"}, {"kind", "renamed"}}, f.next("A", "CƠ QUAN BA")})) ==
        List{"3 reorganise.not_replaceable"});
  const auto plan = f.plan_of({{{"from", "B"}, {"kind", "renamed"}}, f.next("B", "CƠ QUAN BA")});
  CHECK(f.doubts_of(plan) == List{"P1 reorganise.not_replaceable"});
  CHECK(f.acts_of(plan) == List{"B rekey superseded"});
}

TEST_CASE("a body whose certificate ended before is noted, and its code may be another's follower no more") {
  ReorganisationFixture f;
  f.body("A", "CƠ QUAN MỘT");
  f.body("B", "CƠ QUAN HAI");
  f.event();
  REQUIRE(authority::revoke(f.context(), f.of("A").id, x509::RevocationReason::cessation_of_operation, {}, "",
                            LifeFixture::body)
              .has_value());
  const auto plan = f.plan_of({becomes("A", "joined", "B")});
  CHECK(plan.acts.rows.empty());
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes.front().rule == "reorganise.no_certificate");
  CHECK(f.refusals_of(f.plan_of({becomes("B", "joined", "A")})) == List{"2 reorganise.follower_unknown"});
}
