// Two bodies of one name, and a person in two bodies: who is meant is told by the code, and where names alone speak it
// is doubted.
#include <algorithm>

#include "ca/forms/form.h"
#include "ca/reorganisation/plan.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::LifeFixture;
using antin::tests::must;
using nlohmann::json;

namespace {

using List = std::vector<std::string>;
constexpr const char* o = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";
constexpr const char* ward = "ỦY BAN NHÂN DÂN PHƯỜNG 1";

// A and B are wards of one name, without a place in it, and each has a person; P is a clerk of both A and C.
struct SameNames : LifeFixture {
  std::vector<json> list;
  std::map<std::string, tests::Key> key_of;

  SameNames() : LifeFixture(0, time_at(2025, 6, 1)) {
    for (const char* code : {"A", "B"}) add(code, "organisation", "A0", {{"o", o}, {"cn", ward}});
    add("C", "organisation", "A0", {{"o", o}, {"cn", "SỞ NỘI VỤ"}});
    add("A-1", "personal", "A", {{"o", o}, {"ou", ward}, {"cn", "Ka Nhùm Thử"}, {"mail", "a1@lamdong.test"}});
    add("B-1", "personal", "B", {{"o", o}, {"ou", ward}, {"cn", "Cil Pam Thử"}, {"mail", "b1@lamdong.test"}});
    add("A-2", "personal", "A", {{"o", o}, {"ou", ward}, {"cn", "Ya Thử"}, {"mail", "ya@lamdong.test"}});
    add("C-1", "personal", "C", {{"o", o}, {"ou", "SỞ NỘI VỤ"}, {"cn", "Ya Thử"}, {"mail", "ya@lamdong.test"}});
  }
  void add(const std::string& code, const std::string& kind, const std::string& asked_by, const json& fields) {
    key_of[code] = hsm::software::generate({}).value();
    list.push_back(of_row(code, kind, asked_by, fields, *key_of[code], list.size() + 1));
  }
  static json of_row(const std::string& code, const std::string& kind, const std::string& asked_by, const json& fields,
                     const hsm::SigningKey& key, std::uint64_t number = 1) {
    json one = row(number, key);
    one["code"] = code;
    one["kind"] = one["profile"] = kind;
    one["bloc"] = "government";
    one["requested_by"] = asked_by;
    one["fields"] = fields;
    return one;
  }
  reorganisation::Plan plan_of(const std::vector<json>& lines) {
    std::string text = json{{"format", "antin-reorganisation-1"},
                            {"name", "sắp xếp"},
                            {"at", "2025-07-01T00:00:00+07:00"},
                            {"requested_by", "C"}}
                           .dump() +
                       "\n";
    for (const json& line : lines) text += line.dump() + "\n";
    return must(
        reorganisation::plan(context(), must(reorganisation::read_mapping(bytes_of(text))), must(units::lam_dong())));
  }
};

}  // namespace

TEST_CASE("two bodies of one name and a person in two bodies are issued to, listed and found by their codes") {
  SameNames f;
  CHECK(f.rules(f.file(f.list)).empty());
  CHECK(f.done(f.file(f.list)).issued == 7);
  const auto a = f.of("A"), b = f.of("B");
  CHECK(a.subject == b.subject);
  CHECK((a.id != b.id && a.key_hash != b.key_hash));
  CHECK(must(f.store->certificates({.kind = "organisation"}, f.clock.now())).size() == 3);
  CHECK(f.of("A-2").subject != f.of("C-1").subject);
  CHECK(must(f.store->certificates({.mail = "ya@lamdong.test"}, f.clock.now())).size() == 2);
  // The mail address is that of two certificates: nobody guesses which is meant.
  const auto by_mail = f.store->certificate("ya@lamdong.test", f.clock.now());
  REQUIRE_FALSE(by_mail.has_value());
  CHECK(by_mail.error().code == ErrorCode::failed_precondition);
  // One of the two bodies ends; the other goes on.
  REQUIRE(authority::revoke(f.context(), a.id, x509::RevocationReason::cessation_of_operation, {}, "giải thể", "C"));
  CHECK(f.by_id(b.id).status == store::CertificateStatus::valid);
}

