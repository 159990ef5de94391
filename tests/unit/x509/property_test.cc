// Properties that hold for every value, with RapidCheck making the values.
#include <algorithm>

#include "tests/catch.h"
// RapidCheck's own Catch header knows Catch2 2 alone, so its check() is called directly.
#include <rapidcheck.h>

#include "base/encoding.h"
#include "ca/x509/der.h"
#include "ca/x509/name.h"
#include "ca/x509/serial_number.h"

using namespace antin;
using namespace antin::x509;

namespace {

Bytes to_octets(const std::vector<std::uint8_t>& v) { return v; }

// Letters that Vietnamese and the local languages of the highlands write, whole (NFC) and taken apart (NFD).
const std::vector<std::pair<std::string, std::string>>& letters() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"a", "a"}, {"Ạ", "A\u0323"}, {"ộ", "o\u0323\u0302"}, {"ữ", "u\u031B\u0303"},
      {"Đ", "Đ"}, {"K'", "K'"},     {"č", "c\u030C"},       {"ñ", "n\u0303"},
      {"ƀ", "ƀ"}, {"Ẻ", "E\u0309"}, {"ằ", "a\u0306\u0300"}, {"Ờ", "O\u031B\u0300"},
  };
  return all;
}

rc::Gen<std::vector<std::size_t>> spelling() {
  return rc::gen::suchThat(
      rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, letters().size())),
      [](const auto& v) { return !v.empty() && v.size() <= 30; });
}

}  // namespace

TEST_CASE("property: any octets in any tag come back from a TLV") {
  CHECK(rc::check([](const std::vector<std::uint8_t>& content, std::uint8_t tag) {
    RC_PRE((tag & 0x1fU) != 0x1fU);
    const Bytes whole = der::tlv(tag, to_octets(content));
    const auto element = der::only(whole, tag);
    RC_ASSERT(element.has_value());
    RC_ASSERT(equal(element->content, content));
    RC_ASSERT(equal(element->whole, whole));
  }));
}

TEST_CASE("property: every octet string that reads as one element is written the same") {
  CHECK(rc::check([](const std::vector<std::uint8_t>& octets) {
    der::Reader reader(octets);
    const auto element = reader.next();
    if (!element) return;
    RC_ASSERT(equal(der::tlv(element->tag, element->content), element->whole));
    RC_ASSERT(element->whole.size() + reader.rest().size() == octets.size());
  }));
}

TEST_CASE("property: numbers, named bits and times come back") {
  CHECK(rc::check([](std::uint64_t number) {
    const Bytes octets = der::integer(number);
    RC_ASSERT(der::read_small_integer(der::only(octets, der::integer_tag).value()).value() == number);
  }));
  CHECK(rc::check([](std::vector<bool> bits) {
    const Bytes octets = der::named_bits(bits);
    auto read = der::read_named_bits(der::only(octets, der::bit_string_tag).value()).value();
    while (!bits.empty() && !bits.back()) bits.pop_back();
    RC_ASSERT(read == bits);
  }));
  CHECK(rc::check([] {
    const Time time = time_at(1950, 1, 1) + seconds(*rc::gen::inRange<std::int64_t>(0, 4'700'000'000));
    const Bytes octets = der::time(time);
    RC_ASSERT(der::read_time(der::Reader(octets).next().value()).value() == time);
  }));
}

TEST_CASE("property: a SET OF does not depend on the order in which it was given") {
  CHECK(rc::check([](const std::vector<std::vector<std::uint8_t>>& parts) {
    std::vector<Bytes> elements;
    for (const auto& part : parts) elements.push_back(der::octet_string(part));
    const Bytes forwards = der::set_of(elements);
    std::reverse(elements.begin(), elements.end());
    RC_ASSERT(der::set_of(elements) == forwards);
  }));
}

TEST_CASE("property: serial numbers keep their value through octets, DER and hexadecimal") {
  CHECK(rc::check([] {
    const auto size = *rc::gen::inRange<std::size_t>(1, 20);
    const auto octets = *rc::gen::container<std::vector<std::uint8_t>>(size, rc::gen::arbitrary<std::uint8_t>());
    RC_PRE(std::ranges::any_of(octets, [](std::uint8_t o) { return o != 0; }));
    const auto serial = SerialNumber::from_unsigned(octets).value();
    RC_ASSERT(SerialNumber::from_hex(serial.hex()).value() == serial);
    RC_ASSERT(SerialNumber::from_der_content(serial.der_content()).value() == serial);
    RC_ASSERT(serial.der_content().size() <= 20);
    RC_ASSERT((serial.der_content()[0] & 0x80U) == 0);
    const Bytes element = der::tlv(der::integer_tag, serial.der_content());
    RC_ASSERT(der::read_integer(der::only(element, der::integer_tag).value()).has_value());
  }));
}

TEST_CASE("property: a name is the same from NFC and from NFD, and comes back from its octets") {
  CHECK(rc::check([] {
    std::string composed, decomposed;
    for (const std::size_t i : *spelling()) {
      composed += letters()[i].first;
      decomposed += letters()[i].second;
    }
    const Name a = Name::from_rdns({{{"C", "VN"}}, {{"CN", composed}}}).value();
    const Name b = Name::from_rdns({{{"C", "VN"}}, {{"CN", decomposed}}}).value();
    RC_ASSERT(a == b);
    RC_ASSERT(a.first("CN") == to_nfc(decomposed).value());
    RC_ASSERT(Name::from_der(a.der()).value().rdns() == a.rdns());
  }));
}
