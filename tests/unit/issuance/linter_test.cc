#include <algorithm>

#include "base/encoding.h"
#include "ca/issuance/issuer.h"
#include "ca/x509/der.h"
#include "tests/catch.h"
#include "tests/unit/issuance/issued_pki.h"

using namespace antin;
using namespace antin::issuance;
using namespace antin::tests;
namespace der = antin::x509::der;

namespace {

// A good leaf's parts, each to be spoilt on its own.
struct Parts {
  Bytes version = der::tlv(der::context_constructed(0), der::integer(2));
  Bytes serial = der::integer_unsigned(Bytes(18, 0x5a));
  Bytes algorithm = hsm::algorithm_identifier(hsm::SignatureScheme::ecdsa_sha256);
  Bytes issuer = name({{{"C", "VN"}}, {{"O", "DỮ LIỆU GIẢ LẬP"}}, {{"CN", "CA THỬ"}}});
  Bytes not_before = der::time(time_at(2022, 12, 28)), not_after = der::time(time_at(2027, 12, 27));
  Bytes subject = name({{{"C", "VN"}}, {{"O", "DỮ LIỆU GIẢ LẬP"}}, {{"CN", "Cil Pam Thử"}}});
  Bytes key = p256();
  Bytes authority_key_id = extension("2.5.29.35", false, der::sequence({der::tlv(der::context(0), Bytes(20, 7))}));
  Bytes subject_key_id = extension("2.5.29.14", false, der::octet_string(Bytes(20, 8)));
  Bytes basic_constraints = extension("2.5.29.19", true, der::sequence({}));
  Bytes key_usage = extension("2.5.29.15", true, der::named_bits({true, true}));
  Bytes extended = extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.5.5.7.3.36")}));
  Bytes more;  // further extensions

  static Bytes name(std::vector<x509::RelativeName> rdns) {
    return to_bytes(must(x509::Name::from_rdns(std::move(rdns))).der());
  }
  static Bytes p256() {
    static const Bytes info = public_key_info_of(make_ec_key().get());
    return info;
  }
  static Bytes extension(der::OidLiteral oid, bool critical, ByteView value) {
    return der::sequence({der::oid(oid), critical ? der::boolean(true) : Bytes(), der::octet_string(value)});
  }
  Bytes tbs() const {
    return der::sequence(
        {version, serial, algorithm, issuer, der::sequence({not_before, not_after}), subject, key,
         der::tlv(der::context_constructed(3),
                  der::sequence({authority_key_id, subject_key_id, basic_constraints, key_usage, extended, more}))});
  }
};

// The name of the rules that complain about a leaf with this one change.
std::string finding(const std::function<void(Parts&)>& change, CertificateKind kind = CertificateKind::personal) {
  Parts parts;
  change(parts);
  const auto linted = lint(parts.tbs(), kind);
  return linted ? "" : linted.error().message;
}

Bytes one_name(ByteView type, std::uint8_t tag, std::string_view value) {
  return der::tlv(der::set_tag, der::sequence({type, der::tlv(tag, bytes_of(value))}));
}

// The subject of a citizen or firm.
Bytes with_number(const std::string& number) {
  return Parts::name({{{"C", "VN"}}, {{"ST", "Lâm Đồng"}}, {{"CN", "Ka Nhùm Thử"}}, {{"UID", number}}});
}

}  // namespace

TEST_CASE("a citizen or firm has a number in the place of an organisation, and what cannot be decided is no fault") {
  for (const char* number : {"CCCD:099085000123", "MST:0000000017", "MST:0012345672-001", "MST:099085000123",
                             "MST:0000000000", "MQHNS:0000000"})
    CHECK(finding([&](Parts& p) { p.subject = with_number(number); }).empty());
  // No message holds the number.
  CHECK_FALSE(finding([](Parts& p) { p.subject = with_number("CCCD:09908500012"); }).contains("0990"));
}

TEST_CASE("a CA certificate lives for twenty years at most") {
  const auto authority = [](Time end) {
    return finding(
        [&](Parts& p) {
          p.basic_constraints =
              Parts::extension("2.5.29.19", true, der::sequence({der::boolean(true), der::integer(0)}));
          p.key_usage =
              Parts::extension("2.5.29.15", true, der::named_bits({false, false, false, false, false, true, true}));
          p.extended.clear();
          p.not_after = der::time(end);
        },
        CertificateKind::issuing);
  };
  CHECK(authority(time_at(2042, 12, 28)).empty());
  CHECK(authority(time_at(2043, 1, 28)).contains("validity-not-too-long: at most 20 years"));
}