TEST_CASE("the key of one is no key of the other, be their names the same") {
  SameNames f;
  CHECK(f.done(f.file(f.list)).issued == 7);
  const json ward_fields{{"o", o}, {"cn", ward}};
  // The body of the same name with the key of its twin, and a third one with it too.
  for (const char* code : {"B", "D"})
    CHECK(f.errors(f.file({SameNames::of_row(code, "organisation", "C", ward_fields, *f.key_of["A"])})) ==
          List{"1 csr roster.key_of_another"});
  // The person's key of the one body is not the key of the other.
  CHECK(f.errors(f.file({SameNames::of_row(
            "C-1", "personal", "C", {{"o", o}, {"ou", "SỞ NỘI VỤ"}, {"cn", "Ya Thử"}, {"mail", "ya@lamdong.test"}},
            *f.key_of["A-2"])})) == List{"1 csr roster.key_of_another"});
  // Nor in one roster.
  const auto fresh = hsm::software::generate({}).value();
  auto first = SameNames::of_row("D", "organisation", "C", ward_fields, *fresh, 1),
       second = SameNames::of_row("E", "organisation", "C", ward_fields, *fresh, 2);
  CHECK(f.errors(f.file({first, second})) == List{"2 csr roster.key_twice"});
  // The same subscriber may bring its key again.
  CHECK(f.errors(f.file({SameNames::of_row("A", "organisation", "C", ward_fields, *f.key_of["A"])})).empty());
}

TEST_CASE(
    "a body ends and another one of its name goes on: whose the persons are is doubted, by their code it is certain") {
  SameNames f;
  CHECK(f.done(f.file(f.list)).issued == 7);
  f.clock.set(time_at(2025, 7, 1));
  const auto plan = f.plan_of({{{"from", "A"}, {"kind", "ended"}}});
  CHECK(plan.refusals.empty());
  REQUIRE(plan.acts.rows.size() == 1);
  CHECK((plan.acts.rows[0].code == "A" && plan.acts.rows[0].act == policy::Act::revoke));
  List doubted;
  for (const auto& one : plan.doubtful) {
    doubted.push_back(f.by_id(one.certificate).subscriber);
    CHECK(one.doubt.rule == "reorganise.several_bodies");
    CHECK(one.doubt.arguments == List{"A, B"});
  }
  std::ranges::sort(doubted);
  CHECK(doubted == List{"A-1", "A-2", "B-1"});
  // The mapping names the persons; the one in the other body is left alone, under both of his codes.
  const auto certain = f.plan_of(
      {{{"from", "A"}, {"kind", "ended"}}, {{"person", "A-1"}, {"to", "C"}}, {{"person", "A-2"}, {"to", ""}}});
  List acts;
  for (const auto& row : certain.acts.rows) acts.push_back(row.code + " " + std::string(policy::to_string(row.act)));
  CHECK(acts == List{"A-1 change", "A revoke", "A-2 revoke"});
  CHECK(f.errors(authority::roster_file(certain.acts)).empty());
  REQUIRE(certain.doubtful.size() == 1);
  CHECK(f.by_id(certain.doubtful[0].certificate).subscriber == "B-1");
}

TEST_CASE("bodies of one name have a form each, with their own persons") {
  const auto set = must(forms::form_set_at(time_at(2025, 6, 1)));
  const auto subject = [](const std::string& code, const std::string& cn, const std::string& asked_by) {
    forms::Subject one;
    one.code = code;
    one.kind = "personal";
    one.cn = cn;
    one.o = o;
    one.ou = ward;
    one.requested_by = asked_by;
    return one;
  };
  const auto filled = forms::fill(
      set, must(set.form("mau-01")),
      {subject("A-1", "Ka Nhùm Thử", "A"), subject("B-1", "Cil Pam Thử", "B"), subject("A-2", "Ya Thử", "A")},
      {{"A", ward}, {"B", ward}}, "");
  REQUIRE(filled.size() == 2);
  CHECK((filled[0].body == ward && filled[1].body == ward));
  CHECK((filled[0].code == "A" && filled[1].code == "B"));
  CHECK((filled[0].rows.size() == 2 && filled[1].rows.size() == 1));
}
