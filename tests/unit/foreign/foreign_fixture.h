// What the tests of ca/foreign share: names, certificates and a province of a few lines. All of it is made up.
#pragma once

#include "ca/foreign/province.h"
#include "tests/catch.h"
#include "tests/test_authority.h"

namespace antin::tests {

inline constexpr const char* committee = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";

inline x509::Name name(std::vector<x509::NameAttribute> attributes) {
  std::vector<x509::RelativeName> rdns{{{"C", "VN"}}};
  for (x509::NameAttribute& one : attributes) rdns.push_back({std::move(one)});
  auto made = x509::Name::from_rdns(std::move(rdns));
  INFO((made ? "" : made.error().message));
  REQUIRE(made.has_value());
  return *made;
}

inline std::vector<foreign::Unit> some_units() {
  return {{"68", "province", "Tỉnh Lâm Đồng", "", "H36"},
          {"672", "district", "Thành phố Đà Lạt", "68", "000.92.90.H36"},
          {"673", "district", "Thành phố Bảo Lộc", "68", "000.92.91.H36"},
          {"675", "district", "Huyện Lạc Dương", "68", "000.92.93.H36"},
          {"681", "district", "Huyện Đạ Huoai", "68", "000.92.98.H36"},
          {"683", "district", "Huyện Cát Tiên", "68", "000.92.99.H36"},
          {"1", "commune", "Phường 1", "672", "905.92.90.H36"},
          {"2", "commune", "Phường 1", "673", "903.92.91.H36"},
          {"3", "commune", "Phường 10", "672", "906.92.90.H36"},
          {"4", "commune", "Thị trấn Ma Đa Guôi", "681", "901.92.98.H36"},
          {"5", "commune", "Xã Ma Đa Guôi", "681", "902.92.98.H36"},
          {"6", "commune", "Xã Phước Cát", "683", "901.92.99.H36"},
          {"7", "commune", "Xã Phước Cát 2", "683", "902.92.99.H36"},
          {"8", "commune", "Xã Quảng Trị", "683", "903.92.99.H36"},
          {"9", "commune", "Phường B'lao", "673", "904.92.91.H36"},
          {"10", "commune", "Xã Đinh Trang Hòa", "672", "907.92.90.H36"}};
}

inline foreign::Province some_province() {
  const auto person = [](const char* code, const char* cn, const char* ou, const char* mail, const char* uid = "") {
    return foreign::Subscriber{code, "personal", cn, committee, ou, "", mail, uid};
  };
  const auto body = [](const char* code, const char* cn, const char* place, const char* uid = "") {
    return foreign::Subscriber{code, "organisation", cn, committee, "", place, "", uid};
  };
  return foreign::Province(
      {person("CB-1", "Nguyễn Văn Thử", "SỞ NỘI VỤ", "thunv.snv@lamdong.test", "CCCD:099085000123"),
       person("CB-2", "Trần Thị Mẫu", "SỞ TƯ PHÁP", "mautt.stp@lamdong.test"),
       person("CB-3", "Trần Thị Mẫu", "SỞ TÀI CHÍNH", "mautt.stc@lamdong.test"),
       person("CB-4", "Lê Hoà Thử", "SỞ Y TẾ", ""), person("CB-5", "Lê Văn Mẫu", "SỞ Y TẾ", ""),
       person("CB-6", "Lê Văn Mẫu", "SỞ Y TẾ", ""), body("930.90.91.H36", "SỞ NỘI VỤ", "Lâm Đồng", "MST:0000000017"),
       body("905.92.90.H36", "ỦY BAN NHÂN DÂN PHƯỜNG 1", "Thành phố Đà Lạt"),
       body("903.92.91.H36", "ỦY BAN NHÂN DÂN PHƯỜNG 1", "Thành phố Bảo Lộc")},
      some_units());
}

}  // namespace antin::tests
