// Our linter beside the findings of another one, file by file: the same set of errors and fatals.
#include "ca/lint/lint.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "base/encoding.h"
#include "tests/catch.h"
#include "tests/conformance/corpus.h"
#include "tests/conformance/lint_codes.h"

using namespace antin;
using namespace antin::tests;

namespace {

using Codes = std::set<std::string, std::less<>>;

// Their table: `node_path,validator,severity,code,message`; a message may hold commas and quotes, the rest does not.
Codes expected_codes(const std::string& text) {
  Codes codes;
  for (const std::string& line : split(std::string_view(text).substr(text.rfind("-----END")), '\n')) {
    const auto columns = split(line, ',');
    if (columns.size() < 4 || (columns[2] != "ERROR" && columns[2] != "FATAL")) continue;
    std::string code = columns[3];
    while (!code.empty() && (code.back() == '\r' || code.back() == ' ')) code.pop_back();
    if (const auto ours = comparable_code(code); !ours.empty()) codes.emplace(ours);
  }
  return codes;
}

Codes found_codes(const lint::Findings& findings, std::string_view family) {
  Codes codes;
  for (const lint::Finding& finding : findings.list())
    if (lint::facts(finding.rule).severity >= lint::Severity::error && !replaced_in(finding.rule, family))
      codes.emplace(code_of(finding.rule));
  return codes;
}

std::string joined(const Codes& codes) {
  std::string text;
  for (const std::string& code : codes) text += " " + code;
  return text.empty() ? " -" : text;
}

struct Tally {
  std::size_t agreed = 0, all = 0;
  std::vector<std::int64_t> nanoseconds;
  std::string differences;
  double share() const { return all == 0 ? 0 : static_cast<double>(agreed) / static_cast<double>(all); }
};

void compare(const std::filesystem::path& path, std::string_view family, Tally& tally) {
  const std::string text = text_file(path);
  const bool list = path.extension() == ".crltest";
  const auto der = from_pem(list ? "X509 CRL" : "CERTIFICATE", text);
  REQUIRE(der.has_value());
  const auto start = std::chrono::steady_clock::now();
  const lint::Findings findings = list ? lint::crl(*der) : lint::certificate(*der);
  tally.nanoseconds.push_back(std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count());
  const Codes expected = expected_codes(text), found = found_codes(findings, family);
  ++tally.all;
  if (expected == found)
    ++tally.agreed;
  else
    tally.differences +=
        "\n  " + path.filename().string() + ": expected" + joined(expected) + ", found" + joined(found);
}

Tally compare_folder(const std::filesystem::path& folder, std::string_view family) {
  Tally tally;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
    if (file.is_regular_file()) compare(file.path(), family, tally);
  return tally;
}

void report(std::string_view what, Tally tally) {
  std::ranges::sort(tally.nanoseconds);
  const std::int64_t median = tally.nanoseconds.empty() ? 0 : tally.nanoseconds[tally.nanoseconds.size() / 2];
  WARN(what << ": " << tally.agreed << " of " << tally.all << " files have the same errors and fatals; half of them in "
            << median << " ns" << tally.differences);
}

}  // namespace

TEST_CASE("lint: PKIX certificates and lists", "[lint]") {
  const auto folder = conformance_folder() / "lint";
  const Tally certificates = compare_folder(folder / "certificates" / "pkix", "pkix"),
              lists = compare_folder(folder / "crls", "pkix");
  report("PKIX certificates", certificates);
  report("lists", lists);
  CHECK(certificates.all > 0);
  CHECK(lists.all > 0);
  CHECK(certificates.share() >= 0.95);
  CHECK(lists.share() >= 0.95);
}

TEST_CASE("lint: the PKIX rules in certificates of other profiles", "[lint]") {
  for (const std::string_view family : {"etsi", "smime_br", "tls_br"}) {
    const Tally tally = compare_folder(conformance_folder() / "lint" / "certificates" / family, family);
    report(family, tally);
    CHECK(tally.all > 0);
    CHECK(tally.share() >= 0.95);
  }
}
