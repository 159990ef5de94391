#include "ca/x509/name.h"

#include "base/encoding.h"
#include "ca/x509/der.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::x509;

namespace {
Result<Name> one(std::string type, std::string value) {
  return Name::from_rdns({{{std::move(type), std::move(value)}}});
}
}  // namespace

TEST_CASE("a name goes to DER and back with its octets") {
  const Name name = Name::from_rdns({{{"C", "VN"}},
                                     {{"O", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"}},
                                     {{"OU", "THỊ TRẤN D'RAN"}},
                                     {{"CN", "K'Brến Thử"}},
                                     {{"E", "kbren@lamdong.test"}}})
                        .value();
  const Name again = Name::from_der(name.der()).value();
  CHECK(again == name);
  CHECK(again.rdns() == name.rdns());
  CHECK(name.rfc4514() ==
        "E=kbren@lamdong.test,CN=K'Brến Thử,OU=THỊ TRẤN D'RAN,O=ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP),C=VN");
  CHECK(name.first("CN") == "K'Brến Thử");
  CHECK(name.first("2.5.4.3") == "K'Brến Thử");
  CHECK(name.first("L").empty());
}

TEST_CASE("NFD input becomes NFC") {
  const Name composed = one("CN", "Đạ K' Nàng").value();
  const Name decomposed = one("CN", "Đa\xCC\xA3 K' Na\xCC\x80ng").value();
  CHECK(composed == decomposed);
  CHECK(decomposed.first("CN") == "Đạ K' Nàng");
}

TEST_CASE("bounds are counted in characters, not octets") {
  std::string word;
  for (int i = 0; i < 64; ++i) word += "Ộ";
  CHECK(one("CN", word).has_value());
  const auto too_long = one("CN", word + "Ộ");
  REQUIRE_FALSE(too_long.has_value());
  CHECK(too_long.error().message.contains("CN"));
  CHECK(too_long.error().message.contains("65"));
  CHECK(one("L", word + word).has_value());
  CHECK_FALSE(one("L", word + word + "a").has_value());
}

TEST_CASE("values that do not fit their attribute are refused") {
  CHECK_FALSE(one("C", "vn").has_value());
  CHECK_FALSE(one("C", "VNM").has_value());
  CHECK_FALSE(one("E", "thử@lamdong.test").has_value());
  CHECK_FALSE(one("CN", "").has_value());
  CHECK_FALSE(one("CN", " a").has_value());
  CHECK_FALSE(one("CN", "a\nb").has_value());
  CHECK_FALSE(one("CN", std::string("a\0b", 3)).has_value());
  CHECK_FALSE(one("CN", "\xff\xfe").has_value());
  for (const char* unseen :
       {"\u0085", "\u00ad", "\u200b", "\u200f", "\u2028", "\u202e", "\u2060", "\u2066", "\ufeff", "\u061c", "\u180e",
        "\ufff9", "\ufffa", "\ufffb", "\U000e0001", "\U000e0041", "\U000e007f"})
    CHECK_FALSE(one("CN", std::string("Thử") + unseen + "a").has_value());
  for (const char* seen : {"\u00a0", "\u00ae", "\u2019", "\u2013", "\u2030", "Đ", "ử"})
    CHECK(one("CN", seen + std::string("a")).has_value());
  CHECK_FALSE(one("nonsense", "a").has_value());
  CHECK_FALSE(one("serialNumber", "mã").has_value());
}

TEST_CASE("strings of other types are read and their octets kept") {
  const auto name_with = [](std::uint8_t tag, ByteView value) {
    return der::sequence({der::tlv(der::set_tag, der::sequence({der::oid("2.5.4.3"), der::tlv(tag, value)}))});
  };
  const Bytes bmp{0x1e, 0xa0, 0x00, 0x61};
  const Bytes wrapped = name_with(der::bmp_string_tag, bmp);
  const Name name = Name::from_der(wrapped).value();
  CHECK(name.first("CN") == "Ạa");
  CHECK(equal(name.der(), wrapped));
  CHECK(Name::from_der(name_with(der::teletex_string_tag, Bytes{0xe0})).value().first("CN") == "à");
  CHECK(Name::from_der(name_with(der::universal_string_tag, Bytes{0, 0, 0x1e, 0xa0})).value().first("CN") == "Ạ");
  CHECK_FALSE(Name::from_der(name_with(der::bmp_string_tag, Bytes{0x1e})).has_value());
  CHECK_FALSE(Name::from_der(name_with(der::bmp_string_tag, Bytes{0xd8, 0x00})).has_value());
  CHECK_FALSE(Name::from_der(name_with(der::utf8_string_tag, Bytes{0xc0, 0x80})).has_value());
  CHECK_FALSE(Name::from_der(name_with(der::octet_string_tag, Bytes{0x61})).has_value());
}

TEST_CASE("RFC 4514 text escapes what it must") {
  CHECK(one("CN", "a,b+c\"d\\e<f>g;h").value().rfc4514() == "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h");
  CHECK(one("CN", "#a").value().rfc4514() == "CN=\\#a");
  CHECK(Name::from_rdns({{{"UID", "MST:0000000017"}, {"UID", "CCCD:099085000123"}}, {{"2.5.4.97", "x"}}})
            .value()
            .rfc4514() == "2.5.4.97=x,UID=MST:0000000017+UID=CCCD:099085000123");
  const Bytes newline =
      der::sequence({der::tlv(der::set_tag, der::sequence({der::oid("2.5.4.3"), der::utf8_string("a\nb")}))});
  CHECK(Name::from_der(newline).value().rfc4514() == "CN=a\\0Ab");
}
