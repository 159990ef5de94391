// What decision 24 says is taken of EN 319 412-2 and -3 holds for every certificate of a subscriber who signs
// documents, and what is not taken of -5 cannot slip in.
#include <algorithm>

#include "ca/issuance/issuer.h"
#include "ca/x509/certificate_extensions.h"
#include "ca/x509/der.h"
#include "ca/x509/tbs.h"
#include "tests/catch.h"
#include "tests/unit/issuance/issued_pki.h"

using namespace antin;
using namespace antin::issuance;
using namespace antin::tests;
namespace der = antin::x509::der;

namespace {

constexpr const char* signers[] = {"organisation", "personal", "citizen", "firm"};

x509::Certificate issued(const IssuedPki& pki, const std::string& name) {
  const TestKey key(make_ec_key());
  return must(issue(*pki.ca, must(built_in_profile(name)),
                    {{"o", "DỮ LIỆU GIẢ LẬP"},
                     {"ou", "PHÒNG THỬ"},
                     {"cn", "Ka Nhùm Thử"},
                     {"st", "Lâm Đồng"},
                     {"uid", name == "firm" ? "MST:0000000017" : "CCCD:099085000123"}},
                    key.public_key_info()));
}

}  // namespace

TEST_CASE("subject, issuer, key usage and policies are as EN 319 412-2 and -3 ask, where decision 24 takes it") {
  const IssuedPki pki;
  for (const char* name : signers) {
    INFO(name);
    const x509::Certificate one = issued(pki, name);
    for (const char* type : {"C", "CN"}) CHECK(one.subject().values(type).size() == 1);
    for (const char* type : {"C", "O", "CN"}) CHECK_FALSE(one.issuer().values(type).empty());
    CHECK(one.key_usage() == x509::KeyUsage{.digital_signature = true, .non_repudiation = true});  // setting B
    CHECK_FALSE(one.policies().empty());
  }
}

TEST_CASE(
    "extensions are those that EN 319 412-2 asks for, and no others are critical than key usage and basic "
    "constraints") {
  const IssuedPki pki;
  for (const char* name : signers) {
    INFO(name);
    const x509::Certificate one = issued(pki, name);
    const auto tbs = must(x509::parse_tbs(one.tbs()));
    const auto* authority = tbs.find("2.5.29.35");
    REQUIRE(authority != nullptr);
    CHECK(must(x509::read_authority_key_id(authority->value)) == pki.ca->identity().key_id);
    const auto* points = tbs.find("2.5.29.31");
    REQUIRE(points != nullptr);
    CHECK(must(x509::read_crl_urls(points->value)).front().starts_with("http://"));
    const auto* access = tbs.find("1.3.6.1.5.5.7.1.1");
    REQUIRE(access != nullptr);
    CHECK(std::ranges::any_of(must(x509::read_authority_information_access(access->value)),
                              [](const auto& place) { return place.method == "1.3.6.1.5.5.7.48.2"; }));
    REQUIRE(tbs.find("2.5.29.37") != nullptr);
    for (const x509::ExtensionView& extension : tbs.extensions)
      CHECK(extension.critical == (extension.is("2.5.29.15") || extension.is("2.5.29.19")));
    for (const der::OidLiteral absent :
         {der::OidLiteral("2.5.29.33"), der::OidLiteral("2.5.29.30"), der::OidLiteral("2.5.29.36"),
          der::OidLiteral("2.5.29.54"), der::OidLiteral("2.5.29.9"), der::OidLiteral("1.3.6.1.5.5.7.1.3")})
      CHECK(tbs.find(absent) == nullptr);
  }
}

TEST_CASE("no profile can ask for qcStatements, and the linter refuses a certificate that has them") {
  const std::string profile = R"({"name":"qc","version":1,"kind":"personal",
    "subject":[{"type":"C","value":"VN"},{"type":"O","field":"o"},{"type":"CN","field":"cn"}],
    "validity":{"years":2},"key_usage":["digitalSignature"],"extended_key_usage":["1.3.6.1.5.5.7.3.36"],
    "qc_statements":["0.4.0.1862.1.1"],
    "leaf":{"mail":"optional","dns":"forbidden"},"subject_key_id":"sha256"})";
  CHECK(Profile::from_json(profile).error().message.contains("qc_statements"));
  const IssuedPki pki;
  const Bytes tbs = to_bytes(issued(pki, "personal").tbs());
  const der::Element whole = must(der::only(tbs, der::sequence_tag));
  // The same certificate, with QcCompliance as one more extension.
  std::vector<Bytes> parts;
  for (der::Reader reader(whole.content); !reader.at_end();) parts.push_back(to_bytes(must(reader.next()).whole));
  const der::Element list =
      must(der::only(must(der::only(parts.back(), der::context_constructed(3))).content, der::sequence_tag));
  const Bytes statements = der::sequence({der::sequence({der::oid("0.4.0.1862.1.1")})});
  const Bytes extension = der::sequence({der::oid("1.3.6.1.5.5.7.1.3"), der::octet_string(statements)});
  REQUIRE(lint(der::sequence_of(parts), CertificateKind::personal).has_value());
  parts.back() =
      der::tlv(der::context_constructed(3), der::tlv(der::sequence_tag, der::concat({list.content, extension})));
  const auto refused = lint(der::sequence_of(parts), CertificateKind::personal);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.contains("only-known-extensions: 1.3.6.1.5.5.7.1.3"));
}
