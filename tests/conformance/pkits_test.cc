#include <algorithm>
#include <set>

#include "ca/x509/path_validator.h"
#include "tests/catch.h"
#include "tests/conformance/corpus.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

struct Row {
  std::string name;
  std::vector<std::string> certificates, crls;
  PolicyOptions policies;
  std::vector<std::string> user_constrained;
  bool valid;
};

std::string policy_oid(const std::string& name) {
  static constexpr std::string_view prefix = "NIST-test-policy-";
  return name.starts_with(prefix) ? "2.16.840.1.101.3.2.1.48." + name.substr(prefix.size()) : "2.5.29.32.0";
}

std::vector<std::string> policy_oids(const std::string& list) {
  std::vector<std::string> out;
  if (list.empty()) return out;
  for (const std::string& name : split(list, ',')) out.push_back(policy_oid(name));
  std::ranges::sort(out);
  return out;
}

std::vector<Row> rows() {
  std::vector<Row> out;
  const auto lines = split(text_file(conformance_folder() / "pkits/cases.tsv"), '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto f = split(lines[i], '\t');
    if (f.size() != 9) continue;
    out.push_back({f[0],
                   split(f[1], ','),
                   split(f[2], ','),
                   {policy_oids(f[3]), f[4] == "1", f[5] == "1", f[6] == "1"},
                   policy_oids(f[7]),
                   f[8] == "valid"});
  }
  return out;
}

bool judged_valid(const Row& row, std::vector<std::string>& policies) {
  const Path folder = conformance_folder() / "pkits";
  TrustMaterial material;
  std::optional<Certificate> leaf;
  for (std::size_t i = 0; i < row.certificates.size(); ++i) {
    const auto certificate =
        Certificate::from_file_bytes(bytes_of(text_file(folder / "certs" / (row.certificates[i] + ".crt"))));
    if (!certificate) return false;  // what cannot be read is not valid
    if (i == 0)
      material.anchors.push_back(*certificate);
    else if (i + 1 < row.certificates.size())
      material.intermediates.push_back(*certificate);
    leaf = *certificate;
  }
  for (const std::string& name : row.crls)
    if (const auto crl = Crl::from_file_bytes(bytes_of(text_file(folder / "crls" / (name + ".crl")))))
      material.crls.push_back(*crl);
  const auto result = validate_path_with_policies(*leaf, material, {.at = time_at(2011, 4, 15)}, row.policies);
  policies = result.user_constrained_policies;
  std::ranges::sort(policies);
  UNSCOPED_INFO(row.name << ": " << result.path.detail);
  return result.path.status == PathStatus::valid;
}

}  // namespace

TEST_CASE("PKITS: path validation and CRL processing", "[pkits]") {
  // DSA parameters taken from the issuer's key, and a CRL whose own path goes another way: OpenSSL does neither.
  const std::set<std::string> known_to_differ{"4.1.5", "4.14.30"};
  const auto all = rows();
  REQUIRE(all.size() == 249);
  std::size_t agreed = 0;
  for (const Row& row : all) {
    std::vector<std::string> policies;
    const bool same = judged_valid(row, policies) == row.valid;
    agreed += same;
    INFO(row.name << ": expected " << (row.valid ? "valid" : "invalid"));
    CHECK((same || known_to_differ.contains(row.name)));
    if (same && row.valid && !row.user_constrained.empty()) CHECK(policies == row.user_constrained);
  }
  WARN("PKITS: " << agreed << " of " << all.size() << " agree");
  CHECK(agreed >= 247);
}

// The product's own path: rules by OpenSSL, lists by our reader. Rows that ask for policies are not its job; with delta
// or indirect lists it may refuse what is valid, and must never accept what is not.
TEST_CASE("PKITS: our own reading of lists never accepts what is not valid", "[pkits]") {
  const Path folder = conformance_folder() / "pkits";
  std::size_t accepted = 0;
  for (const Row& row : rows()) {
    const PolicyOptions& p = row.policies;
    if (p.initial_policies != PolicyOptions().initial_policies || p.explicit_policy || p.inhibit_mapping ||
        p.inhibit_any)
      continue;
    TrustMaterial material;
    std::vector<Certificate> chain;
    for (const std::string& name : row.certificates)
      if (const auto certificate =
              Certificate::from_file_bytes(bytes_of(text_file(folder / "certs" / (name + ".crt")))))
        chain.push_back(*certificate);
    if (chain.size() != row.certificates.size()) continue;
    material.anchors = {chain.front()};
    material.intermediates = chain;
    for (const std::string& name : row.crls)
      if (const auto crl = Crl::from_file_bytes(bytes_of(text_file(folder / "crls" / (name + ".crl")))))
        material.crls.push_back(*crl);
    const PathResult result = validate_path(chain.back(), material, {.at = time_at(2011, 4, 15)});
    INFO(row.name << ": " << to_string(result.status) << " " << result.detail);
    if (!row.valid) CHECK(result.status != PathStatus::valid);
    accepted += row.valid && result.status == PathStatus::valid;
  }
  WARN("PKITS, our own reading: " << accepted << " valid rows accepted");
  CHECK(accepted >= 75);
}
