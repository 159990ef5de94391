#include "ca/issuance/issuer.h"

#include <cstdlib>
#include <type_traits>

#include "base/file.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/unit/issuance/issued_pki.h"

using namespace antin;
using namespace antin::issuance;
using namespace antin::tests;

// Unlinted bytes cannot be signed: nobody else can make a LintedTbs, copy one, or make a ToBeSigned by hand.
static_assert(!std::is_default_constructible_v<LintedTbs>);
static_assert(!std::is_constructible_v<LintedTbs, Bytes>);
static_assert(!std::is_copy_constructible_v<LintedTbs>);
static_assert(!std::is_copy_assignable_v<LintedTbs>);
static_assert(std::is_move_constructible_v<LintedTbs>);
static_assert(!std::is_constructible_v<ToBeSigned, Bytes>);
static_assert(!std::is_convertible_v<ToBeSigned, LintedTbs>);
static_assert(!std::is_invocable_v<decltype(&Issuer::sign), const Issuer&, ToBeSigned>);
static_assert(!std::is_invocable_v<decltype(&Issuer::sign), const Issuer&, Bytes>);
static_assert(!std::is_invocable_v<decltype(&Issuer::sign), const Issuer&, LintedTbs&>);

namespace {

const Fields person{{"o", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"},
                    {"ou", "UBND XÃ ĐẠ K' NÀNG"},
                    {"cn", "K'Brến Thử"},
                    {"mail", "kbren@lamdong.test"}};

ToBeSigned person_tbs(const IssuedPki& pki, const TestKey& key, const x509::SerialNumber& serial) {
  const Profile profile = must(built_in_profile("personal"));
  return must(build_tbs(
      profile, {must(profile.subject(person)), to_bytes(key.public_key_info()), {"kbren@lamdong.test"}, {}},
      pki.ca->identity(), serial, must(profile.validity(time_at(2022, 12, 28), pki.ca->identity().not_after))));
}

}  // namespace

TEST_CASE("every built-in profile gives a certificate that two libraries verify") {
  const IssuedPki pki;
  const TestKey key(make_ec_key());
  for (const std::string& name : built_in_profile_names()) {
    if (name == "root" || name == "cross") continue;  // a cross certificate has limits of its own: below
    const Profile profile = must(built_in_profile(name));
    const std::string common_name = name == "link" ? "GỐC THỬ NGHIỆM" : "N'Thol Hạ";  // a link has the root's name
    const Fields fields{{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"},
                        {"cn", common_name},      {"l", "Lâm Đồng"},
                        {"st", "Lâm Đồng"},       {"uid", name == "firm" ? "MST:0000000017" : "CCCD:099085000123"}};
    const auto certificate =
        issue(profile.is_authority() ? *pki.root : *pki.ca, profile, fields, key.public_key_info(), {},
              name == "device" ? std::vector<std::string>{"antind.lamdong.test"} : std::vector<std::string>{});
    INFO(name << (certificate ? "" : ": " + certificate.error().message));
    REQUIRE(certificate.has_value());
    CHECK(certificate->is_ca() == profile.is_authority());
    CHECK(certificate->subject().first("CN") == common_name);
  }
}

TEST_CASE("a cross certificate is built with its limits, and no other certificate with such") {
  const IssuedPki pki;
  const TestKey key(make_ec_key());
  const auto identity = pki.root->identity();
  const auto build = [&](const char* name, std::optional<CrossLimits> limits) -> Result<x509::Certificate> {
    const Profile profile = must(built_in_profile(name));
    SubjectContent content{must(x509::Name::from_rdns({{{"O", "TỈNH BẠN"}}, {{"OU", "CA KHÁC"}}})),
                           to_bytes(key.public_key_info()),
                           {},
                           {}};
    content.cross = std::move(limits);
    ANTIN_TRY(auto tbs, build_tbs(profile, content, identity, random_serial(),
                                  must(profile.validity(time_at(2022, 12, 28), identity.not_after))));
    ANTIN_TRY(auto linted, lint(std::move(tbs), profile.kind()));
    return pki.root->sign(std::move(linted));
  };
  const CrossLimits limits{Bytes(32, 7), 2, {"2.25.1"}, {{{}, {"a.test"}, {"a.test"}}, {}}};
  const auto certificate = must(build("cross", limits));
  CHECK(certificate.subject_key_id() == Bytes(32, 7));
  CHECK(certificate.path_length() == 2);
  CHECK(certificate.policies() == std::vector<std::string>{"2.25.1"});
  CHECK(build("cross", std::nullopt).error().code == ErrorCode::invalid_argument);
  CHECK(build("issuing", limits).error().code == ErrorCode::invalid_argument);
  auto open = limits;
  open.constraints = {};
  CHECK(build("cross", open).has_value());
}

TEST_CASE("a personal certificate says what its profile says") {
  const IssuedPki pki;
  const TestKey key(make_ec_key());
  const auto certificate =
      must(issue(*pki.ca, must(built_in_profile("personal")), person, key.public_key_info(), {"kbren@lamdong.test"}));
  CHECK(certificate.subject().rfc4514() ==
        "E=kbren@lamdong.test,CN=K'Brến Thử,OU=UBND XÃ ĐẠ K' NÀNG,O=ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ "
        "LẬP),C=VN");
  CHECK(certificate.key_usage() == x509::KeyUsage{.digital_signature = true, .non_repudiation = true});
  CHECK(certificate.mails() == std::vector<std::string>{"kbren@lamdong.test"});
  CHECK(certificate.not_before() == time_at(2022, 12, 28));
  CHECK(certificate.not_after() == time_at(2027, 12, 27));
  CHECK(certificate.crl_urls() == std::vector<std::string>{"http://pki.lamdong.test/crl/government.crl"});
  CHECK(certificate.authority_key_id() == pki.ca->certificate()->subject_key_id());
  CHECK(certificate.subject_key_id() == key_id(key.public_key_info()));
  CHECK(certificate.policies().size() == 1);
  CHECK(certificate.issuer() == pki.ca->certificate()->subject());
}

TEST_CASE("the same arguments give the same octets") {
  const IssuedPki pki;
  const TestKey key(make_ec_key());
  const auto serial = random_serial();
  CHECK(equal(person_tbs(pki, key, serial).der(), person_tbs(pki, key, serial).der()));
}

TEST_CASE("linted bytes are redeemed once") {
  const IssuedPki pki;
  const TestKey key(make_ec_key());
  auto linted = must(lint(person_tbs(pki, key, random_serial()), CertificateKind::personal));
  CHECK(pki.ca->sign(std::move(linted)).has_value());
  const int before = pki.ca_key->signatures;
  const auto again = pki.ca->sign(std::move(linted));
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == ErrorCode::failed_precondition);
  CHECK(pki.ca_key->signatures == before);
}

TEST_CASE("a token that signs wrongly issues nothing") {
  const IssuedPki pki;
  const TestKey key(make_ec_key());
  pki.ca_key->spoil = true;
  const auto certificate =
      issue(*pki.ca, must(built_in_profile("personal")), person, key.public_key_info(), {"kbren@lamdong.test"});
  REQUIRE_FALSE(certificate.has_value());
  CHECK(certificate.error().code == ErrorCode::internal);
  CHECK_FALSE(pki.ca->sign_crl_digest(Bytes(32, 1)).has_value());
  pki.ca_key->spoil = false;
  CHECK(pki.ca->sign_crl_digest(Bytes(32, 1)).has_value());
}

TEST_CASE("bytes for another issuer are not signed") {
  const IssuedPki pki;
  const TestKey key(make_ec_key());
  auto linted = must(lint(person_tbs(pki, key, random_serial()), CertificateKind::personal));
  const int before = pki.root_key->signatures;
  CHECK_FALSE(pki.root->sign(std::move(linted)).has_value());
  CHECK(pki.root_key->signatures == before);
}

TEST_CASE("key, certificate and identity of an issuer must belong together") {
  const IssuedPki pki;
  const auto& certificate = *pki.ca->certificate();
  const auto make = [&](std::shared_ptr<TestKey> key, const x509::Certificate& with, auto change) {
    IssuerIdentity identity = IssuedPki::identity(*key, "government");
    change(identity);
    return Issuer::make(key, with, identity, x509::SecondOpinion::full).has_value();
  };
  const auto nothing = [](IssuerIdentity&) {};
  CHECK(make(pki.ca_key, certificate, nothing));
  CHECK_FALSE(make(pki.root_key, certificate, nothing));
  CHECK_FALSE(make(pki.ca_key, certificate, [](auto& i) { i.scheme = hsm::SignatureScheme::rsa_pkcs1_sha256; }));
  CHECK_FALSE(make(pki.ca_key, certificate, [](auto& i) { i.key_id = Bytes(20, 0); }));
  CHECK_FALSE(make(pki.ca_key, certificate, [&](auto& i) { i.name = pki.root->identity().name; }));
  CHECK_FALSE(make(pki.ca_key, certificate, [](auto& i) { i.not_after = time_at(2100, 1, 1); }));
  const auto leaf = must(issue(*pki.ca, must(built_in_profile("personal")), person, pki.ca_key->public_key_info(),
                               {"kbren@lamdong.test"}));
  CHECK_FALSE(make(pki.ca_key, leaf, nothing));
}

TEST_CASE("openssl and certtool accept what was issued", "[foreign]") {
  for (const bool rsa : {false, true}) {
    const Time start = SystemClock().now() - minutes(1);  // certtool 3.7 knows no other time than the present
    const IssuedPki pki(rsa ? make_rsa_key() : make_ec_key(), x509::SecondOpinion::full, start);
    const TestKey key(make_ec_key());
    const auto leaf = must(issue(*pki.ca, must(built_in_profile("personal")), person, key.public_key_info(),
                                 {"kbren@lamdong.test"}, {}, start));
    const TemporaryDirectory home;
    REQUIRE(write_file(home / "root.pem", pki.root->certificate()->pem()));
    REQUIRE(write_file(home / "ca.pem", pki.ca->certificate()->pem()));
    REQUIRE(write_file(home / "leaf.pem", leaf.pem()));
    REQUIRE(write_file(home / "chain.pem", leaf.pem() + pki.ca->certificate()->pem() + pki.root->certificate()->pem()));
    const auto run = [&](const std::string& command) {
      return std::system(("cd " + home.path().string() + " && " + command + " >out 2>&1").c_str());
    };
    CHECK(run("openssl verify -x509_strict -CAfile root.pem -untrusted ca.pem leaf.pem") == 0);
    if (std::system("command -v certtool >/dev/null") != 0) continue;
    CHECK(run("certtool -i --infile leaf.pem") == 0);
    CHECK(run("certtool --verify-chain --infile chain.pem") == 0);
  }
}
