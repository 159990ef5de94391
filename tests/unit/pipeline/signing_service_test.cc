// Sign, change, verify: the verdicts that a receiver must get.
#include "signer/pipeline/signing_service.h"

#include "signer/asic/container.h"
#include "signer/dossier/dossier.h"
#include "signer/validation/verify.h"
#include "tests/catch.h"
#include "tests/json_schema.h"
#include "tests/sample_pdf.h"
#include "tests/test_authority.h"

using namespace antin;
using validation::Changes;
using validation::Indication;
using validation::SubIndication;

namespace {

const Time now = time_at(2022, 12, 28, 2, 30, 15);

struct Fixture {
  TestAuthority authority;
  FixedClock clock{now};
  x509::TrustMaterial trust{
      {authority.root()}, {}, {x509::Crl::from_der(authority.crl(time_at(2022, 12, 20))).value()}};

  pipeline::Signer signer(const TestAuthority::Subscriber& who) const {
    return {who.key, who.certificate, {authority.root()}};
  }
  Result<Bytes> sign(const char* format, std::vector<pipeline::NamedDocument> documents,
                     const TestAuthority::Subscriber& who) const {
    return pipeline::sign_document(*pipeline::document_format(format).value(), std::move(documents), signer(who), {},
                                   trust, clock);
  }
  Bytes pdf(const TestAuthority::Subscriber& who, Bytes document = sample_pdf()) const {
    return sign("pades", {{"a.pdf", "application/pdf", std::move(document)}}, who).value();
  }
  validation::Report verify(const Bytes& document, std::optional<ByteView> detached = std::nullopt) const {
    return validation::verify({document, detached, trust, now}).value();
  }
};

void expect(const validation::Report& report, Indication indication, SubIndication sub) {
  INFO(validation::to_json(report, "en"));
  for (const char* language : {"vi", "en"})
    CHECK(tests::misfit("report.schema.json", validation::to_json(report, language)) == "");
  CHECK(report.indication == indication);
  CHECK(report.sub_indication == sub);
}

std::vector<pipeline::NamedDocument> dossier_files() {
  dossier::Dossier dossier{.code = "000.00.99.H36-221228-0001", .previous_sha256 = {}, .components = {}};
  for (int i = 1; i <= 5; ++i)
    dossier.components.push_back(
        {{"thành phần " + std::to_string(i) + ".txt", "text/plain", to_bytes("nội dung " + std::to_string(i))},
         i == 1 ? "application" : "component"});
  return dossier::make_documents(std::move(dossier), now).value();
}

}  // namespace

TEST_CASE("PDF: leader, then seal; both pass and say what came after") {
  Fixture f;
  const auto leader = f.authority.issue("Lãnh đạo"),
             seal = f.authority.issue("Tổ chức", {hsm::KeyAlgorithm::rsa, 2048});
  const auto report = f.verify(f.pdf(seal, f.pdf(leader)));
  expect(report, Indication::total_passed, SubIndication::none);
  REQUIRE(report.signatures.size() == 2);
  CHECK(report.signatures[0].changes == Changes::permitted);
  CHECK(report.signatures[1].changes == Changes::none);
  CHECK(report.signatures[0].intact == true);
  CHECK(report.signatures[0].signing_time == now);
  CHECK(report.signatures[0].signer == leader.certificate.subject().rfc4514());
}

TEST_CASE("PDF: a changed octet is HASH_FAILURE, wherever it lies before the hole") {
  Fixture f;
  const Bytes good = f.pdf(f.authority.issue("Lãnh đạo"));
  const std::string text(text_of(good));
  for (const std::size_t at :
       {text.find("SYNTHETIC"), text.find("Times-Roman") + 2, std::size_t{7}, text.find("startxref") - 30}) {
    Bytes bad = good;
    bad[at] ^= 0x01;
    const auto report = f.verify(bad);
    expect(report, Indication::total_failed, SubIndication::hash_failure);
    CHECK(report.signatures.at(0).intact == false);
  }
}

