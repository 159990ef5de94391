#include "tests/unit/foreign/foreign_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

using Strings = std::vector<std::string>;

Strings found(const Strings& values, const Strings& places = {}) {
  return foreign::UnitNames(some_units()).find(values, places).codes;
}

}  // namespace

TEST_CASE("a unit is found as whole words of a value, in every case and form") {
  CHECK(found({"ỦY BAN NHÂN DÂN XÃ MA ĐA GUÔI"}) == Strings{"5"});
  CHECK(found({"UBND thị trấn Ma Đa Guôi, huyện Đạ Huoai"}) == Strings{"4"});
  CHECK(found({"UBND PHƯỜNG 10"}) == Strings{"3"});
  CHECK(found({"UBND XÃ PHƯỚC CÁT 2"}) == Strings{"7"});
  CHECK(found({"UBND XÃ PHƯỚC CÁT"}) == Strings{"6"});
  CHECK(found({"ĐẢNG ỦY PHƯỜNG B’LAO"}) == Strings{"9"});
  CHECK(found({"XÃ QUẢNG TRỊ"}) == Strings{"8"});
  CHECK(found({"XÃ QUẢNG TRỊ" + std::string(2000, ' ')}).empty());
  CHECK(found({"XÃ QUẢNG TRỊỊ", "PHƯỜNG 11", "TỈNH QUẢNG TRỊ", ""}).empty());
}

TEST_CASE("the smaller unit counts, and its district tells units of one name apart") {
  const std::string province = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG";
  CHECK(found({province, "PHÒNG NỘI VỤ HUYỆN LẠC DƯƠNG"}) == Strings{"675"});
  CHECK(found({province}) == Strings{"68"});
  CHECK(found({province, "UBND PHƯỜNG 1"}) == Strings{"1", "2"});
  CHECK(found({province, "UBND PHƯỜNG 1"}, {"Thành phố Bảo Lộc"}) == Strings{"2"});
  CHECK(found({"UBND PHƯỜNG 1, THÀNH PHỐ ĐÀ LẠT"}) == Strings{"1"});
  CHECK(found({province, "UBND PHƯỜNG 1"}, {"Tỉnh Lâm Đồng"}) == Strings{"1", "2"});
  CHECK(found({"HUYỆN ỦY LẠC DƯƠNG"}, {"Huyện Lạc Dương"}) == Strings{"675"});
}

TEST_CASE("an agency code decides alone") {
  CHECK(found({"UBND XÃ QUẢNG TRỊ", "000.92.93.h36"}) == Strings{"675"});
  CHECK(found({"mã 000.92.93.H36"}).empty());
}

TEST_CASE("a name that fits only without its marks is told") {
  const foreign::UnitNames names(some_units());
  CHECK_FALSE(names.find({"XÃ ĐINH TRANG HÒA"}, {}).spelling);
  const auto other = names.find({"XÃ ĐINH TRANG HOÀ"}, {});
  CHECK(other.codes == Strings{"10"});
  CHECK(other.spelling);
}
