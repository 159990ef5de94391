// OCSP answers and time-stamp tokens beside what each rule's own example shows.
#include "tests/catch.h"
#include "tests/unit/lint/answer_builder.h"

using namespace antin;
using namespace antin::tests;

namespace {

std::string text_of(const lint::Findings& findings) {
  std::string text;
  for (const lint::Finding& one : findings.list())
    text += "\n  " + std::string(lint::facts(one.rule).id) + " at " + one.where + " " + one.detail;
  return text;
}

void require_clean(const lint::Findings& findings) {
  INFO(text_of(findings));
  CHECK(findings.list().empty());
}

}  // namespace

TEST_CASE("a good OCSP answer has no finding, by key or name, SHA-1 or SHA-256, good or revoked") {
  StatusParts parts = good_status();
  require_clean(lint::ocsp(parts.der()));
  parts.responder = constructed(1, parts.certificate.subject);
  parts.singles[0].status = revoked_since(time_at(2022, 12, 30), 1);
  require_clean(lint::ocsp(parts.der()));
  parts.singles[0].status = implicit(2, Bytes());
  parts.singles[0].hash_algorithm = algorithm_id(sha256_oid);
  parts.singles[0].name_hash = sha256_of(good_authority().issuer);
  parts.singles[0].key_hash = Bytes(32, 3);
  require_clean(lint::ocsp(parts.der()));
  parts.with_certificate = false;  // signed by the authority itself
  require_clean(lint::ocsp(parts.der()));
}

TEST_CASE("an OCSP answer about a certificate that was never issued may be good") {
  StatusParts parts = good_status();
  parts.singles[0].status = revoked_since(time_at(1970, 1, 1), 6);
  parts.singles[0].extensions = {};
  require_clean(lint::ocsp(parts.der()));
}

TEST_CASE("a failure of an OCSP responder is five octets and good") {
  for (const std::uint8_t status : Bytes{1, 2, 3, 5, 6}) require_clean(lint::ocsp(Bytes{0x30, 3, 10, 1, status}));
}

TEST_CASE("a good time-stamp token has no finding, alone or in its answer, by serial number or key identifier") {
  TokenParts parts = good_token();
  require_clean(lint::time_stamp(parts.der()));
  require_clean(lint::time_stamp(token_answer(0, parts.der())));
  require_clean(lint::time_stamp(token_answer(2, {})));
  parts.signer_version = der::integer(3);
  parts.signer_id = implicit(0, Bytes(20, 8));
  require_clean(lint::time_stamp(parts.der()));
  parts.accuracy = der::sequence({der::integer(1)});
  parts.time = "20230101000000Z";
  parts.authority.clear();
  require_clean(lint::time_stamp(parts.der()));
}

TEST_CASE("an answer or token that is cut cannot be read") {
  const Bytes answer = good_status().der(), token = good_token().der(), wrapped = token_answer(0, token);
  for (std::size_t size = 0; size < answer.size(); ++size)
    REQUIRE(lint::ocsp(ByteView(answer).first(size)).has(lint::Rule::ocsp_syntax));
  for (const Bytes& whole : {token, wrapped})
    for (std::size_t size = 0; size < whole.size(); ++size)
      REQUIRE(lint::time_stamp(ByteView(whole).first(size)).has(lint::Rule::token_syntax));
}

TEST_CASE("a good part in a bad answer is still looked at, with its place") {
  StatusParts parts = good_status();
  parts.singles.push_back(parts.singles[0]);
  parts.singles[1].serial = der::integer(0);
  const lint::Findings findings = lint::ocsp(parts.der());
  REQUIRE(findings.has(lint::Rule::serial_range));
  CHECK(
      findings.summary() ==
      "serial_range at ocspResponse.basicOCSPResponse.tbsResponseData.responses.1.certID: positive, at most 20 octets");
}
