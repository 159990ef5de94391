// Who signed a token: SignerInfo and the certificate that came along (RFC 5652 §5.3, RFC 3161 §2.3).
#include "ca/lint/digests.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"
#include "ca/lint/token_parts.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

void lint_versions(const TokenView& token, const SignerView& signer, const Place& place, Findings& findings) {
  const std::uint8_t wanted = signer.id.tag == der::sequence_tag ? 1 : 3;
  findings.expect(signer.version.size() == 1 && signer.version[0] == wanted, Rule::token_signer_version, place);
  bool listed = false;
  for (Elements list(token.digest_algorithms); list.more();)
    listed = same_oid(read_algorithm(list.next().whole).oid, signer.digest_algorithm.oid) || listed;
  findings.expect(listed, Rule::token_digest_not_listed, place);
}

void lint_algorithms(const SignerView& signer, const Place& place, Findings& findings) {
  const Place digest(place, "digestAlgorithm"), signature(place, "signatureAlgorithm");
  lint_digest_algorithm(signer.digest_algorithm, digest, findings);
  lint_digest_strength(signer.digest_algorithm, digest, findings);
  lint_signature_algorithm(signer.signature_algorithm, signature, findings);
  lint_digest_strength(signer.signature_algorithm, signature, findings);
}

bool is_signer(const SignerView& signer, const CertificateView& certificate) {
  if (signer.id.tag != der::sequence_tag) {
    const Extension* id = find_readable(certificate.extensions, "2.5.29.14");
    return id != nullptr && equal(content_of(id->value), signer.id.content);
  }
  Elements parts(signer.id.content);
  const ByteView issuer = parts.next().content;
  return equal(issuer, certificate.issuer) && equal(parts.next().content, certificate.serial);
}

// rsaEncryption as the signature's algorithm means PKCS#1 v1.5 with the digest beside it (RFC 3370 §3.2).
Bytes signature_algorithm_of(const SignerView& signer) {
  if (!signer.signature_algorithm.is("1.2.840.113549.1.1.1")) return to_bytes(signer.signature_algorithm.whole);
  if (signer.digest_algorithm.is("2.16.840.1.101.3.4.2.2"))
    return der::sequence({der::oid("1.2.840.113549.1.1.12"), der::null()});
  if (signer.digest_algorithm.is("2.16.840.1.101.3.4.2.3"))
    return der::sequence({der::oid("1.2.840.113549.1.1.13"), der::null()});
  if (is_sha256(signer.digest_algorithm)) return der::sequence({der::oid("1.2.840.113549.1.1.11"), der::null()});
  return to_bytes(signer.signature_algorithm.whole);
}

void lint_purpose(const CertificateView& certificate, const Place& place, Findings& findings) {
  if (!has_purpose(certificate, "1.3.6.1.5.5.7.3.8")) return findings.add(Rule::token_usage_absent, place);
  findings.expect(extended_usages(certificate).size() == 1, Rule::token_usage_not_alone, place);
}

// RFC 5652 §5.4: the attributes are signed as a SET OF.
void lint_value(const TokenView& token, const SignerView& signer, const CertificateView& certificate,
                const Place& place, Findings& findings) {
  Bytes message = to_bytes(token.info);
  if (signer.signed_attributes) {
    message = to_bytes(signer.signed_attributes->whole);
    message[0] = der::set_tag;
  }
  const Bytes algorithm = signature_algorithm_of(signer);
  lint_signature(certificate, read_algorithm(algorithm), message, signer.signature, place, findings);
}

struct Signed {
  const TokenView& token;
  const SignerView& signer;
  std::optional<Time> time;
};

void lint_found(const Signed& signature, ByteView octets, const CertificateView& certificate, const Place& root,
                const Place& place, Findings& findings) {
  const Place signer(root, "signerInfos");
  lint_purpose(certificate, place, findings);
  if (signature.time) lint_signer(certificate, *signature.time, place, findings);
  if (!check(token_info_type, signature.token.info))
    lint_authority_name(signature.token.info, certificate, {root, "tstInfo"}, findings);
  findings.expect(names_certificate(signature.signer, octets).value_or(true), Rule::token_signing_certificate_wrong,
                  signer);
  lint_value(signature.token, signature.signer, certificate, signer, findings);
}

void lint_certificates(const Signed& signature, const Place& root, Findings& findings) {
  const Place certificates(root, "certificates");
  const auto& list = signature.token.certificates;
  if (!list) return findings.add(Rule::token_certificates_absent, root);
  bool found = false;
  std::size_t index = 0;
  for (Elements members(*list); members.more(); ++index) {
    const der::Element member = members.next();
    if (member.tag != der::sequence_tag) continue;
    const Place here(certificates, index);
    const auto certificate = lint_certificate(member.whole, here, findings);
    if (!certificate || found || !is_signer(signature.signer, *certificate)) continue;
    found = true;
    lint_found(signature, member.whole, *certificate, root, here, findings);
  }
  findings.expect(found, Rule::token_signer_unmatched, certificates);
}

}  // namespace

void lint_token_signer(const TokenView& token, const SignerView& signer, const Place& root, Findings& findings) {
  const Place place(root, "signerInfos"), info(root, "tstInfo"), attributes(place, "signedAttrs");
  lint_versions(token, signer, place, findings);
  lint_algorithms(signer, place, findings);
  const auto time = lint_token_info(token.info, info, findings);
  lint_signed_attributes(token, signer, attributes, findings);
  findings.expect(!signer.unsigned_attributes, Rule::token_unsigned_attribute, place);
  lint_certificates({token, signer, time}, root, findings);
}

}  // namespace antin::lint
