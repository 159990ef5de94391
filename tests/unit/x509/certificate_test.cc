#include "ca/x509/certificate.h"

#include "base/encoding.h"
#include "ca/x509/der.h"
#include "tests/catch.h"
#include "tests/unit/x509/openssl_pki.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

struct Pair {
  EvpPkeyPtr root_key = make_ec_key(), leaf_key = make_ec_key();
  X509Ptr root = make_authority("GỐC THỬ", root_key.get(), nullptr, root_key.get());
  X509Ptr leaf = make_certificate(
      {.common_name = "Đạ M' Rong",
       .serial = 0x80,
       .extensions = {{"basicConstraints", "critical,CA:FALSE"},
                      {"keyUsage", "critical,digitalSignature,nonRepudiation"},
                      {"extendedKeyUsage", "emailProtection,1.3.6.1.5.5.7.3.36"},
                      {"authorityKeyIdentifier", "keyid"},
                      {"subjectKeyIdentifier", "hash"},
                      {"subjectAltName", "email:a@lamdong.test,DNS:x.lamdong.test"},
                      {"crlDistributionPoints", "URI:http://pki.lamdong.test/crl/party.crl"},
                      {"authorityInfoAccess",
                       "OCSP;URI:http://pki.lamdong.test/ocsp,caIssuers;URI:http://pki.lamdong.test/ca"},
                      {"certificatePolicies", "2.25.1,2.25.2"}}},
      leaf_key.get(), root.get(), root_key.get());
};

}  // namespace

TEST_CASE("a certificate that OpenSSL made is read field by field") {
  const Pair made;
  const Certificate leaf = Certificate::from_der(der_of(made.leaf.get())).value();
  const Certificate root = Certificate::from_der(der_of(made.root.get())).value();
  CHECK(leaf.serial().hex() == "80");
  CHECK(leaf.subject().first("CN") == "Đạ M' Rong");
  CHECK(leaf.issuer() == root.subject());
  CHECK(leaf.not_before() == time_at(2022, 1, 1));
  CHECK(leaf.not_after() == time_at(2030, 1, 1));
  CHECK(equal(leaf.public_key_info(), public_key_info_of(made.leaf_key.get())));
  CHECK_FALSE(leaf.is_ca());
  CHECK(leaf.key_usage() == KeyUsage{.digital_signature = true, .non_repudiation = true});
  CHECK(leaf.extended_key_usage() == std::vector<std::string>{"1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36"});
  CHECK(leaf.authority_key_id() == root.subject_key_id());
  CHECK(leaf.subject_key_id().value().size() == 20);
  CHECK(leaf.mails() == std::vector<std::string>{"a@lamdong.test"});
  CHECK(leaf.crl_urls() == std::vector<std::string>{"http://pki.lamdong.test/crl/party.crl"});
  CHECK(leaf.ocsp_urls() == std::vector<std::string>{"http://pki.lamdong.test/ocsp"});
  CHECK(leaf.policies() == std::vector<std::string>{"2.25.1", "2.25.2"});
  CHECK(root.is_ca());
  CHECK(root.self_issued());
  CHECK_FALSE(root.path_length().has_value());
  CHECK(to_hex(leaf.issuer_and_serial_number()) ==
        to_hex(der::sequence({root.subject().der(), from_hex("02020080").value()})));
}

TEST_CASE("PEM and DER give the same certificate, and a bundle gives all") {
  const Pair made;
  const Certificate leaf = Certificate::from_der(der_of(made.leaf.get())).value();
  const Certificate root = Certificate::from_der(der_of(made.root.get())).value();
  CHECK(Certificate::from_file_bytes(bytes_of(leaf.pem())).value() == leaf);
  CHECK(Certificate::from_file_bytes(leaf.der()).value() == leaf);
  const auto all = Certificate::all_from_pem("text before\n" + leaf.pem() + "between\n" + root.pem()).value();
  REQUIRE(all.size() == 2);
  CHECK(all[1] == root);
  CHECK(Certificate::all_from_pem("nothing").value().empty());
}

TEST_CASE("no cut and no added octet makes another certificate") {
  const Pair made;
  const Bytes whole = der_of(made.leaf.get());
  for (std::size_t size = 0; size < whole.size(); ++size)
    REQUIRE_FALSE(Certificate::from_der(ByteView(whole).first(size)).has_value());
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_FALSE(Certificate::from_der(longer).has_value());
}

TEST_CASE("the same extension twice is refused") {
  const EvpPkeyPtr key = make_ec_key();
  const X509Ptr made = make_certificate({.extensions = {{"keyUsage", "digitalSignature"}, {"keyUsage", "keyCertSign"}}},
                                        key.get(), nullptr, key.get());
  const auto read = Certificate::from_der(der_of(made.get()));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message.contains("twice"));
}
