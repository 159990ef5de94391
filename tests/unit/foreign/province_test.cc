#include "tests/unit/foreign/foreign_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

foreign::Match match(std::vector<x509::NameAttribute> subject) {
  static TestAuthority authority("CA THỬ NGHIỆM của nơi khác");
  static const foreign::Province province = some_province();
  return province.match(authority.issue_to(name(std::move(subject))).certificate, time_at(2022, 12, 28));
}

std::vector<std::string> rules(const foreign::Match& match) {
  std::vector<std::string> all;
  for (const store::Doubt& doubt : match.doubts) all.push_back(doubt.rule);
  return all;
}
using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("who is identified by mail, UID or code is matched, however the name is written") {
  for (const auto& subject : std::vector<std::vector<x509::NameAttribute>>{
           {{"O", "CƠ QUAN KHÁC"}, {"CN", "NGUYEN VAN THU"}, {"E", "ThuNV.SNV@lamdong.test"}},
           {{"O", "CƠ QUAN KHÁC"}, {"CN", "N. V. Thử"}, {"UID", "CCCD:099085000123"}},
           {{"UID", "MST:0000000017"}, {"UID", "CCCD:099085000123"}, {"CN", "Nguyễn Văn Thử"}, {"O", "SỞ NỘI VỤ"}},
           {{"O", "CƠ QUAN KHÁC"}, {"CN", "Ai Đó"}, {"serialNumber", "CB-1"}}}) {
    const foreign::Match found = match(subject);
    CHECK(found.subscriber == "CB-1");
    CHECK(found.kind == "personal");
    CHECK(found.doubts.empty());
  }
  CHECK(match({{"UID", "MST:0000000017"}, {"CN", "SỞ KHÁC TÊN"}}).subscriber == "930.90.91.H36");
  CHECK(match({{"UID", "930.90.91.h36"}, {"CN", "SỞ KHÁC TÊN"}}).subscriber == "930.90.91.H36");
}

TEST_CASE("a person's certificate that names the body is not the body's") {
  const foreign::Match found = match({{"UID", "MST:0000000017"}, {"UID", "CCCD:099085999999"}, {"CN", "Người Lạ Thử"}});
  CHECK(found.subscriber.empty());
  CHECK(found.kind == "personal");
}

TEST_CASE("a whole name matches in every case and form, and O and OU are part of it") {
  CHECK(match({{"O", "Ủy ban nhân dân tỉnh Lâm Đồng (dữ liệu giả lập)"}, {"OU", "Sở Tư pháp"}, {"CN", "TRẦN THỊ MẪU"}})
            .subscriber == "CB-2");
  const foreign::Match other = match({{"O", committee}, {"OU", "SỞ CÔNG THƯƠNG"}, {"CN", "Trần Thị Mẫu"}});
  CHECK(other.subscriber.empty());
  CHECK(rules(other) == Strings{"import.other_unit"});
  CHECK(other.doubts[0].arguments == Strings{"CB-2, CB-3"});
  const foreign::Match moved =
      match({{"O", committee}, {"OU", "SỞ CÔNG THƯƠNG"}, {"CN", "Trần Thị Mẫu"}, {"E", "mautt.stc@lamdong.test"}});
  CHECK(moved.subscriber == "CB-3");
  CHECK(rules(moved) == Strings{"import.other_unit"});
}

TEST_CASE("several of one name are told and none is chosen") {
  const foreign::Match found = match({{"O", committee}, {"OU", "SỞ Y TẾ"}, {"CN", "Lê Văn Mẫu"}});
  CHECK(found.subscriber.empty());
  CHECK(rules(found) == Strings{"import.several"});
  CHECK(found.doubts[0].arguments == Strings{"CB-5, CB-6"});
  const foreign::Match two =
      match({{"O", committee}, {"CN", "Ai Đó"}, {"E", "mautt.stp@lamdong.test"}, {"UID", "CCCD:099085000123"}});
  CHECK(two.subscriber.empty());
  CHECK(rules(two) == Strings{"import.several"});
}

TEST_CASE("bodies of one name are told apart by their place, and their unit comes along") {
  const foreign::Match found =
      match({{"L", "Thành phố Bảo Lộc"}, {"O", committee}, {"CN", "ỦY BAN NHÂN DÂN PHƯỜNG 1"}});
  CHECK(found.subscriber == "903.92.91.H36");
  CHECK(found.unit == "2");
  CHECK(found.kind == "organisation");
  CHECK(found.doubts.empty());
  CHECK(rules(match({{"O", committee}, {"CN", "ỦY BAN NHÂN DÂN PHƯỜNG 1"}})) ==
        Strings{"import.several", "import.several_units"});
}

TEST_CASE("a matched subscriber tells the unit by its code") {
  const foreign::Match found = match({{"O", committee}, {"CN", "ỦY BAN NHÂN DÂN PHƯỜNG 1"}, {"UID", "905.92.90.H36"}});
  CHECK(found.subscriber == "905.92.90.H36");
  CHECK(found.unit == "1");
  CHECK(found.doubts.empty());
}

TEST_CASE("a name spelled otherwise is matched and told") {
  const foreign::Match found = match({{"O", committee}, {"OU", "SỞ Y TẾ"}, {"CN", "Lê Hòa Thử"}});
  CHECK(found.subscriber == "CB-4");
  CHECK(rules(found) == Strings{"import.spelling"});
}

TEST_CASE("who fits nothing is told, and a person named like a place is no place") {
  CHECK(rules(match({{"O", "CÔNG TY GIẢ LẬP"}, {"OU", "PHÒNG MẪU"}, {"CN", "Xã Quảng Trị"}})) ==
        Strings{"import.no_match"});
  CHECK(match({{"O", "CÔNG TY GIẢ LẬP"}, {"CN", "UBND XÃ QUẢNG TRỊ"}}).unit == "8");
  const foreign::Match someone = match({{"O", committee}, {"OU", "BAN MẪU"}, {"CN", "Người Lạ Thử"}});
  CHECK(someone.unit == "68");
  CHECK(rules(someone) == Strings{"import.no_match"});
  CHECK(match({{"O", "CƠ QUAN KHÁC"}, {"CN", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG"}}).doubts.empty());
}

TEST_CASE("commas and signs inside a value split nothing") {
  CHECK(rules(match({{"O", "A,CN=Nguyễn Văn Thử,OU=SỞ NỘI VỤ"}, {"CN", "E=thunv.snv@lamdong.test"}})) ==
        Strings{"import.no_match"});
}
