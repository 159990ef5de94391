// People whom a verifier trusts, and the questions to ask it.
#pragma once

#include "signer/validation/verify.h"
#include "tests/catch.h"
#include "tests/json_schema.h"
#include "tests/signed_pdf.h"

namespace antin {

struct Verifier {
  TestAuthority authority;
  TestAuthority::Subscriber leader = authority.issue("Lãnh đạo"), seal = authority.issue("Tổ chức");
  Time now = time_at(2022, 12, 28, 2, 30, 15);
  x509::TrustMaterial trust{
      {authority.root()}, {}, {x509::Crl::from_der(authority.crl(time_at(2022, 12, 20))).value()}};

  validation::Report verify(const Bytes& document, std::optional<ByteView> detached = std::nullopt) const {
    return validation::verify({document, detached, trust, now}).value();
  }
};

inline void expect(const validation::Report& report, validation::Indication indication,
                   validation::SubIndication sub = validation::SubIndication::none) {
  INFO(validation::to_json(report, "en"));
  for (const char* language : {"vi", "en"}) {
    const std::string json = validation::to_json(report, language);
    CHECK(tests::misfit("report.schema.json", json) == "");
    CHECK(json.find("verify.") == std::string::npos);  // an id that the table of words does not have
  }
  CHECK(report.indication == indication);
  CHECK(report.sub_indication == sub);
}

inline bool says(const std::vector<validation::Reason>& reasons, std::string_view id) {
  for (const validation::Reason& reason : reasons)
    if (reason.id == id) return true;
  return false;
}

}  // namespace antin
