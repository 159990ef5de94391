// The certificates that an OCSP answer brings, and the responder among them (RFC 6960 §4.2.2.2).
#include "ca/lint/digests.h"
#include "ca/lint/ocsp_parts.h"
#include "ca/lint/rules.h"
#include "ca/lint/signer_certificate.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

// The SHA-1 of the key, or the subject's name octet for octet.
bool is_responder(const StatusView& view, const CertificateView& certificate) {
  const ByteView wanted = content_of(view.responder.content);
  if (!view.by_key()) return equal(wanted, certificate.subject);
  const Bytes sha1_id = der::sequence({der::oid("1.3.14.3.2.26")});
  const auto hash = digest_of(read_algorithm(sha1_id), certificate.key);
  return hash && equal(*hash, wanted);
}

// Issued by the very authority whose certificates are asked about, or that authority itself.
void lint_issuer(const StatusView& view, const CertificateView& certificate, const Place& place, Findings& findings) {
  const Bytes issuer = der::tlv(der::sequence_tag, certificate.issuer),
              subject = der::tlv(der::sequence_tag, certificate.subject);
  for (Elements list(view.singles); list.more();) {
    Elements id(Elements(list.next().content).next().content);
    const AlgorithmView algorithm = read_algorithm(id.next().whole);
    const ByteView asked = id.next().content;
    const auto by_issuer = digest_of(algorithm, issuer), itself = digest_of(algorithm, subject);
    if (!by_issuer || !itself || equal(*by_issuer, asked)) continue;
    const bool authority = says_ca(certificate.extensions) && equal(*itself, asked);
    if (!authority) return findings.add(Rule::ocsp_responder_issuer_other, place);
  }
}

void lint_delegate(const CertificateView& certificate, const Place& place, Findings& findings) {
  if (says_ca(certificate.extensions)) return;
  findings.expect(has_purpose(certificate, "1.3.6.1.5.5.7.3.9"), Rule::ocsp_responder_usage_absent, place,
                  "id-kp-OCSPSigning");
  const Extensions& extensions = certificate.extensions;
  const bool said = find(extensions, "1.3.6.1.5.5.7.48.1.5") != nullptr || find(extensions, "2.5.29.31") != nullptr ||
                    find(extensions, "1.3.6.1.5.5.7.1.1") != nullptr || find(extensions, "2.5.29.56") != nullptr;
  findings.expect(said, Rule::ocsp_responder_revocation_unsaid, place, "id-pkix-ocsp-nocheck, or where to ask");
}

void lint_found(const StatusView& view, const CertificateView& certificate, const Place& root, const Place& place,
                Findings& findings) {
  lint_delegate(certificate, place, findings);
  lint_issuer(view, certificate, place, findings);
  if (const auto time = der::read_time(view.produced_at)) lint_signer(certificate, *time, place, findings);
  lint_signature(certificate, view.signature_algorithm, view.tbs, view.signature, {root, "signature"}, findings);
}

}  // namespace

void lint_responder(const StatusView& view, const Place& root, Findings& findings) {
  if (!view.certificates) return;  // the authority's own key, or a certificate that clients have
  const Place certificates(root, "certs");
  std::size_t index = 0, unused = 0;
  bool found = false;
  for (Elements list(*view.certificates); list.more(); ++index) {
    const Place here(certificates, index);
    const auto certificate = lint_certificate(list.next().whole, here, findings);
    if (certificate && !found && is_responder(view, *certificate)) {
      found = true;
      lint_found(view, *certificate, root, here, findings);
    } else {
      ++unused;
    }
  }
  findings.expect(found, Rule::ocsp_responder_unmatched, certificates);
  findings.expect(unused == 0 || !found, Rule::ocsp_certificate_unused, certificates);
}

}  // namespace antin::lint
