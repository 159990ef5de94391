// A time-stamp token as a whole, alone or in the answer of its authority (RFC 3161 §2.4.2, RFC 5652 §5).
#include "ca/lint/lint.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"
#include "ca/lint/token_parts.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

SignerView read_signer(ByteView content) {
  Elements parts(content);
  SignerView view;
  view.version = parts.next().content;
  view.id = parts.next();
  view.digest_algorithm = read_algorithm(parts.next().whole);
  view.signed_attributes = parts.optional(der::context_constructed(0));
  view.signature_algorithm = read_algorithm(parts.next().whole);
  view.signature = parts.next().content;
  view.unsigned_attributes = parts.optional(der::context_constructed(1));
  return view;
}

// RFC 5652 §5.1: 3 for content that is not id-data; 4 and 5 with attribute certificates or others that no token has.
void lint_version(const TokenView& token, const Place& place, Findings& findings) {
  bool others = false;
  if (token.certificates)
    for (Elements list(*token.certificates); list.more();) others = list.next().tag != der::sequence_tag || others;
  findings.expect(!others, Rule::token_certificate_kind, place, "another kind than a certificate");
  const bool third = token.version.size() == 1 && token.version[0] == 3;
  findings.expect(third || others, Rule::token_cms_version, place);
}

void lint_token(ByteView signed_data, const Place& root, Findings& findings) {
  const TokenView token = read_token(signed_data);
  lint_version(token, root, findings);
  findings.expect(token.signers.size() == 1, Rule::token_signer_count, {root, "signerInfos"});
  const Place info(root, "tstInfo");
  if (token.signers.empty()) return (void)lint_token_info(token.info, info, findings);
  lint_token_signer(token, token.signers.front(), root, findings);
}

// Whether the encapsulated content is there and that of a token.
bool holds_info(ByteView signed_data, const Place& root, Findings& findings) {
  Elements parts(content_of(signed_data));
  parts.next();
  parts.next();
  Elements encapsulated(parts.next().content);
  const bool token = der::is_oid(encapsulated.next(), "1.2.840.113549.1.9.16.1.4");
  findings.expect(token, Rule::token_content_other, root, "it is not id-ct-TSTInfo");
  findings.expect(encapsulated.more(), Rule::token_content_absent, root);
  return token && encapsulated.more();
}

void lint_content_info(ByteView octets, const Place& root, Findings& findings) {
  if (const auto fault = check(content_info_type, octets))
    return findings.add(Rule::token_syntax, root, describe(*fault));
  Elements parts(content_of(octets));
  if (!der::is_oid(parts.next(), "1.2.840.113549.1.7.2")) return findings.add(Rule::token_not_signed_data, root);
  const ByteView signed_data = parts.next().content;
  if (const auto fault = check(signed_data_type, signed_data))
    return findings.add(Rule::token_syntax, root, describe(*fault));
  if (holds_info(signed_data, root, findings)) lint_token(signed_data, root, findings);
}

void lint_answer(ByteView octets, Findings& findings) {
  const Place root("timeStampResp");
  if (const auto fault = check(time_stamp_answer_type, octets))
    return findings.add(Rule::token_syntax, root, describe(*fault));
  constexpr std::uint8_t granted_with_mods = 1, last_known = 5;
  Elements parts(content_of(octets));
  const ByteView status = Elements(parts.next().content).next().content;
  const bool known = status.size() == 1 && status[0] <= last_known;
  findings.expect(known, Rule::token_status_unknown, {root, "status"});
  const bool granted = known && status[0] <= granted_with_mods;
  findings.expect(!granted || parts.more(), Rule::token_absent, root);
  if (!parts.more()) return;
  findings.expect(granted, Rule::token_with_refusal, root);
  lint_content_info(parts.next().whole, {root, "timeStampToken"}, findings);
}

// The answer begins with a SEQUENCE, the token with an OBJECT IDENTIFIER.
bool is_answer(ByteView octets) {
  der::Reader reader(octets);
  const auto outer = reader.next();
  return outer && outer->tag == der::sequence_tag && der::Reader(outer->content).next_is(der::sequence_tag);
}

}  // namespace

TokenView read_token(ByteView signed_data) {
  Elements parts(content_of(signed_data));
  TokenView token;
  token.version = parts.next().content;
  token.digest_algorithms = parts.next().content;
  Elements encapsulated(parts.next().content);
  encapsulated.next();
  token.info = content_of(encapsulated.next().content);
  if (const auto certificates = parts.optional(der::context_constructed(0))) token.certificates = certificates->content;
  parts.optional(der::context_constructed(1));
  for (Elements list(parts.next().content); list.more();) token.signers.push_back(read_signer(list.next().content));
  return token;
}

Findings time_stamp(ByteView octets) {
  Findings findings;
  if (is_answer(octets))
    lint_answer(octets, findings);
  else
    lint_content_info(octets, Place("timeStampToken"), findings);
  return findings;
}

}  // namespace antin::lint
