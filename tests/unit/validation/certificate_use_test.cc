// Whose certificates may sign documents, when signing and when verifying.
#include "signer/validation/certificate_use.h"

#include "signer/pipeline/signing_service.h"
#include "tests/unit/validation/fixture.h"

using namespace antin;
using validation::Indication;
using validation::SubIndication;

namespace {

const std::string server = "1.3.6.1.5.5.7.3.1", client = "1.3.6.1.5.5.7.3.2", code = "1.3.6.1.5.5.7.3.3",
                  mail = "1.3.6.1.5.5.7.3.4", stamp = "1.3.6.1.5.5.7.3.8", ocsp = "1.3.6.1.5.5.7.3.9";

}  // namespace

TEST_CASE("a certificate for other trades alone signs no document, and its signatures do not pass") {
  Verifier verifier;
  for (const auto& purposes : std::vector<std::vector<std::string>>{
           {server}, {client}, {server, client}, {code}, {stamp}, {ocsp}, {server, client, code, stamp, ocsp}}) {
    const auto device = verifier.authority.issue_for("thiet-bi.lamdong.test", purposes);
    CHECK(validation::unfit_to_sign_documents(device.certificate).has_value());
    expect(verifier.verify(signed_pdf({}, [&](const Bytes& covered) { return detached_message(device, covered); })),
           Indication::indeterminate, SubIndication::chain_constraints_failure);
    const FixedClock clock{verifier.now};
    const auto refused = pipeline::sign_document(*pipeline::document_format("pades").value(),
                                                 {{"a.pdf", "application/pdf", sample_pdf()}},
                                                 {device.key, device.certificate, {}}, {}, verifier.trust, clock);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::permission_denied);
    CHECK_THAT(refused.error().message, Catch::Matchers::ContainsSubstring("extendedKeyUsage"));
  }
}

TEST_CASE("no purpose is demanded: none, any, mail, documents and purposes of the State's own all sign") {
  Verifier verifier;
  for (const auto& purposes :
       std::vector<std::vector<std::string>>{{},
                                             {"2.5.29.37.0"},
                                             {mail},
                                             {"1.3.6.1.5.5.7.3.36"},
                                             {server, mail, "2.16.704.1.1.1.1.1", "1.3.6.1.4.1.311.20.2.2"},
                                             {client, "2.16.704.1.1.1.1.1"}}) {
    const auto person = verifier.authority.issue_for("Nguyễn Văn Mẫu", purposes);
    CHECK_FALSE(validation::unfit_to_sign_documents(person.certificate).has_value());
    expect(verifier.verify(signed_pdf({}, [&](const Bytes& covered) { return detached_message(person, covered); })),
           Indication::total_passed);
  }
}

TEST_CASE("RSA is weighed by its modulus") {
  Verifier verifier;
  for (const unsigned bits : {1024u, 2040u, 2048u}) {
    INFO(bits);
    const auto signer = verifier.authority.issue("RSA", {hsm::KeyAlgorithm::rsa, bits});
    const auto report =
        verifier.verify(signed_pdf({}, [&](const Bytes& covered) { return detached_message(signer, covered); }));
    if (bits >= 2048)
      expect(report, Indication::total_passed);
    else
      expect(report, Indication::indeterminate, SubIndication::crypto_constraints_failure_no_poe);
  }
}
