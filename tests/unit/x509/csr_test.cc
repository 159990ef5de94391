#include "ca/x509/csr.h"

#include "base/encoding.h"
#include "ca/x509/der.h"
#include "tests/catch.h"
#include "tests/unit/x509/openssl_pki.h"
#include "tests/unit/x509/test_key.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

TEST_CASE("a request that OpenSSL made is read, and proves possession") {
  for (const EvpPkeyPtr& key : {make_ec_key(), make_ec_key("P-384"), make_rsa_key()}) {
    const CertificationRequest request = CertificationRequest::from_der(make_request("Cil Pam Thử", key.get())).value();
    CHECK(request.subject().first("CN") == "Cil Pam Thử");
    CHECK(equal(request.public_key_info(), public_key_info_of(key.get())));
    CHECK(request.proof_of_possession().value());
  }
}

TEST_CASE("a request signed by another key does not prove possession") {
  const EvpPkeyPtr mine = make_ec_key(), other = make_ec_key();
  const Bytes der = make_request("A", mine.get());
  Bytes swapped = der;
  const Bytes old_key = public_key_info_of(mine.get()), new_key = public_key_info_of(other.get());
  const auto at = std::search(swapped.begin(), swapped.end(), old_key.begin(), old_key.end());
  REQUIRE(at != swapped.end());
  std::copy(new_key.begin(), new_key.end(), at);
  CHECK_FALSE(CertificationRequest::from_der(swapped).value().proof_of_possession().value());
}

TEST_CASE("a request signed with SHA-1 proves nothing") {
  for (const EvpPkeyPtr& key : {make_ec_key(), make_rsa_key()}) {
    const auto request = CertificationRequest::from_der(make_request("A", key.get(), EVP_sha1())).value();
    CHECK(request.proof_of_possession().error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("the key identifier that a request asks for is read from its extensionRequest") {
  namespace der = antin::x509::der;
  const EvpPkeyPtr key = make_ec_key();
  CHECK_FALSE(CertificationRequest::from_der(make_request("A", key.get())).value().subject_key_id());
  const auto with = [&](const Bytes& attributes) {
    const Bytes info = der::sequence({der::integer(0), der::sequence({}), public_key_info_of(key.get()),
                                      der::tlv(der::context_constructed(0), attributes)});
    return CertificationRequest::from_der(
               der::sequence({info, der::sequence({der::oid("1.2.840.10045.4.3.2")}), der::bit_string(Bytes(8, 1))}))
        .value()
        .subject_key_id();
  };
  const Bytes id(12, 9);
  const Bytes extension = der::sequence({der::oid("2.5.29.14"), der::octet_string(der::octet_string(id))});
  const Bytes wanted = der::sequence({der::oid("1.2.840.113549.1.9.14"), der::set_of({der::sequence({extension})})});
  const Bytes challenge = der::sequence({der::oid("1.2.840.113549.1.9.7"), der::set_of({der::utf8_string("x")})});
  CHECK(with(der::concat({challenge, wanted})) == id);
  CHECK_FALSE(with(challenge));
  CHECK_FALSE(with(der::sequence({der::oid("1.2.840.113549.1.9.14"), der::set_of({der::utf8_string("x")})})));
}

TEST_CASE("no cut of a request is a request, nor is one with a tail") {
  const EvpPkeyPtr key = make_ec_key();
  Bytes whole = make_request("A", key.get());
  for (std::size_t size = 0; size < whole.size(); ++size)
    REQUIRE_FALSE(CertificationRequest::from_der(ByteView(whole).first(size)).has_value());
  whole.push_back(0);
  CHECK_FALSE(CertificationRequest::from_der(whole).has_value());
}

TEST_CASE("a request that we make is read by OpenSSL and proves possession") {
  const TestKey key(make_ec_key());
  const Name subject = Name::from_rdns({{{"C", "VN"}}, {{"CN", "Đảng ủy xã Đạ K' Nàng"}}}).value();
  const CertificationRequest made = CertificationRequest::make(subject, key).value();
  CHECK(made.subject() == subject);
  CHECK(made.proof_of_possession().value());
  const unsigned char* at = made.der().data();
  const X509ReqPtr theirs(d2i_X509_REQ(nullptr, &at, static_cast<long>(made.der().size())));
  REQUIRE(theirs != nullptr);
  CHECK(X509_REQ_verify(theirs.get(), X509_REQ_get0_pubkey(theirs.get())) == 1);
  CHECK(CertificationRequest::from_file_bytes(bytes_of(to_pem("CERTIFICATE REQUEST", made.der()))).value().subject() ==
        subject);
}