TEST_CASE("PDF: content replaced by a later update is TOTAL-FAILED with forbidden changes") {
  Fixture f;
  const auto report = f.verify(with_replaced_content(f.pdf(f.authority.issue("Lãnh đạo"))));
  CHECK(report.indication == Indication::total_failed);
  CHECK(report.signatures.at(0).changes == Changes::forbidden);
  CHECK(report.signatures.at(0).intact == true);
}

TEST_CASE("a revoked signer without proof of an earlier time is INDETERMINATE / REVOKED_NO_POE, and may not sign") {
  Fixture f;
  const auto signer = f.authority.issue("Người đã nghỉ");
  const Bytes signed_before = f.pdf(signer);
  f.trust.crls = {
      x509::Crl::from_der(f.authority.crl(time_at(2022, 12, 25), &signer.certificate, time_at(2022, 12, 24))).value()};
  const auto report = f.verify(signed_before);
  expect(report, Indication::indeterminate, SubIndication::revoked_no_poe);
  CHECK(report.signatures.at(0).intact == true);
  CHECK(f.sign("pades", {{"a.pdf", "application/pdf", sample_pdf()}}, signer).error().code ==
        ErrorCode::permission_denied);
}

TEST_CASE("a stranger's certificate is INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND") {
  Fixture f, stranger;
  expect(f.verify(stranger.pdf(stranger.authority.issue("Người lạ"))), Indication::indeterminate,
         SubIndication::no_certificate_chain_found);
}

TEST_CASE("without a fresh list the status is unknown: TRY_LATER; an expired signer is OUT_OF_BOUNDS_NO_POE") {
  Fixture f;
  const Bytes document = f.pdf(f.authority.issue("Lãnh đạo"));
  f.trust.crls.clear();
  expect(f.verify(document), Indication::indeterminate, SubIndication::try_later);
  Fixture g;
  const auto old = g.authority.issue("Hết hạn", {}, time_at(2020, 2, 1), time_at(2022, 12, 29));
  const Bytes signed_in_time = g.pdf(old);
  g.trust.crls = {x509::Crl::from_der(g.authority.crl(time_at(2023, 1, 1))).value()};
  const auto later = validation::verify({signed_in_time, std::nullopt, g.trust, time_at(2023, 1, 2)}).value();
  expect(later, Indication::indeterminate, SubIndication::out_of_bounds_no_poe);
}

TEST_CASE("an unsigned PDF is NO-SIGNATURE; what is no document is an error") {
  Fixture f;
  expect(f.verify(sample_pdf()), Indication::no_signature, SubIndication::none);
  CHECK(validation::verify({bytes_of("văn bản thường"), std::nullopt, f.trust, now}).error().code ==
        ErrorCode::invalid_argument);
}

TEST_CASE("detached: the file decides; without it the verdict is SIGNED_DATA_NOT_FOUND") {
  Fixture f;
  const Bytes file = to_bytes("bất kỳ tệp nào"), other = to_bytes("tệp khác");
  const Bytes signature =
      f.sign("cades", {{"tệp.bin", "application/octet-stream", file}}, f.authority.issue("Lãnh đạo")).value();
  expect(f.verify(signature, file), Indication::total_passed, SubIndication::none);
  expect(f.verify(signature, other), Indication::total_failed, SubIndication::hash_failure);
  const auto alone = f.verify(signature);
  expect(alone, Indication::indeterminate, SubIndication::signed_data_not_found);
  CHECK_FALSE(alone.signatures.at(0).intact.has_value());
}

