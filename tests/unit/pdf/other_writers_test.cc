// Files as qpdf writes them: object streams, linearised, encrypted. Signing and reading each.
#include <cstdlib>

#include "base/file.h"
#include "signer/pdf/pades.h"
#include "signer/pdf/signatures.h"
#include "tests/catch.h"
#include "tests/signed_pdf.h"
#include "tests/temporary_directory.h"

using namespace antin;

namespace {

// sample_pdf() written anew by qpdf with `options`.
Bytes rewritten(const std::string& options) {
  const TemporaryDirectory folder;
  REQUIRE(write_file(folder / "in.pdf", sample_pdf({.with_form = true})).has_value());
  const std::string at = folder.path().string();
  REQUIRE(std::system(("qpdf " + options + " " + at + "/in.pdf " + at + "/out.pdf").c_str()) == 0);
  return read_file(folder / "out.pdf").value();
}

Result<Bytes> sign(const Bytes& document, const TestAuthority::Subscriber& signer) {
  const auto scheme = hsm::default_scheme(signer.key->algorithm());
  pipeline::SignatureRequest request{signer.certificate, {}, scheme, time_at(2022, 12, 28), "", "", "", ""};
  ANTIN_TRY(auto draft, pdf::pades_format().prepare({{"a.pdf", "application/pdf", document}}, request));
  ANTIN_TRY(const Bytes signature, signer.key->sign(scheme, draft->to_be_signed()));
  return std::move(*draft).assemble(signature);
}

}  // namespace

TEST_CASE("files with object streams and linearised ones are signed twice, read, and no change escapes") {
  TestAuthority authority;
  const auto leader = authority.issue("Lãnh đạo"), seal = authority.issue("Tổ chức");
  for (const char* options : {"--object-streams=generate", "--linearize", "--linearize --object-streams=generate",
                              "--object-streams=disable"}) {
    INFO(options);
    const Bytes once = sign(rewritten(options), leader).value(), twice = sign(once, seal).value();
    const auto read = pdf::read_signatures(twice).value();
    CHECK_FALSE(read.repaired);
    REQUIRE(read.signatures.size() == 2);
    for (const auto& signature : read.signatures) CHECK(signature.range_defect.value_or("") == "");
    CHECK(read.signatures[0].changes == pdf::ChangesAfter::permitted);
    CHECK(read.signatures[1].changes == pdf::ChangesAfter::none);
    // Whatever object is replaced: most are reached from the catalogue, a few (hints, lengths) from nowhere.
    int caught = 0;
    for (int number = 1; number < 12; ++number) {
      const auto changed = pdf::read_signatures(with_update(once, {{number, "<< /Replaced true >>"}}));
      if (!changed || changed->signatures.empty() || changed->signatures[0].range_defect) continue;
      CHECK(changed->signatures[0].changes != pdf::ChangesAfter::none);
      caught += changed->signatures[0].changes == pdf::ChangesAfter::forbidden;
    }
    CHECK(caught >= 4);
  }
}

TEST_CASE("an encrypted file is not signed, and is read when no password is needed") {
  TestAuthority authority;
  const auto signer = authority.issue("Lãnh đạo");
  for (const char* bits : {"128 --use-aes=y --", "256 --"}) {
    const Bytes open = rewritten(std::string("--encrypt '' owner ") + bits);
    const Bytes closed = rewritten(std::string("--encrypt user owner ") + bits);
    const auto refused = sign(open, signer);
    REQUIRE_FALSE(refused.has_value());
    CHECK_THAT(refused.error().message, Catch::Matchers::ContainsSubstring("encrypted"));
    CHECK_FALSE(sign(closed, signer).has_value());
    CHECK(pdf::read_signatures(open).value().signatures.empty());
    CHECK(pdf::read_signatures(closed).error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("encryption that comes after a signature is a change or makes the file unreadable") {
  TestAuthority authority;
  const auto signer = authority.issue("Lãnh đạo");
  const Bytes document = signed_pdf({}, [&](const Bytes& covered) { return detached_message(signer, covered); });
  std::string text(text_of(with_update(document, {{90, "null"}})));
  text.replace(text.rfind("/Root 1 0 R"), 11,
               "/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) /U "
               "(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) >> /ID [(a) (a)]");
  const auto read = pdf::read_signatures(bytes_of(text));
  CHECK((!read || read->signatures.at(0).range_defect || read->signatures[0].changes == pdf::ChangesAfter::forbidden));
}
