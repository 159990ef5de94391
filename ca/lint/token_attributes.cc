// What the signature of a token covers (RFC 5652 §11, RFC 5035 §5, RFC 5816).
#include <algorithm>

#include "ca/lint/digests.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"
#include "ca/lint/token_parts.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

struct Attribute {
  ByteView type, values;  // content octets
  bool is(der::OidLiteral oid) const noexcept { return same_oid(type, oid.content()); }
};

std::vector<Attribute> read_attributes(ByteView content) {
  std::vector<Attribute> attributes;
  for (Elements list(content); list.more();) {
    Elements parts(list.next().content);
    const ByteView type = parts.next().content;
    attributes.push_back({type, parts.next().content});
  }
  return attributes;
}

constexpr der::OidLiteral content_type{"1.2.840.113549.1.9.3"}, message_digest{"1.2.840.113549.1.9.4"},
    signing_time{"1.2.840.113549.1.9.5"}, signing_certificate{"1.2.840.113549.1.9.16.2.12"},
    signing_certificate_2{"1.2.840.113549.1.9.16.2.47"};
constexpr der::OidLiteral of_one_value[] = {content_type, message_digest, signing_time, signing_certificate,
                                            signing_certificate_2};

// The whole element that is an attribute's value; nothing without one.
std::optional<ByteView> value_of(const std::vector<Attribute>& attributes, der::OidLiteral type) {
  for (const Attribute& one : attributes)
    if (one.is(type) && !one.values.empty()) return Elements(one.values).next().whole;
  return {};
}

bool has_one_value(const Attribute& one) {
  Elements values(one.values);
  if (!values.more()) return false;
  values.next();
  return !values.more();
}

void lint_form(const std::vector<Attribute>& attributes, const Place& place, Findings& findings) {
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const Attribute& one = attributes[i];
    const auto same = [&](const Attribute& other) { return equal(other.type, one.type); };
    const auto end = attributes.begin() + static_cast<std::ptrdiff_t>(i);
    findings.expect(std::none_of(attributes.begin(), end, same), Rule::token_attribute_twice, {place, i});
    lint_object_id(one.type, {place, i}, findings);
    const bool single = std::ranges::any_of(of_one_value, [&](der::OidLiteral type) { return one.is(type); });
    findings.expect(!single || has_one_value(one), Rule::token_attribute_values, {place, i}, "exactly one");
  }
}

void lint_content(const TokenView& token, const SignerView& signer, const std::vector<Attribute>& attributes,
                  const Place& place, Findings& findings) {
  const auto type = value_of(attributes, content_type);
  const Bytes wanted = der::oid("1.2.840.113549.1.9.16.1.4");
  findings.expect(type && equal(*type, wanted), Rule::token_content_type_attribute, place, "id-ct-TSTInfo");
  const auto digest = value_of(attributes, message_digest);
  if (!digest) return findings.add(Rule::token_message_digest_absent, place);
  const auto own = digest_of(signer.digest_algorithm, token.info);
  if (!own) return;  // a notice says so already
  findings.expect(equal(*digest, der::octet_string(*own)), Rule::token_message_digest_wrong, place);
}

void lint_signing_certificate(const std::vector<Attribute>& attributes, const Place& place, Findings& findings) {
  const auto first = value_of(attributes, signing_certificate), second = value_of(attributes, signing_certificate_2);
  findings.expect(first || second, Rule::token_signing_certificate_absent, place);
  if (first) {
    if (const auto fault = check(signing_certificate_type, *first))
      findings.add(Rule::token_attribute_syntax, place, describe(*fault));
    findings.expect(second.has_value(), Rule::token_signing_certificate_sha1, place);
  }
  if (!second) return;
  if (const auto fault = check(signing_certificate_2_type, *second))
    findings.add(Rule::token_attribute_syntax, place, describe(*fault));
}

// Hash and algorithm of the first certificate that the attribute names.
std::optional<bool> names(ByteView value, bool second, ByteView certificate) {
  if (check(second ? signing_certificate_2_type : signing_certificate_type, value)) return {};
  Elements id(Elements(Elements(content_of(value)).next().content).next().content);
  const Bytes by_default = der::sequence({second ? der::oid("2.16.840.1.101.3.4.2.1") : der::oid("1.3.14.3.2.26")});
  AlgorithmView algorithm = read_algorithm(by_default);
  if (const auto other = id.optional(der::sequence_tag)) algorithm = read_algorithm(other->whole);
  const auto digest = digest_of(algorithm, certificate);
  if (!digest) return {};
  return equal(*digest, id.next().content);
}

}  // namespace

std::optional<bool> names_certificate(const SignerView& signer, ByteView certificate) {
  if (!signer.signed_attributes) return {};
  const auto attributes = read_attributes(signer.signed_attributes->content);
  const auto first = value_of(attributes, signing_certificate), second = value_of(attributes, signing_certificate_2);
  const auto by_first = first ? names(*first, false, certificate) : std::nullopt,
             by_second = second ? names(*second, true, certificate) : std::nullopt;
  if (!by_first && !by_second) return {};
  return by_first.value_or(true) && by_second.value_or(true);
}

void lint_signed_attributes(const TokenView& token, const SignerView& signer, const Place& place, Findings& findings) {
  if (!signer.signed_attributes) return findings.add(Rule::token_signed_attributes_absent, place);
  findings.expect(ascends(signer.signed_attributes->content), Rule::set_order, place);
  const auto attributes = read_attributes(signer.signed_attributes->content);
  lint_form(attributes, place, findings);
  lint_content(token, signer, attributes, place, findings);
  lint_signing_certificate(attributes, place, findings);
}

}  // namespace antin::lint