TEST_CASE("a good leaf has no finding") {
  CHECK(finding([](Parts&) {}).empty());
  CHECK(finding([](Parts& p) {
          p.more =
              der::concat({Parts::extension("2.5.29.17", false,
                                            der::sequence({der::tlv(der::context(1), bytes_of("a@lamdong.test"))})),
                           Parts::extension("2.5.29.32", false, der::sequence({der::sequence({der::oid("2.25.1")})}))});
        }).empty());
}

TEST_CASE("a key of ML-DSA and a signature of it are well formed without parameters, and encipher nothing") {
  const auto with_key = [](Parts& p) { p.key = made_up_ml_dsa_65(); };
  CHECK(finding(with_key).empty());
  CHECK(finding([](Parts& p) { p.algorithm = hsm::algorithm_identifier(hsm::SignatureScheme::ml_dsa_87); }).empty());
  const auto also = [&](const std::function<void(Parts&)>& change) {
    return finding([&](Parts& p) {
      with_key(p);
      change(p);
    });
  };
  CHECK(also([](Parts& p) { p.key.back() ^= 1; }).empty());
  CHECK(also([](Parts& p) {
          p.key_usage = Parts::extension("2.5.29.15", true, der::named_bits({true, false, true}));
        }).contains("key_usage_ml_dsa"));
  CHECK(also([](Parts& p) {
          p.key_usage = Parts::extension("2.5.29.15", true, der::named_bits({true, false, false, false, true}));
        }).contains("key_usage_ml_dsa"));
  const Bytes with_null = der::sequence({der::oid("2.16.840.1.101.3.4.3.18"), der::null()});
  CHECK(also([&](Parts& p) {
          p.key = der::sequence({with_null, der::bit_string(Bytes(1952, 0x5a))});
        }).contains("public-key-algorithm-known"));
  CHECK(finding([&](Parts& p) { p.algorithm = with_null; }).contains("signature-algorithm-known"));
  const Bytes plain = hsm::algorithm_identifier(hsm::SignatureScheme::ml_dsa_65);
  CHECK_FALSE(also([&](Parts& p) { p.key = der::sequence({plain, der::bit_string(Bytes(1953, 0x5a))}); }).empty());
}

