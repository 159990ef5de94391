#include "ca/migration/index_line.h"

#include "tests/catch.h"

using namespace antin;
using namespace antin::migration;
using x509::RevocationReason;

namespace {

IndexLine read(const std::string& revocation) {
  const auto line = read_index_line("R\t270131235959Z\t" + revocation + "\t0A1F\tunknown\t/CN=La", 3);
  REQUIRE(line.has_value());
  return *line;
}
std::string refusal(const std::string& text) {
  const auto line = read_index_line(text, 1);
  return line ? "" : line.error().message;
}

}  // namespace

TEST_CASE("each reason that openssl ca writes is read, with what follows it") {
  CHECK(read("250102030405Z").reason == RevocationReason::unspecified);
  CHECK(read("250102030405Z,superseded").reason == RevocationReason::superseded);
  CHECK(read("250102030405Z,SUPERSEDED").reason == RevocationReason::superseded);
  CHECK(read("250102030405Z,CACompromise").reason == RevocationReason::ca_compromise);
  CHECK(read("250102030405Z,certificateHold").reason == RevocationReason::certificate_hold);
  CHECK(read("250102030405Z,holdInstruction,1.2.840.10040.2.2").reason == RevocationReason::certificate_hold);
  const IndexLine leaked = read("250102030405Z,keyTime,20250101000000Z"),
                  taken = read("250102030405Z,CAkeyTime,20250101000000Z");
  CHECK(leaked.reason == RevocationReason::key_compromise);
  CHECK(leaked.invalidity_date == time_at(2025, 1, 1));
  CHECK(taken.reason == RevocationReason::ca_compromise);
  CHECK(taken.invalidity_date == time_at(2025, 1, 1));
}

TEST_CASE("both forms of time are read, and a tab of the subject is no column") {
  const auto line = read_index_line("V\t20530101000000Z\t\t7f\tunknown\t/CN=a\\\tb", 9);
  REQUIRE(line.has_value());
  CHECK(line->expiry == time_at(2053, 1, 1));
  CHECK(line->serial.hex() == "7F");
  CHECK(line->number == 9);
  CHECK_FALSE(line->revoked_at.has_value());
}

TEST_CASE("a line that openssl ca would not write is refused by its column") {
  CHECK(refusal("") == "it has not six columns with tabs between them");
  CHECK(refusal("V\t270131235959Z\t\t01\tunknown\t/CN=a\tb").contains("six columns"));
  CHECK(refusal("v\t270131235959Z\t\t01\tunknown\t/CN=a").contains("V, R and E"));
  CHECK(refusal("V\t270131Z\t\t01\tunknown\t/CN=a").starts_with("expiry: "));
  CHECK(refusal("V\t271331235959Z\t\t01\tunknown\t/CN=a").starts_with("expiry: "));
  CHECK(refusal("V\t270131235959Z\t\t0x1\tunknown\t/CN=a").contains("hexadecimal"));
  CHECK(refusal("E\t270131235959Z\t250102030405Z\t01\tunknown\t/CN=a").contains("not marked R"));
  CHECK(refusal("R\t270131235959Z\t250102030405Z,\t01\tunknown\t/CN=a").contains("reason of revocation"));
  CHECK(refusal("R\t270131235959Z\t250102030405Z,superseded,x\t01\tunknown\t/CN=a").contains("other parts"));
  CHECK(refusal("R\t270131235959Z\t250102030405Z,holdInstruction\t01\tunknown\t/CN=a").contains("other parts"));
  CHECK(refusal("R\t270131235959Z\t250102030405Z,holdInstruction,\t01\tunknown\t/CN=a").contains("hold instruction"));
  CHECK(refusal("R\t270131235959Z\t250102030405Z,keyTime,soon\t01\tunknown\t/CN=a").starts_with("invalidity date: "));
}