TEST_CASE("dossier: five files and a manifest under one signature") {
  Fixture f;
  const auto seal = f.authority.issue("Tổ chức");
  const Bytes container = f.sign("asic-e", dossier_files(), seal).value();
  const auto report = f.verify(container);
  expect(report, Indication::total_passed, SubIndication::none);
  CHECK(report.format == "asic-e");

  const auto read = asic::read_container(container).value();
  CHECK(read.files.size() == 8);  // five files, manifest.json, the ASiC manifest and the signature
  const auto rebuilt = [&](auto change) {
    auto files = read.files;
    change(files);
    std::vector<asic::Entry> entries;
    for (auto& [name, content] : files) entries.push_back({name, "", content});
    return f.verify(asic::write_container(entries, now).value());
  };
  using Files = std::map<std::string, Bytes>;
  expect(rebuilt([](Files&) {}), Indication::total_passed, SubIndication::none);
  expect(rebuilt([](Files& files) { files["thành phần 3.txt"].push_back('!'); }), Indication::total_failed,
         SubIndication::hash_failure);
  expect(rebuilt([](Files& files) { files["manifest.json"][20] ^= 1; }), Indication::total_failed,
         SubIndication::hash_failure);
  CHECK(rebuilt([](Files& files) { files["thành phần 2.txt"].clear(); }).indication == Indication::total_failed);
  CHECK(rebuilt([](Files& files) { files.erase("thành phần 2.txt"); }).indication == Indication::total_failed);
  CHECK(rebuilt([](Files& files) { files["thêm.txt"] = to_bytes("x"); }).indication == Indication::total_failed);
}

TEST_CASE("dossier codes: form and date") {
  CHECK(dossier::parse_code("000.00.99.H36-221228-0001").value().date == "2022-12-28");
  CHECK(dossier::parse_code("H36.15-221228-0007").has_value());
  for (const char* code : {"", "000.00.99.H36-221328-0001", "000.00.99.H36-220230-0001", "000.00.99.H36-221228-01",
                           "000.00.99.H36-221228-0001 ", "x-221228-0001"})
    CHECK_FALSE(dossier::parse_code(code).has_value());
}

TEST_CASE("containers with hostile names or structure are refused") {
  for (const char* name : {"../a", "/a", "a\\b", "a//b", "C:a", "./a", "x/../y", ".."})
    CHECK_FALSE(asic::write_container({{name, "", {}}}, now).has_value());
  CHECK_FALSE(asic::write_container({{"a", "", {}}, {"a", "", {}}}, now).has_value());
  const Bytes good = asic::write_container({{"first", "", to_bytes("1")}, {"other", "", to_bytes("2")}}, now).value();
  CHECK(asic::read_container(good).value().defects.empty());
  std::string twins(text_of(good));  // both entries get the same name, in local headers and directory
  for (std::size_t at = twins.find("other"); at != std::string::npos; at = twins.find("other"))
    twins.replace(at, 5, "first");
  CHECK_FALSE(asic::read_container(bytes_of(twins)).has_value());
  std::string differing(text_of(good));  // the local header says another name than the directory
  differing.replace(differing.find("other"), 5, "evil!");
  CHECK_FALSE(asic::read_container(bytes_of(differing)).has_value());
  for (std::size_t cut = 1; cut < good.size(); cut += 7)
    CHECK_FALSE(asic::read_container(ByteView(good).first(cut)).has_value());
  CHECK_FALSE(
      asic::parse_manifest("m.xml", bytes_of("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"))
          .has_value());
}

TEST_CASE("every reason is told in Vietnamese and in English") {
  Fixture f;
  const auto report = f.verify(f.pdf(f.authority.issue("Lãnh đạo")));
  for (const validation::Reason& reason : report.signatures.at(0).reasons) {
    CHECK(validation::sentence(reason, "vi") != validation::sentence(reason, "en"));
    CHECK_FALSE(validation::sentence(reason, "vi").starts_with("verify."));
  }
}

TEST_CASE("the dossier's manifest has the shape that its schema says, and the schema notices when it has not") {
  const auto documents = dossier_files();
  std::string manifest(text_of(documents.front().content));
  CHECK(tests::misfit("dossier.schema.json", manifest) == "");
  CHECK(tests::misfit("dossier.schema.json", manifest.replace(manifest.find("application\""), 11, "aplication!")) !=
        "");
  CHECK(tests::misfit("report.schema.json", R"({"indication":"PASSED"})") != "");
}
