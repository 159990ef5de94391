// Signed documents of other projects: what their tests say of the signatures' integrity, beside what we say. Nobody in
// them is trusted here, so the path is not compared.
#include <map>
#include <optional>

#include "base/file.h"
#include "signer/validation/verify.h"
#include "tests/catch.h"
#include "tests/conformance/corpus.h"

using namespace antin;
using namespace antin::tests;
using namespace antin::validation;

namespace {

struct Row {
  Path folder;
  std::string file, expected, detached, reason;

  std::string extension() const { return file.substr(file.rfind('.') + 1); }
  bool is_container() const {
    const std::string e = extension();
    return e == "asice" || e == "asics" || e == "sce" || e == "scs" || e == "bdoc" || e == "odt" || e == "zip";
  }
  bool is_judged_here() const {
    const std::string e = extension();
    return is_container() || e == "pdf" || e == "p7m" || e == "p7s" || e == "pkcs7" || e == "cms" || e == "sig";
  }
};

std::vector<Row> rows_of(const std::string& source) {
  std::vector<Row> rows;
  const Path folder = conformance_folder() / "documents" / source;
  for (const std::string& line : split(text_file(folder / "expected.tsv"), '\n')) {
    auto cells = split(line, '\t');
    if (cells.size() < 2 || line.starts_with('#') || cells[1] == "expected") continue;
    cells.resize(4);
    rows.push_back({folder, cells[0], cells[1], cells[2], cells[3]});
  }
  return rows;
}

Result<Report> verify_row(const Row& row) {
  const x509::TrustMaterial nobody;
  const Time at = time_at(2024, 6, 1);
  const std::string document = text_file(row.folder / row.file);
  if (row.detached.empty() || row.is_container() || row.extension() == "pdf")
    return verify({bytes_of(document), std::nullopt, nobody, at});
  const std::string original = text_file(row.folder / split(row.detached, ',').front());
  return verify({bytes_of(document), bytes_of(original), nobody, at});
}

bool is_good(const Result<Report>& report) {
  if (!report || report->signatures.empty()) return false;
  for (const SignatureReport& signature : report->signatures)
    if (signature.intact != true || signature.changes == Changes::forbidden ||
        signature.indication == Indication::total_failed)
      return false;
  return true;
}

bool any(const Result<Report>& report, SubIndication sub) {
  for (const SignatureReport& signature : report->signatures)
    if (signature.sub_indication == sub && !signature.intact) return true;
  return false;
}

// Why a good document is not found good, when that is meant so. Every rule is counted and printed.
std::optional<std::string> why_not_good(const Row& row, const Result<Report>& report) {
  if (!row.is_judged_here()) return "another format: XAdES and JAdES files, evidence records, time-stamps alone";
  if (row.reason.contains("SIGNED_DATA_NOT_FOUND")) return "what was signed is not in the container";
  if (row.file.ends_with("test-with-vri.pdf")) return "a text field was filled in after the signature, which we forbid";
  if (row.file.ends_with("cades-broken-sig-tst-and-ats-v3.cms"))
    return "RSA over a DigestInfo without NULL, which RFC 8017 §9.2 and OpenSSL refuse";
  if (!report) return std::nullopt;
  if (row.is_container() && (report->signatures.empty() || any(report, SubIndication::generic)))
    return "containers whose signature is XAdES, of ASiC-S, or a time-stamp or evidence record alone";
  if (any(report, SubIndication::crypto_constraints_failure_no_poe))
    return "algorithms that are not accepted: SHA-1, SHA-3, DSA";
  if (any(report, SubIndication::no_signing_certificate_found))
    return "the signer's certificate is not in the signature";
  if (any(report, SubIndication::signed_data_not_found)) return "detached, and the original is not in the collection";
  return std::nullopt;
}

std::string summary(const Result<Report>& report) { return report ? to_json(*report, "en") : report.error().message; }

struct Tally {
  std::size_t rows = 0, scored = 0, agreed = 0, refused_containers = 0;
  std::map<std::string, std::size_t> set_apart;
};

void score(const Row& row, Tally& tally) {
  ++tally.rows;
  const auto report = verify_row(row);
  INFO(row.file << ": expected " << row.expected << " (" << row.reason << ")\n" << summary(report));
  CHECK_FALSE((report && report->indication == Indication::total_passed));  // nobody is trusted
  bool agrees = true;
  if (row.expected == "valid") {
    agrees = is_good(report);
    tally.refused_containers += agrees && row.is_container() && report->indication == Indication::total_failed;
    if (const auto why = agrees ? std::nullopt : why_not_good(row, report)) {
      ++tally.set_apart[*why];
      return;
    }
  } else if (row.expected == "invalid" || row.expected == "reject") {
    agrees = !is_good(report) || report->indication == Indication::total_failed;
  } else if (row.expected == "no-signature") {
    agrees = report && report->indication == Indication::no_signature;
  } else if (row.expected == "parse-ok") {
    agrees = report.has_value();
  } else {
    ++tally.set_apart["the collection itself gives no verdict: " + row.expected];
    return;
  }
  CHECK(agrees);
  ++tally.scored;
  tally.agreed += agrees;
}

}  // namespace

TEST_CASE("documents: good signatures are found intact, forged ones never", "[documents]") {
  Tally tally;
  for (const char* source : {"dss", "libdigidocpp"})
    for (const Row& row : rows_of(source)) score(row, tally);
  std::string apart;
  for (const auto& [why, count] : tally.set_apart) apart += "\n  " + std::to_string(count) + " set apart: " + why;
  WARN("documents: " << tally.agreed << " of " << tally.scored << " agree, of " << tally.rows << " rows; "
                     << tally.refused_containers
                     << " containers hold good signatures and are malformed (mimetype not first and stored)" << apart);
  CHECK(tally.rows > 200);
  CHECK(tally.scored > 100);
}
