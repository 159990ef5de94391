// Containers with time-stamps, proofs and signatures of other kinds in META-INF.
#include "ca/x509/der.h"
#include "signer/asic/container.h"
#include "tests/unit/validation/fixture.h"

using namespace antin;
using validation::Indication;
using validation::SubIndication;

namespace {

const asic::Entry letter{"letter.txt", "text/plain", to_bytes("nội dung")};

asic::Entry manifest(const std::string& name, const std::string& signature) {
  return {name, "text/xml", to_bytes(asic::manifest_xml(signature, {letter}))};
}
Bytes container(std::vector<asic::Entry> entries) {
  entries.insert(entries.begin(), letter);
  return asic::write_container(entries, time_at(2022, 12, 28)).value();
}
// The letter, its manifest and the leader's signature of that.
std::vector<asic::Entry> signed_letter(const Verifier& verifier) {
  const asic::Entry signed_manifest = manifest("META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s");
  return {signed_manifest,
          {"META-INF/signature001.p7s", "", detached_message(verifier.leader, signed_manifest.content)}};
}

}  // namespace

TEST_CASE("a manifest under a time-stamp is told and signs nothing") {
  const Verifier verifier;
  const asic::Entry stamped = manifest("META-INF/ASiCManifest002.xml", "META-INF/timestamp.tst");
  for (const bool good : {true, false}) {
    const asic::Entry token{"META-INF/timestamp.tst", "",
                            time_stamp_token(verifier.seal, good ? stamped.content : to_bytes("another"))};
    const auto alone = verifier.verify(container({stamped, token}));
    expect(alone, Indication::no_signature);
    CHECK(says(alone.reasons, good ? "verify.timestamp" : "verify.timestamp_broken"));
    auto entries = signed_letter(verifier);
    entries.insert(entries.end(), {stamped, token});
    const auto report = verifier.verify(container(entries));
    expect(report, Indication::total_passed);
    CHECK(report.signatures.size() == 1);
  }
}

TEST_CASE("proofs of age may lie beside what is signed; other files in META-INF may not") {
  const Verifier verifier;
  const auto beside = [&](const char* name) {
    auto entries = signed_letter(verifier);
    entries.push_back({name, "", to_bytes("x")});
    return verifier.verify(container(entries)).indication;
  };
  for (const char* name : {"META-INF/ASiCArchiveManifest001.xml", "META-INF/timestamp007.tst",
                           "META-INF/ASiCEvidenceRecordManifest001.xml", "META-INF/evidencerecord001.ers"}) {
    INFO(name);
    CHECK(beside(name) == Indication::total_passed);
  }
  for (const char* name :
       {"META-INF/notes.txt", "evidencerecord001.ers", "timestamp.tst", "META-INF/evidencerecord.pdf"}) {
    INFO(name);
    CHECK(beside(name) == Indication::total_failed);
  }
}

TEST_CASE("a signature of another kind in a container is neither good nor absent") {
  const Verifier verifier;
  for (const char* name : {"META-INF/signatures.xml", "META-INF/signature.p7s"}) {
    const auto report = verifier.verify(container({{name, "", to_bytes("<x/>")}}));
    expect(report, Indication::indeterminate, SubIndication::generic);
    CHECK_FALSE(report.signatures.at(0).intact.has_value());
  }
}

TEST_CASE("a manifest's signature may carry that manifest and nothing else") {
  const Verifier verifier;
  const Bytes data = x509::der::oid("1.2.840.113549.1.7.1");
  const asic::Entry signed_manifest = manifest("META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s");
  const auto carrying = [&](const Bytes& content) {
    return verifier.verify(
        container({signed_manifest,
                   {"META-INF/signature001.p7s", "", enveloping_message(verifier.leader, data, data, content)}}));
  };
  expect(carrying(signed_manifest.content), Indication::total_passed);
  expect(carrying(to_bytes("another")), Indication::total_failed, SubIndication::format_failure);
}
