#include "ca/x509/der.h"

#include "base/encoding.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::x509;

namespace {
Bytes hex(std::string_view text) { return from_hex(text).value(); }
}  // namespace

TEST_CASE("lengths are written in their shortest form") {
  CHECK(to_hex(der::header(0x30, 0)) == "3000");
  CHECK(to_hex(der::header(0x30, 127)) == "307f");
  CHECK(to_hex(der::header(0x30, 128)) == "308180");
  CHECK(to_hex(der::header(0x30, 256)) == "30820100");
  CHECK(to_hex(der::header(0x30, 70000)) == "3083011170");
}

TEST_CASE("lengths that could be shorter, indefinite or too long are refused") {
  for (const char* bad :
       {"30", "3080", "308100", "30817f", "30820080", "3001", "1f0100", "3089010000000000000000", "3084ffffffff00"}) {
    const Bytes octets = hex(bad);
    INFO(bad);
    CHECK_FALSE(der::Reader(octets).next().has_value());
  }
}

TEST_CASE("integers are shortest and unsigned") {
  CHECK(to_hex(der::integer(0)) == "020100");
  CHECK(to_hex(der::integer(127)) == "02017f");
  CHECK(to_hex(der::integer(128)) == "02020080");
  CHECK(to_hex(der::integer_unsigned(hex("0000ff"))) == "020200ff");
  const Bytes largest = der::integer(UINT64_MAX), larger = hex("0209010000000000000000");
  CHECK(der::read_small_integer(der::Reader(largest).next().value()).value() == UINT64_MAX);
  CHECK_FALSE(der::read_small_integer(der::Reader(larger).next().value()).has_value());
  for (const char* bad : {"0200", "02020001", "0202ff80"}) {
    const Bytes octets = hex(bad);
    INFO(bad);
    CHECK_FALSE(der::read_integer(der::Reader(octets).next().value()).has_value());
  }
}

TEST_CASE("object identifiers go both ways, with arcs of a UUID") {
  CHECK(to_hex(der::oid("1.2.840.113549.1.1.11")) == "06092a864886f70d01010b");
  CHECK(to_hex(der::oid("2.5.29.15")) == "0603551d0f");
  for (const char* text :
       {"0.9.2342.19200300.100.1.1", "2.25.329800735698586629295641978511506172918", "2.999.1", "1.3.6.1.5.5.7.48.1"}) {
    const Bytes octets = der::oid_from_text(text).value();
    CHECK(der::read_oid(der::only(octets, der::oid_tag).value()).value() == text);
  }
  for (const char* bad :
       {"", "1", "3.1", "1.40", "1.2.", "1..2", "1.2.a", "1.02", "2.25.9999999999999999999999999999999999999999"}) {
    INFO(bad);
    CHECK_FALSE(der::oid_from_text(bad).has_value());
  }
  for (const char* bad : {"0600", "060180", "06022a80", "06032a8001"}) {
    const Bytes octets = hex(bad);
    INFO(bad);
    CHECK_FALSE(der::read_oid(der::only(octets, der::oid_tag).value()).has_value());
  }
}

TEST_CASE("times change from UTCTime to GeneralizedTime in 2050") {
  CHECK(text_of(der::time(time_at(2049, 12, 31, 23, 59, 59))) ==
        "\x17\x0d"
        "491231235959Z");
  CHECK(text_of(der::time(time_at(2050, 1, 1))) ==
        "\x18\x0f"
        "20500101000000Z");
  CHECK(text_of(der::time(time_at(1950, 1, 1))) ==
        "\x17\x0d"
        "500101000000Z");
  for (const Time time : {time_at(1999, 2, 28, 1, 2, 3), time_at(2024, 2, 29), time_at(2105, 12, 31, 23, 0, 59)}) {
    const Bytes octets = der::time(time);
    CHECK(der::read_time(der::Reader(octets).next().value()).value() == time);
  }
}

TEST_CASE("times that do not exist or are not in UTC are refused") {
  for (const char* bad : {"220230000000Z", "221301000000Z", "220101240000Z", "220101006000Z", "2201010000Z",
                          "220101000000+0700", "22010100000aZ"}) {
    const Bytes octets = der::tlv(der::utc_time_tag, bytes_of(bad));
    INFO(bad);
    CHECK_FALSE(der::read_time(der::Reader(octets).next().value()).has_value());
  }
}

TEST_CASE("named bits drop trailing zeros") {
  CHECK(to_hex(der::named_bits({true, true, false})) == "030206c0");
  CHECK(to_hex(der::named_bits({false, false, false, false, false, true, true, false, false})) == "03020106");
  CHECK(to_hex(der::named_bits({})) == "030100");
  const Bytes unused_bit_set = hex("030201ff");
  CHECK_FALSE(der::read_named_bits(der::Reader(unused_bit_set).next().value()).has_value());
}

TEST_CASE("a SET OF is in ascending order of its octets") {
  CHECK(to_hex(der::set_of({hex("0403aaaaaa"), hex("0401ff"), hex("040101")})) == "310b0401010401ff0403aaaaaa");
}

TEST_CASE("booleans are 00 or FF") {
  const Bytes one = hex("010101"), wide = hex("01020000");
  CHECK_FALSE(der::read_boolean(der::Reader(one).next().value()).has_value());
  CHECK_FALSE(der::read_boolean(der::Reader(wide).next().value()).has_value());
  CHECK(to_hex(der::boolean(true)) == "0101ff");
}