TEST_CASE("each rule finds its own fault") {
  using P = Parts;
  const auto cn = der::oid("2.5.4.3"), o = der::oid("2.5.4.10"), c = der::oid("2.5.4.6");
  const auto vn = one_name(c, der::printable_string_tag, "VN"), org = one_name(o, der::utf8_string_tag, "ĐƠN VỊ");
  struct Row {
    const char* rule;
    std::function<void(P&)> change;
  };
  const std::vector<Row> rows = {
      {"tbs-readable", [](P& p) { p.version = der::tlv(der::context_constructed(0), der::integer(1)); }},
      {"serial-positive", [](P& p) { p.serial = der::tlv(der::integer_tag, Bytes(18, 0x80)); }},
      {"serial-positive", [](P& p) { p.serial = der::integer(0); }},
      {"serial-at-least-16-octets", [](P& p) { p.serial = der::integer_unsigned(Bytes(8, 0x5a)); }},
      {"serial-at-most-20-octets", [](P& p) { p.serial = der::integer_unsigned(Bytes(20, 0x80)); }},
      {"signature-algorithm-known",
       [](P& p) { p.algorithm = der::sequence({der::oid("1.2.840.113549.1.1.5"), der::null()}); }},
      {"not-before-encoding", [](P& p) { p.not_before = der::generalized_time(time_at(2022, 12, 28)); }},
      {"not-after-encoding",
       [](P& p) { p.not_after = der::tlv(der::generalized_time_tag, bytes_of("20271227000000+0700")); }},
      {"validity-in-order", [](P& p) { p.not_after = p.not_before; }},
      {"validity-not-too-long", [](P& p) { p.not_after = der::time(time_at(2028, 12, 28)); }},
      {"name-encoding",
       [&](P& p) { p.subject = der::sequence({vn, org, one_name(cn, der::printable_string_tag, "abc")}); }},
      {"name-encoding",
       [&](P& p) { p.subject = der::sequence({vn, org, one_name(cn, der::utf8_string_tag, "Đa\xCC\xA3")}); }},
      {"name-encoding",
       [&](P& p) {
         p.subject =
             der::sequence({one_name(c, der::utf8_string_tag, "VN"), org, one_name(cn, der::utf8_string_tag, "a")});
       }},
      {"name-within-bounds",
       [&](P& p) { p.subject = der::sequence({vn, org, one_name(cn, der::utf8_string_tag, std::string(65, 'a'))}); }},
      {"name-readable",
       [&](P& p) { p.subject = der::sequence({vn, org, one_name(cn, der::utf8_string_tag, "\xff")}); }},
      {"name-has-one-country",
       [&](P& p) { p.subject = der::sequence({org, one_name(cn, der::utf8_string_tag, "a")}); }},
      {"name-has-one-common-name", [&](P& p) { p.subject = der::sequence({vn, org}); }},
      {"name-has-organisation-or-number",
       [&](P& p) { p.subject = der::sequence({vn, one_name(cn, der::utf8_string_tag, "a")}); }},
      {"name-number-form: CCCD", [](P& p) { p.subject = with_number("CCCD:09908500012"); }},
      {"name-number-form: MST", [](P& p) { p.subject = with_number("MST:0012345672-000"); }},
      {"name-number-check-digit: MST", [](P& p) { p.subject = with_number("MST:0000000018"); }},
      {"name-not-empty", [](P& p) { p.subject = der::sequence({}); }},
      {"self-issued-only-root", [](P& p) { p.subject = p.issuer; }},
      {"public-key-algorithm-known", [](P& p) { p.key = public_key_info_of(make_ec_key("secp256k1").get()); }},
      {"public-key-rsa-2048", [](P& p) { p.key = public_key_info_of(make_rsa_key(1024).get()); }},
      {"no-duplicate-extension", [](P& p) { p.more = p.key_usage; }},
      {"only-known-extensions", [](P& p) { p.more = P::extension("1.2.3.4", false, der::null()); }},
      {"no-default-written-out",
       [](P& p) {
         p.extended = der::sequence({der::oid("2.5.29.37"), der::boolean(false),
                                     der::octet_string(der::sequence({der::oid("1.3.6.1.5.5.7.3.36")}))});
       }},
      {"criticality", [](P& p) { p.key_usage = P::extension("2.5.29.15", false, der::named_bits({true})); }},
      {"criticality",
       [](P& p) { p.subject_key_id = P::extension("2.5.29.14", true, der::octet_string(Bytes(20, 8))); }},
      {"basic-constraints-present", [](P& p) { p.basic_constraints.clear(); }},
      {"basic-constraints-ca",
       [](P& p) { p.basic_constraints = P::extension("2.5.29.19", true, der::sequence({der::boolean(true)})); }},
      {"basic-constraints-leaf-empty",
       [](P& p) { p.basic_constraints = P::extension("2.5.29.19", true, der::sequence({der::boolean(false)})); }},
      {"key-usage-present", [](P& p) { p.key_usage.clear(); }},
      {"key-usage-leaf",
       [](P& p) {
         p.key_usage = P::extension("2.5.29.15", true, der::named_bits({true, false, false, false, false, true}));
       }},
      {"key-usage-signs", [](P& p) { p.key_usage = P::extension("2.5.29.15", true, der::named_bits({false, true})); }},
      {"key-usage-not-empty", [](P& p) { p.key_usage = P::extension("2.5.29.15", true, Bytes{3, 2, 5, 0x80 | 0x40}); }},
      {"extended-key-usage-on-leaves-alone", [](P& p) { p.extended.clear(); }},
      {"extended-key-usage-not-any",
       [](P& p) { p.extended = P::extension("2.5.29.37", false, der::sequence({der::oid("2.5.29.37.0")})); }},
      {"extended-key-usage-ocsp",
       [](P& p) { p.extended = P::extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.5.5.7.3.9")})); }},
      {"extended-key-usage-time-stamping",
       [](P& p) { p.extended = P::extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.5.5.7.3.8")})); }},
      {"extended-key-usage-server",
       [](P& p) { p.extended = P::extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.5.5.7.3.1")})); }},
      {"subject-key-id-20-octets", [](P& p) { p.subject_key_id.clear(); }},
      {"authority-key-id-present", [](P& p) { p.authority_key_id.clear(); }},
      {"authority-key-id-by-key",
       [](P& p) { p.authority_key_id = P::extension("2.5.29.35", false, der::sequence({})); }},
      {"alternative-name-mail",
       [](P& p) {
         p.more =
             P::extension("2.5.29.17", false, der::sequence({der::tlv(der::context(1), bytes_of("thử@lamdong.test"))}));
       }},
      {"alternative-name-dns",
       [](P& p) {
         p.more =
             P::extension("2.5.29.17", false, der::sequence({der::tlv(der::context(2), bytes_of("a.lamdong.test"))}));
       }},
      {"alternative-name-kind",
       [](P& p) {
         p.more =
             P::extension("2.5.29.17", false, der::sequence({der::tlv(der::context(6), bytes_of("http://a.test"))}));
       }},
      {"alternative-names-readable", [](P& p) { p.more = P::extension("2.5.29.17", false, der::sequence({})); }},
      {"crl-distribution-point-url", [](P& p) { p.more = P::extension("2.5.29.31", false, der::sequence({})); }},
      {"authority-information-access-url",
       [](P& p) {
         p.more = P::extension("1.3.6.1.5.5.7.1.1", false,
                               der::sequence({der::sequence({der::oid("1.3.6.1.5.5.7.48.2"),
                                                             der::tlv(der::context(6), bytes_of("ldap://x"))})}));
       }},
      {"ocsp-no-check", [](P& p) { p.more = P::extension("1.3.6.1.5.5.7.48.1.5", false, der::null()); }},
      {"policies-not-any",
       [](P& p) {
         p.more = P::extension("2.5.29.32", false, der::sequence({der::sequence({der::oid("2.5.29.32.0")})}));
       }},
      {"name-constraints-on-cross-alone",
       [](P& p) {
         p.more = P::extension("2.5.29.30", true, der::sequence({der::tlv(der::context_constructed(0), {})}));
       }},
      {"name-constraints-readable", [](P& p) { p.more = P::extension("2.5.29.30", true, der::sequence({})); }},
      {"policies-unique",
       [](P& p) {
         p.more =
             P::extension("2.5.29.32", false,
                          der::sequence({der::sequence({der::oid("2.25.1")}), der::sequence({der::oid("2.25.1")})}));
       }},
  };
  for (const Row& row : rows) {
    const std::string said = finding(row.change);
    INFO(row.rule << " <- " << said);
    CHECK(said.contains(row.rule));
  }
}

TEST_CASE("what no certificate may say is refused too, whatever our own profiles allow") {
  const auto mail = finding([](Parts& p) {
    p.subject =
        Parts::name({{{"C", "VN"}}, {{"O", "DỮ LIỆU GIẢ LẬP"}}, {{"CN", "Cil Pam Thử"}}, {{"E", "a@lamdong.test"}}});
  });
  CHECK(mail.contains("subject_mail_not_in_san at certificate.tbsCertificate.subject.3"));
  const auto wildcard = finding(
      [](Parts& p) {
        p.extended = Parts::extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.5.5.7.3.1")}));
        p.more = Parts::extension("2.5.29.17", false,
                                  der::sequence({der::tlv(der::context(2), bytes_of("*.lamdong.test"))}));
      },
      CertificateKind::device);
  CHECK(wildcard.contains("dns_name_syntax at certificate.tbsCertificate.extensions.5.0.dNSName: a wildcard"));
}

TEST_CASE("an object identifier that other programs need not read is refused") {
  CHECK(finding([](Parts& p) {
          p.extended = Parts::extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.4.1.268435456")}));
        }).contains("object-identifier-arcs"));
  CHECK(finding([](Parts& p) {
          p.extended = Parts::extension("2.5.29.37", false, der::sequence({der::oid("1.3.6.1.4.1.268435455")}));
        }).empty());
}

TEST_CASE("bytes that are cut or are no certificate are refused") {
  const Bytes whole = Parts().tbs();
  for (std::size_t size = 0; size < whole.size(); ++size)
    REQUIRE_FALSE(
        lint(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), CertificateKind::personal)
            .has_value());
}

TEST_CASE("a leaf is no authority, whatever kind is claimed for it") {
  for (const auto kind : {CertificateKind::root, CertificateKind::issuing, CertificateKind::tsa, CertificateKind::ocsp,
                          CertificateKind::device})
    CHECK_FALSE(finding([](Parts&) {}, kind).empty());
}
