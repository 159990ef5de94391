// Vietnamese names are the normal case: ten thousand of them go through the profile and the linter, in either form of
// Unicode, and stand in the certificate as UTF8String in NFC, octet for octet.
#include <set>

#include "base/encoding.h"
#include "ca/issuance/issuer.h"
#include "ca/issuance/profile.h"
#include "ca/x509/der.h"
#include "cli/sample/persons.h"
#include "tests/catch.h"

using namespace antin;

namespace {

constexpr std::size_t wanted = 10'000;

template <class T>
T must(Result<T> result) {
  INFO((result ? "" : result.error().message));
  REQUIRE(result.has_value());
  return *std::move(result);
}

// Drawn until there are so many different ones; every third in capitals, as many bodies write them.
std::set<std::string> names() {
  sample::Dice dice(2022);
  std::set<std::string> all;
  while (all.size() < wanted) {
    const std::string name = sample::person_name(dice);
    all.insert(all.size() % 3 == 0 ? sample::upper_case(name) : name);
  }
  return all;
}

issuance::IssuerIdentity issuer() {
  issuance::IssuerIdentity identity;
  identity.name =
      must(x509::Name::from_rdns({{{"C", "VN"}}, {{"O", "DỮ LIỆU GIẢ LẬP"}}, {{"CN", "CA THỬ NGHIỆM khối Nhà nước"}}}));
  identity.key_id = Bytes(20, 7);
  identity.crl_url = "http://pki.lamdong.test/v1/crl/government";
  identity.certificate_url = "http://pki.lamdong.test/v1/ca/government";
  return identity;
}

std::vector<std::pair<std::string, std::string>> fields(const std::string& name) {
  return {{"o", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"},
          {"ou", "UBND XÃ ĐẠ K' NÀNG"},
          {"cn", name},
          {"mail", "thu@lamdong.test"}};
}

// P-256's generator as a public key: a point on the curve that nobody needs the key of.
Bytes public_key() {
  return must(
      from_hex("3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d81"
               "2deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));
}

bool contains(ByteView whole, ByteView part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

}  // namespace

TEST_CASE("Ten thousand Vietnamese names pass the linter, in NFC and as UTF8String") {
  const issuance::Profile profile = must(issuance::built_in_profile("personal"));
  const issuance::IssuerIdentity by = issuer();
  const auto serial = must(x509::SerialNumber::from_hex("5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A"));
  const auto validity = must(profile.validity(time_at(2026, 3, 2), std::nullopt));
  const Bytes key = public_key();
  std::size_t passed = 0, tall = 0;
  for (const std::string& name : names()) {
    x509::Name subject = must(profile.subject(fields(name)));
    // Typed on another machine the same letters are other octets: the certificate has one form.
    const std::string apart = sample::decomposed(name);
    if (apart != name) ++tall;
    if (must(profile.subject(fields(apart))).der().size() != subject.der().size() ||
        !equal(must(profile.subject(fields(apart))).der(), subject.der()))
      FAIL_CHECK(name << ": NFD gives another subject");
    if (!contains(subject.der(), x509::der::tlv(0x0c, bytes_of(name))))
      FAIL_CHECK(name << ": not as UTF8String in NFC");
    issuance::SubjectContent content;
    content.subject = std::move(subject);
    content.public_key_info = key;
    content.mails = {"thu@lamdong.test"};
    auto tbs = issuance::build_tbs(profile, content, by, serial, validity);
    if (!tbs) {
      FAIL_CHECK(name << ": " << tbs.error().message);
      continue;
    }
    const auto linted = issuance::lint(*std::move(tbs), profile.kind());
    if (linted)
      ++passed;
    else
      FAIL_CHECK(name << ": " << linted.error().message);
  }
  CHECK(passed == wanted);
  CHECK(tall > wanted * 9 / 10);
}
