#include <filesystem>

#include "base/encoding.h"
#include "ca/x509/path_revocation.h"
#include "tests/catch.h"
#include "tests/conformance/corpus.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

Result<Certificate> block(const std::string& text, std::string_view label) {
  ANTIN_TRY(const Bytes der, from_pem(label, text));
  return Certificate::from_der(der);
}

PathStatus judge(const std::string& text) {
  const auto leaf = block(text, "CERTIFICATE"), issuer = block(text, "CA CERTIFICATE"),
             second = block(text, "CA CERTIFICATE 2");
  if (!leaf || !issuer) return PathStatus::revocation_unknown;
  TrustMaterial material;
  PathResult result;
  result.chain = {*leaf, *issuer};
  if (second) result.chain.push_back(*second);
  // Of the authorities only the last is trusted without a list; for this table only the leaf is asked about.
  if (const auto der = from_pem("CRL", text))
    if (const auto crl = Crl::from_der(*der)) material.crls.push_back(*crl);
  check_leaf_revocation(material, {.at = time_at(2017, 3, 9), .oldest_crl = days(7)}, result);
  UNSCOPED_INFO(to_string(result.status) << " " << result.detail);
  return result.status;
}

}  // namespace

TEST_CASE("CRLs: good, revoked, bad and invalid", "[crl]") {
  std::size_t agreed = 0, all = 0;
  for (const auto& file : std::filesystem::directory_iterator(conformance_folder() / "crl")) {
    const std::string name = file.path().stem().string();
    const PathStatus status = judge(text_file(file.path()));
    const PathStatus expected = name.starts_with("good")      ? PathStatus::valid
                                : name.starts_with("revoked") ? PathStatus::revoked
                                                              : PathStatus::revocation_unknown;
    INFO(name << ": " << to_string(status));
    CHECK(status == expected);
    agreed += status == expected;
    ++all;
  }
  WARN("CRLs: " << agreed << " of " << all << " agree");
  CHECK(all == 66);
}
