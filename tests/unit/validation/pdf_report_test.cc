// Verdicts on PDFs by the kind of their signatures, their time-stamps and what stands around them.
#include "ca/x509/der.h"
#include "signer/cms/cades.h"
#include "tests/unit/validation/fixture.h"

using namespace antin;
using validation::Changes;
using validation::Indication;
using validation::SubIndication;

namespace {

const std::string later_field =
    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Stamp) /V 22 0 R /F 132 /Rect [0 0 0 0] /P 3 0 R >>";

// A document time-stamp after `document`; `before` are the fields that are there.
Bytes stamped(const Bytes& document, const std::string& before, const std::function<Bytes(const Bytes&)>& make) {
  const Bytes prepared = with_update(
      document,
      {{1, catalogue_text(before + "20 0 R")},
       {3, page_text(before + "20 0 R")},
       {20, later_field},
       {22, "<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 " + signature_hole() + " >>"}});
  return with_signature(prepared, make);
}

}  // namespace

TEST_CASE(
    "the kind of a PDF signature decides: two are judged, others never pass, none is called forged for its kind") {
  const Verifier verifier;
  const auto of_kind = [&](const std::string& kind) {
    return verifier.verify(signed_pdf({.value = "/Filter /Adobe.PPKLite " + kind}, [&](const Bytes& covered) {
      return detached_message(verifier.leader, covered);
    }));
  };
  for (const char* good : {"/Type /Sig /SubFilter /ETSI.CAdES.detached", "/Type /Sig /SubFilter /adbe.pkcs7.detached",
                           "/SubFilter /ETSI.CAdES.detached"}) {
    INFO(good);
    expect(of_kind(good), Indication::total_passed);
  }
  for (const char* unsupported : {"/Type /Sig /SubFilter /adbe.x509.rsa_sha1", "/Type /Sig /SubFilter /adbe.pkcs7.sha1",
                                  "/Type /Sig /SubFilter /Foo"}) {
    INFO(unsupported);
    const auto report = of_kind(unsupported);
    expect(report, Indication::indeterminate, SubIndication::generic);
    CHECK(says(report.signatures.at(0).reasons, "verify.kind"));
    CHECK_FALSE(says(report.signatures.at(0).reasons, "verify.good"));
  }
  for (const char* malformed :
       {"/Type /Sig", "/Type /Foo /SubFilter /ETSI.CAdES.detached",
        "/Type /DocTimeStamp /SubFilter /ETSI.CAdES.detached", "/Type /Foo /SubFilter /ETSI.RFC3161"}) {
    INFO(malformed);
    expect(of_kind(malformed), Indication::total_failed, SubIndication::format_failure);
  }
}

TEST_CASE("of an unsupported kind nothing is known when its message does not hold as one of ours would") {
  const Verifier verifier;
  const auto report =
      verifier.verify(signed_pdf({.value = "/Type /Sig /SubFilter /adbe.pkcs7.sha1"}, [&](const Bytes&) {
        return detached_message(verifier.leader, to_bytes("something else"));
      }));
  expect(report, Indication::indeterminate, SubIndication::generic);
  CHECK_FALSE(report.signatures.at(0).intact.has_value());
}

TEST_CASE("a document time-stamp makes no document good or bad; what it says is told") {
  const Verifier verifier;
  const Bytes letter = signed_pdf({}, [&](const Bytes& covered) { return detached_message(verifier.leader, covered); });
  const auto token = [&](const Bytes& covered) { return time_stamp_token(verifier.seal, covered); };
  const auto wrong = [&](const Bytes&) { return time_stamp_token(verifier.seal, to_bytes("another file")); };
  const auto garbage = [&](const Bytes&) { return to_bytes("0000"); };

  const auto report = verifier.verify(stamped(letter, "11 0 R ", token));
  expect(report, Indication::total_passed);
  REQUIRE(report.signatures.size() == 1);
  CHECK(report.signatures[0].changes == Changes::permitted);
  CHECK(says(report.reasons, "verify.timestamp"));
  for (const auto& make : {std::function<Bytes(const Bytes&)>(wrong), std::function<Bytes(const Bytes&)>(garbage)}) {
    const auto broken = verifier.verify(stamped(letter, "11 0 R ", make));
    expect(broken, Indication::total_passed);
    CHECK(says(broken.reasons, "verify.timestamp_broken"));
  }
  const auto unsigned_letter = verifier.verify(stamped(sample_pdf(), "", token));
  expect(unsigned_letter, Indication::no_signature);
  CHECK(says(unsigned_letter.reasons, "verify.timestamp"));
}

