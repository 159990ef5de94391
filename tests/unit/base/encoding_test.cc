#include "base/encoding.h"

#include <random>

#include "base/digest.h"
#include "tests/catch.h"

using namespace antin;

TEST_CASE("base64 and hexadecimal: every octet string comes back") {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    CHECK(from_base64(to_base64(bytes)).value() == bytes);
    CHECK(from_base64url(to_base64url(bytes)).value() == bytes);
    CHECK(from_hex(to_hex(bytes)).value() == bytes);
    CHECK(from_hex(to_hex_upper(bytes)).value() == bytes);
    CHECK(from_pem("X", "text before\n" + to_pem("X", bytes)).value() == bytes);
  }
}

TEST_CASE("base64: padding, alphabet and trailing bits are strict") {
  for (const char* text : {"A", "AA", "AAA", "AB==", "AAB=", "A===", "AAAA=", "AA A", "AAAA\n", "=AAA", "AA=A"})
    CHECK_FALSE(from_base64(text).has_value());
  CHECK_FALSE(from_base64url("AAA=").has_value());
  CHECK_FALSE(from_hex("0").has_value());
  CHECK_FALSE(from_hex("0g").has_value());
}

TEST_CASE("NFC: decomposed Vietnamese becomes composed, and bad UTF-8 is refused") {
  CHECK(to_nfc("Đa\u0323 Te\u0309h").value() == "Đạ Tẻh");
  // A letter alone, and before a mark that calls for the whole normalisation: the same, for all letters below U+2000.
  for (unsigned point = 0; point < 0x2000; ++point) {
    std::string letter;
    if (point < 0x80)
      letter = static_cast<char>(point);
    else if (point < 0x800)
      letter = {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
    else
      letter = {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
                static_cast<char>(0x80 | (point & 0x3F))};
    const std::string alone = to_nfc(letter).value(), before = to_nfc(letter + " x\u0323").value();
    if (alone + " x\u0323" != before) FAIL_CHECK("U+" << std::hex << point);
  }
  CHECK(to_nfc("U\u031b\u0309y ban").value() == "Ửy ban");
  CHECK_FALSE(to_nfc("\xC3").has_value());
  CHECK_FALSE(to_nfc("\xED\xA0\x80").has_value());
  CHECK_FALSE(is_utf8("\xC0\x80"));
  CHECK(count_code_points("Đạ K' Nàng") == 10);
}

TEST_CASE("characters that nobody sees are found, whatever their length, and letters are none") {
  for (const char* unseen :
       {"\n",     "\x7f",   "\u0080", "\u0085", "\u009f",     "\u00ad",     "\u061c",     "\u180e",     "\u200b",
        "\u200f", "\u2028", "\u2029", "\u202a", "\u202e",     "\u2060",     "\u2065",     "\u2066",     "\u206f",
        "\ufeff", "\ufff9", "\ufffa", "\ufffb", "\U0001d173", "\U000e0001", "\U000e0020", "\U000e0041", "\U000e007f"}) {
    INFO(to_hex(bytes_of(unseen)));
    CHECK(has_invisible(unseen));
    CHECK(has_invisible(std::string("Thử") + unseen));
    CHECK(has_invisible(unseen + std::string("Thử")));
  }
  for (const char* seen :
       {"", "a", "Nguyễn Văn Thử", "K'Brến", "ƀ č ñ", "\u00a0", "\u2019", "\u0303", "\U0001f600", "\U00020000"})
    CHECK_FALSE(has_invisible(seen));
  CHECK_FALSE(has_invisible("\xff\xe2\x80\x8b"));
}

TEST_CASE("folded names: spelling variants of one place are one key") {
  CHECK(fold_name("D'Ran").value() == fold_name("D\u2019RAN").value());
  CHECK(fold_name("Hòa Bắc").value() == fold_name("Hoà Bắc").value());
  CHECK(fold_name("Đạ  M' Rong").value() == "da m rong");
  CHECK(fold_name("Phước Cát").value() != fold_name("Phước Cát 2").value());
}

TEST_CASE("digests: known answers, in one piece and in many") {
  CHECK(to_hex(sha256(bytes_of("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Hasher hasher(DigestAlgorithm::sha512);
  const Bytes whole = digest(DigestAlgorithm::sha512, bytes_of("abcdef"));
  CHECK(hasher.update(bytes_of("abc")).update(bytes_of("def")).finish() == whole);
  CHECK(hasher.update(bytes_of("abcdef")).finish() == whole);
}
