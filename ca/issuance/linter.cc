#include <algorithm>

#include "ca/issuance/issuer.h"
#include "ca/issuance/lint_rules.h"
#include "ca/lint/lint.h"
#include "ca/policy/subscriber_number.h"
#include "hsm/signing_key.h"

namespace antin::issuance {
namespace {

namespace der = x509::der;

void lint_serial(const x509::TbsView& tbs, Findings& findings) {
  const auto serial = x509::SerialNumber::from_der_content(tbs.serial);
  findings.expect(serial && !serial->negative() && !serial->magnitude().empty(), "serial-positive",
                  "RFC 5280 §4.1.2.2");
  findings.expect(tbs.serial.size() <= 20, "serial-at-most-20-octets", "RFC 5280 §4.1.2.2");
  findings.expect(serial && serial->magnitude().size() >= 16, "serial-at-least-16-octets",
                  "127 unpredictable bits do not fit in less");
}

void lint_algorithm(const x509::TbsView& tbs, Findings& findings) {
  findings.expect(hsm::scheme_of(tbs.signature_algorithm).has_value(), "signature-algorithm-known");
}

void lint_time(const der::Element& element, const char* rule, Findings& findings) {
  const auto time = der::read_time(element);
  findings.expect(time && equal(der::time(*time), element.whole), rule,
                  "UTCTime through 2049, then GeneralizedTime (RFC 5280 §4.1.2.5)");
}

void lint_validity(const x509::TbsView& tbs, CertificateKind kind, Findings& findings) {
  lint_time(tbs.not_before, "not-before-encoding", findings);
  lint_time(tbs.not_after, "not-after-encoding", findings);
  const auto begin = der::read_time(tbs.not_before), end = der::read_time(tbs.not_after);
  if (!begin || !end) return;
  findings.expect(*begin < *end, "validity-in-order");
  const int years = is_authority_kind(kind) ? 20 : 5;
  // A leap day in every fourth year, and one more when the first year has it.
  const days longest(years * 365 + (years + 3) / 4 + 1);
  findings.expect(*end - *begin <= longest, "validity-not-too-long", "at most " + std::to_string(years) + " years");
}

// Our own writer, given what was read, must write the same octets: string types, NFC, bounds and order are then right.
void lint_name(ByteView octets, const std::string& which, Findings& findings) {
  const auto name = x509::Name::from_der(octets);
  findings.expect(name.has_value(), "name-readable", which);
  if (!name) return;
  findings.expect(!name->empty(), "name-not-empty", which);
  const auto again = x509::Name::from_rdns(name->rdns());
  findings.expect(again.has_value(), "name-within-bounds", which + (again ? "" : ": " + again.error().message));
  if (again)
    findings.expect(equal(again->der(), octets), "name-encoding",
                    which + ": another string type or form than X.520 and RFC 5280 ask for");
  findings.expect(name->values("C").size() == 1, "name-has-one-country", which);
  findings.expect(name->values("CN").size() == 1, "name-has-one-common-name", which);
  // Citizens and firms are told apart by their number, where bodies have the name of the one above.
  findings.expect(!name->values("O").empty() || !name->values("UID").empty(), "name-has-organisation-or-number", which);
  findings.expect(std::ranges::all_of(name->rdns(), [](const auto& rdn) { return rdn.size() == 1; }),
                  "name-one-attribute-a-step", which);
}

// Another authority's name is copied as it is; what holds for every name the general linter says.
void lint_foreign_name(ByteView octets, const std::string& which, Findings& findings) {
  const auto name = x509::Name::from_der(octets);
  findings.expect(name.has_value(), "name-readable", which);
  if (name) findings.expect(!name->empty(), "name-not-empty", which);
}

// The number itself is personal data and stands in no message.
void lint_numbers(ByteView subject, Findings& findings) {
  const auto name = x509::Name::from_der(subject);
  if (!name) return;
  for (const std::string& uid : name->values("UID")) {
    using enum policy::NumberVerdict;
    const policy::NumberVerdict verdict = policy::judge_number(uid);
    findings.expect(verdict != malformed, "name-number-form", policy::number_kind(uid));
    findings.expect(verdict != wrong_check_digit, "name-number-check-digit", policy::number_kind(uid));
  }
}

void lint_names(const x509::TbsView& tbs, CertificateKind kind, Findings& findings) {
  lint_name(tbs.issuer, "issuer", findings);
  if (kind == CertificateKind::cross) {
    lint_foreign_name(tbs.subject, "subject", findings);
  } else {
    lint_name(tbs.subject, "subject", findings);
    lint_numbers(tbs.subject, findings);
  }
  const bool same = equal(tbs.issuer, tbs.subject);
  findings.expect(same == (kind == CertificateKind::root || kind == CertificateKind::link), "self-issued-only-root",
                  "and its link certificates");
}

// The key gate has judged the key's strength; here only its form.
void lint_public_key(const x509::TbsView& tbs, Findings& findings) {
  const auto outer = der::only(tbs.public_key_info, der::sequence_tag);
  if (!outer) return findings.expect(false, "public-key-readable");
  der::Reader reader(outer->content);
  const auto algorithm = reader.expect(der::sequence_tag);
  const auto bits = reader.expect(der::bit_string_tag);
  findings.expect(algorithm && bits && reader.at_end() && der::read_bit_string_octets(*bits).has_value(),
                  "public-key-readable");
  if (!algorithm || !bits) return;
  const Bytes rsa = der::sequence({der::oid("1.2.840.113549.1.1.1"), der::null()});
  const Bytes p256 = der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")});
  const Bytes p384 = der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.3.132.0.34")});
  const Bytes ed25519 = der::sequence({der::oid("1.3.101.112")});
  const auto scheme = hsm::scheme_of(algorithm->whole);  // ML-DSA's keys are named as its signatures (RFC 9881)
  const bool known = (scheme && hsm::is_ml_dsa(*scheme)) ||
                     std::ranges::any_of(std::initializer_list<ByteView>{rsa, p256, p384, ed25519},
                                         [&](ByteView one) { return equal(one, algorithm->whole); });
  findings.expect(known, "public-key-algorithm-known",
                  "RSA with NULL, P-256, P-384, Ed25519 or ML-DSA (RFC 3279, 5480, 8410, 9881)");
  findings.expect(!equal(algorithm->whole, rsa) || bits->content.size() > 256, "public-key-rsa-2048");
}

// What holds for every certificate, whoever issues it; the rules above are narrower, about what this authority issues.
void lint_generally(ByteView tbs, Findings& findings) {
  const lint::Findings found = lint::tbs_certificate(tbs);
  if (!found.acceptable()) findings.list.push_back(found.summary());
  findings.expect(!found.has(lint::Rule::oid_arc_large), "object-identifier-arcs",
                  "below 2^28: programs need not read others (RFC 5280 appendix B)");
}

}  // namespace

std::string_view lint_rules_version() noexcept { return "5"; }

Result<LintedTbs> lint(Bytes tbs_der, CertificateKind kind) {
  const auto tbs = x509::parse_tbs(tbs_der);
  if (!tbs) return fail(ErrorCode::invalid_argument, "lint: tbs-readable: " + tbs.error().message);
  Findings findings;
  findings.expect(tbs->version == 3, "version-3");
  findings.expect(!tbs->unique_ids, "no-unique-identifiers", "RFC 5280 §4.1.2.8");
  findings.expect(!tbs->explicit_false, "no-default-written-out", "X.690 §11.5");
  lint_serial(*tbs, findings);
  lint_algorithm(*tbs, findings);
  lint_validity(*tbs, kind, findings);
  lint_names(*tbs, kind, findings);
  lint_public_key(*tbs, findings);
  lint_extensions(*tbs, kind, findings);
  lint_generally(tbs_der, findings);
  if (findings.list.empty()) return LintedTbs(std::move(tbs_der));
  std::string all;
  for (const std::string& finding : findings.list) all += (all.empty() ? "" : "; ") + finding;
  return fail(ErrorCode::failed_precondition, "lint: " + all);
}

}  // namespace antin::issuance
