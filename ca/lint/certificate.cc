// A certificate as a whole (RFC 5280 §4.1).
#include "ca/lint/lint.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"
#include "ca/lint/signer_certificate.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

void lint_version(const CertificateView& view, const Place& place, Findings& findings) {
  const bool third = view.version.size() == 1 && view.version[0] == 2;
  findings.expect(third, Rule::version_not_3, place);
}

void lint_validity(const CertificateView& view, const Place& place, Findings& findings) {
  const Place begin(place, "notBefore"), end(place, "notAfter");
  lint_time(view.not_before, begin, findings);
  lint_time(view.not_after, end, findings);
  const auto order = compare_times(view.not_before, view.not_after);
  findings.expect(!order || *order <= 0, Rule::validity_order, place);
}

void lint_issuer(const CertificateView& view, const Place& place, Findings& findings) {
  findings.expect(!view.issuer.empty(), Rule::issuer_empty, place);
  lint_name(view.issuer, place, findings);
  lint_name_mails(view.issuer, place, findings);
}

void lint_view(CertificateView& view, const Place& root, Findings& findings) {
  const Place tbs(root, "tbsCertificate"), extensions(tbs, "extensions");
  check_extensions(view.extensions, extensions, findings);
  const Subject subject{view, says_ca(view.extensions), view.outer_algorithm.has_value()};
  lint_version(view, {tbs, "version"}, findings);
  lint_serial(view.serial, {tbs, "serialNumber"}, findings);
  lint_signature_algorithm(view.signature_algorithm, {tbs, "signature"}, findings);
  lint_issuer(view, {tbs, "issuer"}, findings);
  lint_validity(view, {tbs, "validity"}, findings);
  lint_subject(subject, {tbs, "subject"}, findings);
  lint_public_key(subject, {tbs, "subjectPublicKeyInfo"}, findings);
  findings.expect(!view.issuer_unique_id, Rule::issuer_unique_id, tbs);
  findings.expect(!view.subject_unique_id, Rule::subject_unique_id, tbs);
  lint_certificate_extensions(subject, extensions, findings);
  lint_presence(subject, extensions, findings);
}

}  // namespace

bool says_ca(const Extensions& extensions) {
  const Extension* constraints = find_readable(extensions, "2.5.29.19");
  if (constraints == nullptr) return false;
  return Elements(content_of(constraints->value)).next_is(der::boolean_tag);  // FALSE is left out (X.690 §11.5)
}

void lint_serial(ByteView serial, const Place& place, Findings& findings) {
  const bool zero = serial.size() == 1 && serial[0] == 0;
  const bool good = !zero && (serial[0] & 0x80U) == 0 && serial.size() <= 20;
  findings.expect(good, Rule::serial_range, place, "positive, at most 20 octets");
}

std::optional<CertificateView> lint_certificate(ByteView octets, const Place& root, Findings& findings) {
  if (const auto fault = check(certificate_type, octets)) {
    findings.add(Rule::certificate_syntax, root, describe(*fault));
    return {};
  }
  CertificateView view = read_certificate(octets);
  lint_view(view, root, findings);
  findings.expect(equal(view.signature_algorithm.whole, view.outer_algorithm->whole),
                  Rule::signature_algorithm_mismatch, {root, "signatureAlgorithm"});
  return view;
}

Findings certificate(ByteView octets) {
  Findings findings;
  (void)lint_certificate(octets, Place("certificate"), findings);
  return findings;
}

Findings tbs_certificate(ByteView tbs) {
  Findings findings;
  const Place root("certificate");
  if (const auto fault = check(tbs_certificate_type, tbs)) {
    findings.add(Rule::certificate_syntax, root, describe(*fault));
    return findings;
  }
  CertificateView view = read_tbs_certificate(tbs);
  lint_view(view, root, findings);
  return findings;
}

}  // namespace antin::lint