TEST_CASE("a later signature that does not hold justifies no change") {
  const Verifier verifier;
  const Bytes letter = signed_pdf({}, [&](const Bytes& covered) { return detached_message(verifier.leader, covered); });
  const auto sealed = [&](const Bytes& covered) {
    const Bytes prepared =
        with_update(letter, {{1, catalogue_text("11 0 R 20 0 R")},
                             {3, page_text("11 0 R 20 0 R")},
                             {20, later_field},
                             {22, "<< /Type /Sig /SubFilter /ETSI.CAdES.detached " + signature_hole() + " >>"}});
    return verifier.verify(with_signature(prepared, [&](const Bytes& real) {
      return detached_message(verifier.seal, covered.empty() ? real : covered);
    }));
  };
  const auto good = sealed({});
  expect(good, Indication::total_passed);
  CHECK(good.signatures.at(0).changes == Changes::permitted);
  const auto bad = sealed(to_bytes("another document"));
  expect(bad, Indication::total_failed, SubIndication::format_failure);
  CHECK(bad.signatures.at(0).changes == Changes::forbidden);
  CHECK(bad.signatures.at(1).sub_indication == SubIndication::hash_failure);
}

TEST_CASE("other octets behind the message in its hole: the signature holds, and the document does not pass") {
  const Verifier verifier;
  const auto report = verifier.verify(signed_pdf({}, [&](const Bytes& covered) {
    Bytes message = detached_message(verifier.leader, covered);
    append(message, to_bytes("payload"));
    return message;
  }));
  expect(report, Indication::indeterminate, SubIndication::format_failure);
  CHECK(report.signatures.at(0).intact == true);
  CHECK(says(report.signatures.at(0).reasons, "verify.padding"));
}

TEST_CASE("the message of a PDF signature carries nothing and is over id-data") {
  const Verifier verifier;
  const Bytes data = x509::der::oid("1.2.840.113549.1.7.1"), info = x509::der::oid("1.2.840.113549.1.9.16.1.4");
  for (const Bytes& type : {data, info}) {
    const auto report = verifier.verify(
        signed_pdf({}, [&](const Bytes& covered) { return enveloping_message(verifier.leader, type, type, covered); }));
    expect(report, Indication::total_failed, SubIndication::format_failure);
  }
}

TEST_CASE("a file that is handed over is what the answer is about") {
  const Verifier verifier;
  const Bytes data = x509::der::oid("1.2.840.113549.1.7.1"), inner = to_bytes("inner"), other = to_bytes("other");
  const Bytes message = enveloping_message(verifier.leader, data, data, inner);
  expect(verifier.verify(message), Indication::total_passed);
  expect(verifier.verify(message, inner), Indication::total_passed);
  const auto report = verifier.verify(message, other);
  expect(report, Indication::total_failed, SubIndication::hash_failure);
  CHECK(report.signatures.at(0).intact == false);
  CHECK(says(report.signatures.at(0).reasons, "verify.other_file"));
  // A PDF carries what it signs: whether the file is that, it does not say.
  const Bytes letter = signed_pdf({}, [&](const Bytes& covered) { return detached_message(verifier.leader, covered); });
  expect(verifier.verify(letter, other), Indication::indeterminate, SubIndication::signed_data_not_found);
}

TEST_CASE(
    "attributes signed out of order: adbe.pkcs7.detached holds, CAdES demands DER, and neither is called forged") {
  const Verifier verifier;
  const auto backwards = [&](const std::string& sub_filter) {
    return verifier.verify(signed_pdf({.value = "/Type /Sig /SubFilter " + sub_filter}, [&](const Bytes& covered) {
      return detached_message(verifier.leader, covered, true);
    }));
  };
  expect(backwards("/adbe.pkcs7.detached"), Indication::total_passed);
  const auto cades = backwards("/ETSI.CAdES.detached");
  expect(cades, Indication::total_failed, SubIndication::format_failure);
  CHECK(cades.signatures.at(0).intact == true);
}

TEST_CASE("a CMS whose content is a PDF is a CMS") {
  const Verifier verifier;
  const Bytes data = x509::der::oid("1.2.840.113549.1.7.1");
  const auto report = verifier.verify(enveloping_message(verifier.leader, data, data, sample_pdf()));
  expect(report, Indication::total_passed);
  CHECK(report.format == "cades");
}

TEST_CASE("the content-type attribute names the type of the content") {
  const Verifier verifier;
  const Bytes data = x509::der::oid("1.2.840.113549.1.7.1"), info = x509::der::oid("1.2.840.113549.1.9.16.1.4");
  expect(verifier.verify(enveloping_message(verifier.leader, data, info, to_bytes("x"))), Indication::total_failed,
         SubIndication::format_failure);
}
