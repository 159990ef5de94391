// An OCSP answer as a whole (RFC 6960 §4.2, with what RFC 5019 and 9654 add).
#include "ca/lint/digests.h"
#include "ca/lint/lint.h"
#include "ca/lint/ocsp_parts.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

StatusView read_status(ByteView whole) {
  Elements parts(content_of(whole));
  StatusView view;
  const der::Element data = parts.next();
  view.tbs = data.whole;
  view.signature_algorithm = read_algorithm(parts.next().whole);
  view.signature = parts.next().content.subspan(1);
  if (parts.more()) view.certificates = content_of(parts.next().content);
  Elements fields(data.content);
  if (const auto version = fields.optional(der::context_constructed(0))) view.version = content_of(version->content);
  view.responder = fields.next();
  view.produced_at = fields.next();
  view.singles = fields.next().content;
  if (fields.more()) view.extensions = read_extensions(content_of(content_of(fields.next().whole)));
  return view;
}

void lint_responder_id(const StatusView& view, const Place& place, Findings& findings) {
  const ByteView content = content_of(view.responder.content);
  if (view.by_key()) return findings.expect(content.size() == 20, Rule::ocsp_responder_key_hash, place, "SHA-1");
  findings.expect(!content.empty(), Rule::ocsp_responder_name_empty, place);
  lint_name(content, place, findings);
}

void lint_nonce(const Extension& one, const Place& place, Findings& findings) {
  const std::size_t size = content_of(one.value).size();
  findings.expect(size >= 1 && size <= 128, Rule::ocsp_nonce_length, place, "1 to 128 octets");
  findings.expect(size == 32, Rule::ocsp_nonce_not_32, place);
}

void lint_response_extensions(StatusView& view, const Place& place, Findings& findings) {
  check_extensions(view.extensions, place, findings);
  std::size_t index = 0;
  for (const Extension& one : view.extensions) {
    const Place here(place, index++);
    lint_ocsp_extension(one, OcspLevel::response, here, findings);
    if (one.is("1.3.6.1.5.5.7.48.1.2") && one.readable) lint_nonce(one, here, findings);
  }
}

void lint_status(StatusView& view, const Place& root, Findings& findings) {
  const Place data(root, "tbsResponseData"), produced(data, "producedAt"), extensions(data, "responseExtensions");
  findings.expect(view.version.empty(), Rule::ocsp_version_not_1, data);
  lint_responder_id(view, {data, "responderID"}, findings);
  lint_generalized_time(view.produced_at.content, produced, findings);
  lint_response_extensions(view, extensions, findings);
  lint_singles(view, {data, "responses"}, findings);
  const Place algorithm(root, "signatureAlgorithm");
  lint_signature_algorithm(view.signature_algorithm, algorithm, findings);
  lint_digest_strength(view.signature_algorithm, algorithm, findings);
  lint_responder(view, root, findings);
}

void lint_bytes(ByteView whole, const Place& root, Findings& findings) {
  Elements parts(content_of(whole));
  if (!der::is_oid(parts.next(), "1.3.6.1.5.5.7.48.1.1")) return findings.add(Rule::ocsp_type_not_basic, root);
  const ByteView basic = parts.next().content;
  if (const auto fault = check(basic_response_type, basic))
    return findings.add(Rule::ocsp_syntax, root, describe(*fault));
  StatusView view = read_status(basic);
  lint_status(view, root, findings);
}

}  // namespace

Findings ocsp(ByteView octets) {
  constexpr std::uint8_t successful = 0, unused = 4;
  Findings findings;
  const Place root("ocspResponse");
  if (const auto fault = check(ocsp_response_type, octets)) {
    findings.add(Rule::ocsp_syntax, root, describe(*fault));
    return findings;
  }
  Elements parts(content_of(octets));
  const std::uint8_t status = parts.next().content[0];
  const auto answer = parts.optional(der::context_constructed(0));
  findings.expect(status != unused, Rule::ocsp_status_unused, {root, "responseStatus"});
  findings.expect(status != successful || answer, Rule::ocsp_answer_absent, root);
  findings.expect(status == successful || !answer, Rule::ocsp_answer_with_failure, root);
  if (answer) lint_bytes(answer->content, {root, "basicOCSPResponse"}, findings);
  return findings;
}

}  // namespace antin::lint
