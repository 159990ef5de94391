#include <filesystem>

#include "base/file.h"
#include "ca/forms/form.h"
#include "tests/catch.h"
#include "tests/json_schema.h"

using namespace antin;
using forms::Subject;

namespace {

forms::FormSet today() { return forms::form_set_at(time_at(2026, 3, 2)).value(); }

Subject person(const std::string& code, const std::string& cn, const std::string& unit) {
  return {.code = code,
          .kind = "personal",
          .cn = cn,
          .o = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG",
          .ou = unit,
          .mail = code + "@lamdong.test"};
}

std::string cell(const forms::Filled& form, const std::string& heading, std::size_t row = 0) {
  for (std::size_t i = 0; i < form.columns.size(); ++i)
    if (form.columns[i].heading == heading) return form.rows.at(row).at(i);
  FAIL("no column " << heading);
  return "";
}

}  // namespace

TEST_CASE("every built-in file of forms fits its schema, and one follows the other without a gap") {
  for (const auto& file : std::filesystem::directory_iterator(Path(ANTIN_SOURCE) / "schemas" / "forms"))
    CHECK(tests::misfit("forms.schema.json", text_of(read_file(file.path()).value())).empty());
  const auto all = forms::form_sets().value();
  REQUIRE(all.size() >= 2);
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].until == all[i].from);
  CHECK_FALSE(all.back().until);
}

TEST_CASE("Mẫu 01 is for persons, Mẫu 02 for bodies, Mẫu 03 for devices, and all ask for a new certificate") {
  const forms::FormSet set = today();
  CHECK(set.name == "nd-68-2024");
  for (const auto& [name, number, kind] :
       {std::tuple("mau-01", "Mẫu số 01", "personal"), std::tuple("mau-02", "Mẫu số 02", "organisation"),
        std::tuple("mau-03", "Mẫu số 03", "device")}) {
    const forms::Form form = set.form(name).value();
    CHECK(form.number == number);
    CHECK(form.kind == kind);
    CHECK(form.act == policy::Act::issue);
  }
  CHECK(set.form("renewal").value().act == policy::Act::renew);
  CHECK(set.form("revocation").value().act == policy::Act::revoke);
  CHECK(set.form("mau-99").error().code == ErrorCode::not_found);
}

TEST_CASE("the day in Vietnam decides which forms are in force; before 2024 their numbers are not known") {
  CHECK(forms::form_set_at(parse_rfc3339("2024-08-14T23:59:59+07:00").value()).value().name == "nd-130-2018");
  CHECK(forms::form_set_at(parse_rfc3339("2024-08-15T00:00:00+07:00").value()).value().name == "nd-68-2024");
  CHECK(forms::form_set_at(time_at(2010, 1, 1)).error().code == ErrorCode::not_found);
  CHECK(forms::form_set_at(time_at(2022, 12, 28)).value().form("mau-01").value().number.empty());
}

TEST_CASE("one form a managing body, each with its subjects in their order and numbered from 1") {
  const forms::FormSet set = today();
  const auto filled = forms::fill(set, set.form("mau-01").value(),
                                  {person("CB-1", "Cil Pam Thử", "SỞ NỘI VỤ"), person("CB-2", "Ka Nhùm Thử", "SỞ Y TẾ"),
                                   person("CB-3", "Mai Thị Linh", "SỞ NỘI VỤ")},
                                  {}, "");
  REQUIRE(filled.size() == 2);
  CHECK(filled[0].body == "SỞ NỘI VỤ");
  CHECK(filled[0].superior == "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG");
  CHECK_FALSE(filled[0].party);
  REQUIRE(filled[0].rows.size() == 2);
  CHECK(cell(filled[0], "STT", 1) == "2");
  CHECK(cell(filled[0], "Họ và tên", 1) == "Mai Thị Linh");
  CHECK(cell(filled[0], "Thư điện tử công vụ") == "CB-1@lamdong.test");
  CHECK(cell(filled[0], "Ngày sinh").empty());
  CHECK(filled[0].before.back().find("(2 người)") != std::string::npos);
  CHECK(filled[0].before[1].ends_with("SỞ NỘI VỤ"));
}

TEST_CASE("the body that a subject names by its code asks for it, not the unit that it is in") {
  const forms::FormSet set = today();
  Subject one = person("CB-1", "Cil Pam Thử", "PHÒNG Y TẾ");
  one.requested_by = "930.91.90.H36";
  CHECK(forms::fill(set, set.form("mau-01").value(), {one}, {{"930.91.90.H36", "SỞ Y TẾ"}}, "")[0].body == "SỞ Y TẾ");
  CHECK(forms::fill(set, set.form("mau-01").value(), {one}, {}, "")[0].body == "PHÒNG Y TẾ");
}

TEST_CASE("a body's certificate is asked for by the one that it belongs to") {
  const forms::FormSet set = today();
  const Subject body{
      .code = "1", .kind = "organisation", .cn = "SỞ Y TẾ", .o = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG", .l = "Lâm Đồng"};
  const auto filled = forms::fill(set, set.form("mau-02").value(), {body}, {}, "");
  REQUIRE(filled.size() == 1);
  CHECK(filled[0].body == body.o);
  CHECK(filled[0].superior.empty());
}

TEST_CASE("a Party body's letter has the Party's heading") {
  const forms::FormSet set = today();
  Subject one = person("CB-1", "Đỗ Xuân Dũng", "HUYỆN ỦY ĐỨC TRỌNG");
  CHECK(forms::fill(set, set.form("mau-01").value(), {one}, {}, "")[0].party);
}

TEST_CASE("a form names the authority that it was given, and none else") {
  const forms::FormSet set = today();
  const auto form = set.form("mau-01").value();
  const Subject one = person("CB-1", "Cil Pam Thử", "SỞ Y TẾ");
  CHECK(forms::fill(set, form, {one}, {}, "NƠI CẤP THỬ")[0].addressee == "Kính gửi: NƠI CẤP THỬ");
  CHECK(forms::fill(set, form, {one}, {}, "")[0].addressee == "Kính gửi: " + set.unknown_addressee);
}

TEST_CASE("a revocation says its reason in words, and days as they are in Vietnam") {
  const forms::FormSet set = today();
  Subject one = person("CB-1", "Cil Pam Thử", "SỞ Y TẾ");
  one.reason = "keyCompromise";
  one.serial = "4A01";
  one.not_after = time_at(2026, 12, 31, 17);
  const auto filled = forms::fill(set, set.form("revocation").value(), {one}, {}, "");
  CHECK(cell(filled[0], "Lý do thu hồi") == set.reasons.at("keyCompromise"));
  CHECK(cell(filled[0], "Số hiệu chứng thư") == "4A01");
  CHECK(cell(filled[0], "Ngày hết hiệu lực") == "01/01/2027");
}
