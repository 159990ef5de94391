#include "signer/pdf/pades.h"

#include <cstdlib>

#include "base/file.h"
#include "signer/cms/cades.h"
#include "signer/pdf/incremental_update.h"
#include "signer/pdf/signatures.h"
#include "tests/catch.h"
#include "tests/sample_pdf.h"
#include "tests/temporary_directory.h"
#include "tests/test_authority.h"

using namespace antin;

namespace {

Result<Bytes> sign(const Bytes& document, const TestAuthority::Subscriber& signer, const TestAuthority& authority,
                   std::string field = {}) {
  const auto scheme = hsm::default_scheme(signer.key->algorithm());
  pipeline::SignatureRequest request{signer.certificate, {authority.root()}, scheme, time_at(2022, 12, 28, 2, 30, 15),
                                     "Phê duyệt",        "Đà Lạt",           "",     std::move(field)};
  ANTIN_TRY(auto draft, pdf::pades_format().prepare({{"letter.pdf", "application/pdf", document}}, request));
  ANTIN_TRY(const Bytes signature, signer.key->sign(scheme, draft->to_be_signed()));
  return std::move(*draft).assemble(signature);
}

bool digest_holds(const Bytes& document, const pdf::PdfSignature& signature) {
  const auto message = cms::parse(signature.contents).value();
  const auto& info = message.signers.at(0);
  const auto [before, after] = pdf::covered_octets(document, signature);
  return info.message_digest == Hasher(info.digest_algorithm).update(before).update(after).finish() &&
         cms::verify_value(info).value();
}

bool is_prefix(const Bytes& a, const Bytes& b) {
  return a.size() <= b.size() && std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace

TEST_CASE("every kind of file is signed twice: earlier octets stay, both signatures hold") {
  TestAuthority authority;
  const auto leader = authority.issue("Lãnh đạo"), seal = authority.issue("Tổ chức", {hsm::KeyAlgorithm::rsa, 2048});
  for (const PdfKind kind : {PdfKind::table, PdfKind::stream, PdfKind::hybrid})
    for (const bool with_annotations : {false, true})
      for (const bool with_form : {false, true}) {
        const Bytes document = sample_pdf({.kind = kind, .with_annotations = with_annotations, .with_form = with_form});
        const Bytes once = sign(document, leader, authority).value(), twice = sign(once, seal, authority).value();
        CHECK(is_prefix(document, once));
        CHECK(is_prefix(once, twice));
        const auto read = pdf::read_signatures(twice).value();
        REQUIRE(read.signatures.size() == 2);
        CHECK_FALSE(read.repaired);
        CHECK(read.signatures[0].field == "Signature1");
        CHECK(read.signatures[1].field == "Signature2");
        for (const auto& signature : read.signatures) {
          INFO(signature.range_defect.value_or(""));
          REQUIRE_FALSE(signature.range_defect.has_value());
          CHECK(signature.sub_filter == "ETSI.CAdES.detached");
          CHECK(digest_holds(twice, signature));
        }
        INFO((read.signatures[0].changed.empty() ? "" : read.signatures[0].changed.front()));
        CHECK(read.signatures[0].changes == pdf::ChangesAfter::permitted);
        CHECK(read.signatures[1].changes == pdf::ChangesAfter::none);
        CHECK(read.signatures[0].revision == 2);
        CHECK(read.signatures[1].revision == 3);
      }
}

TEST_CASE("page content replaced after the signature is forbidden, and named") {
  TestAuthority authority;
  for (const PdfKind kind : {PdfKind::table, PdfKind::stream, PdfKind::hybrid}) {
    const Bytes changed =
        with_replaced_content(sign(sample_pdf({.kind = kind}), authority.issue("Lãnh đạo"), authority).value());
    const auto read = pdf::read_signatures(changed).value();
    REQUIRE(read.signatures.size() == 1);
    CHECK(digest_holds(changed, read.signatures[0]));
    CHECK(read.signatures[0].changes == pdf::ChangesAfter::forbidden);
    REQUIRE_FALSE(read.signatures[0].changed.empty());
    CHECK_THAT(read.signatures[0].changed.front(), Catch::Matchers::ContainsSubstring("/Contents"));
  }
}

TEST_CASE("a byte range that does not fit the file is never trusted") {
  TestAuthority authority;
  const Bytes good = sign(sample_pdf(), authority.issue("Lãnh đạo"), authority).value();
  const std::string text(text_of(good));
  const std::size_t range = text.find("/ByteRange [0 ") + 14;
  const auto defect = [&](std::string changed) {
    const auto read = pdf::read_signatures(bytes_of(changed));
    return read && read->signatures.size() == 1 && read->signatures[0].range_defect.has_value();
  };
  std::string wider = text;  // the hole grows over octets outside of /Contents
  wider[wider.find(' ', range) - 1] =
      static_cast<char>(wider[wider.find(' ', range) - 1] == '0' ? '1' : wider[wider.find(' ', range) - 1] - 1);
  CHECK(defect(wider));
  std::string negative = text;
  negative.replace(range, 2, "-1");
  CHECK(defect(negative));
  std::string none = text;
  none.replace(none.find("/ByteRange"), 10, "/ByteRangX");
  CHECK(defect(none));
  std::string contents = text;
  contents.replace(contents.find("/Contents <"), 11, "/Kontents <");
  CHECK(defect(contents));
}

TEST_CASE("what cannot be signed is refused with the reason") {
  TestAuthority authority;
  const auto signer = authority.issue("Lãnh đạo");
  const Bytes document = sample_pdf();
  CHECK(sign({}, signer, authority).error().code == ErrorCode::invalid_argument);
  CHECK(sign(to_bytes("not a PDF"), signer, authority).error().code == ErrorCode::invalid_argument);
  for (std::size_t cut = 1; cut < document.size(); cut += 37)
    CHECK(sign(Bytes(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(cut)), signer, authority)
              .error()
              .code == ErrorCode::invalid_argument);
  CHECK(sign(sample_pdf({.author_permission = 1}), signer, authority).error().code == ErrorCode::permission_denied);
  CHECK(sign(sample_pdf({.author_permission = 2}), signer, authority).has_value());
  const Bytes once = sign(document, signer, authority, "Con dấu").value();
  CHECK(sign(once, signer, authority, "Con dấu").error().code == ErrorCode::invalid_argument);
}

TEST_CASE("pdfsig and qpdf accept the result") {
  TestAuthority authority;
  const TemporaryDirectory folder;
  for (const PdfKind kind : {PdfKind::table, PdfKind::stream, PdfKind::hybrid}) {
    const Bytes twice =
        sign(sign(sample_pdf({.kind = kind, .padding = 100'000}), authority.issue("Lãnh đạo"), authority).value(),
             authority.issue("Tổ chức", {hsm::KeyAlgorithm::rsa, 2048}), authority)
            .value();
    REQUIRE(write_file(folder / "signed.pdf", twice).has_value());
    const std::string file = (folder / "signed.pdf").string(), log = (folder / "log").string();
    CHECK(std::system(("qpdf --check " + file + " >" + log + " 2>&1").c_str()) == 0);
    CHECK(std::system(("pdfsig -nocert " + file + " >" + log + " 2>&1").c_str()) == 0);
    const std::string said(text_of(read_file(folder / "log").value()));
    INFO(said);
    std::size_t valid = 0;
    for (std::size_t at = said.find("Signature is Valid"); at != std::string::npos;
         at = said.find("Signature is Valid", at + 1))
      ++valid;
    CHECK(valid == 2);
    CHECK(said.find("ETSI.CAdES.detached") != std::string::npos);
  }
}
