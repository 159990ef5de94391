// Officers' encryption keys: who may have a certificate for one, and what the audit of approvals says of others.
#include "ca/authority/encryption_key.h"

#include "base/encoding.h"
#include "ca/authority/approval_audit.h"
#include "ca/log/log.h"
#include "tests/catch.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

struct Ceremony : AuthorityFixture {
  std::shared_ptr<const hsm::AgreementKey> key = hsm::software::generate_agreement().value();
  Ceremony() {
    auto transaction = store->begin().value();
    REQUIRE(transaction->append_log(log::entry(clock.now(), "ceremony", {{"required_approvals", "2"}})).has_value());
    REQUIRE(transaction->commit().has_value());
  }
  Status name_key(int officer, int signer) {
    return authority::name_encryption_key(context(), officers[officer], *officer_keys[signer], key->public_key_info());
  }
  Result<store::CertificateRecord> certify(int officer) {
    return authority::certify_encryption_key(context(), *government, "government", officers[officer],
                                             key->public_key_info());
  }
  auto audit() { return authority::audit_approvals(*store, 2, 0); }
};

}  // namespace

TEST_CASE("a key that its officer named gets one certificate, which agrees on keys and signs nothing") {
  Ceremony f;
  REQUIRE(f.name_key(0, 0).has_value());
  REQUIRE(f.name_key(0, 0).has_value());
  const auto size = f.store->log_size().value();
  const auto made = f.certify(0);
  INFO((made ? "" : made.error().message));
  REQUIRE(made.has_value());
  CHECK(f.certify(0).value().id == made->id);
  CHECK(f.store->log_size().value() == size + 2);  // intent and issue, once
  const auto certificate = x509::Certificate::from_der(made->der).value();
  CHECK(certificate.key_usage() == x509::KeyUsage{.key_agreement = true});
  CHECK(equal(certificate.public_key_info(), f.key->public_key_info()));
  const auto audit = f.audit();
  INFO((audit ? "" : audit.error().message));
  REQUIRE(audit.has_value());
  CHECK(audit->approved == 0);
}

TEST_CASE("nobody names a key for an officer without that officer's token") {
  Ceremony f;
  CHECK(f.name_key(0, 1).error().code == ErrorCode::permission_denied);
  CHECK(f.certify(0).error().code == ErrorCode::failed_precondition);
}

TEST_CASE("the audit names an encryption certificate that no officer asked for") {
  Ceremony f;
  SECTION("the fact is there and no word of the officer") {
    auto transaction = f.store->begin().value();
    const std::string request = authority::encryption_request_id(f.officers[0], f.key->public_key_info());
    REQUIRE(transaction->set_fact("named." + request, "now").has_value());
    REQUIRE(transaction->commit().has_value());
  }
  SECTION("the word is signed by another officer") {
    const Bytes statement = authority::encryption_key_statement(f.key->public_key_info(), f.officers[0]);
    const auto signature = f.officer_keys[1]->sign(hsm::SignatureScheme::ecdsa_sha256, statement).value();
    auto transaction = f.store->begin().value();
    const std::string request = authority::encryption_request_id(f.officers[0], f.key->public_key_info());
    REQUIRE(transaction->set_fact("named." + request, "now").has_value());
    REQUIRE(transaction
                ->append_log(log::entry(f.clock.now(), "officer.encryption",
                                        {{"officer", f.officers[0]},
                                         {"key", to_hex(f.key->public_key_info())},
                                         {"signature", to_hex(signature)}}))
                .has_value());
    REQUIRE(transaction->commit().has_value());
  }
  REQUIRE(f.certify(0).has_value());
  CHECK(f.audit().error().code == ErrorCode::permission_denied);
}

TEST_CASE("the audit names a certificate of another kind under a named key's request") {
  Ceremony f;
  REQUIRE(f.name_key(0, 0).has_value());
  const std::string request = authority::encryption_request_id(f.officers[0], f.key->public_key_info());
  const auto subject = issuance::built_in_profile("officer")
                           .value()
                           .subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"}, {"cn", "Cán bộ 1"}})
                           .value();
  f.single(*f.government, "government", request, "officer", subject, hsm::software::generate({}).value());
  CHECK(f.audit().error().code == ErrorCode::permission_denied);
}
