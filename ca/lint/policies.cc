// certificatePolicies and policyMappings (RFC 5280 §4.2.1.4, §4.2.1.5; RFC 6818 §3).
#include <algorithm>
#include <string>

#include "base/encoding.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

constexpr der::OidLiteral any_policy = "2.5.29.32.0", cps_qualifier = "1.3.6.1.5.5.7.2.1",
                          notice_qualifier = "1.3.6.1.5.5.7.2.2";

void put_utf8(std::string& text, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { text.push_back(static_cast<char>(0x80U | ((point >> shift) & 0x3fU))); };
  if (point < 0x80) return text.push_back(static_cast<char>(point));
  if (point < 0x800) {
    text.push_back(static_cast<char>(0xc0U | (point >> 6)));
  } else {
    text.push_back(static_cast<char>(0xe0U | (point >> 12)));
    tail(6);
  }
  tail(0);
}

std::string utf8_of(const der::Element& element) {
  if (element.tag != der::bmp_string_tag) return std::string(text_of(element.content));
  std::string text;
  for (std::size_t i = 0; i + 1 < element.content.size(); i += 2)
    put_utf8(text, static_cast<std::uint32_t>(element.content[i] << 8 | element.content[i + 1]));
  return text;
}

// C0 and C1 controls and DEL.
bool has_control(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c < 0x20 || c == 0x7f) return true;
    if (c == 0xc2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xa0) return true;
  }
  return false;
}

void lint_explicit_text(const der::Element& element, const Place& place, Findings& findings) {
  findings.expect(element.tag != der::ia5_string_tag, Rule::explicit_text_ia5, place);
  findings.expect(element.tag != der::visible_string_tag && element.tag != der::bmp_string_tag,
                  Rule::explicit_text_kind, place, "UTF8String");
  const std::string text = utf8_of(element);
  findings.expect(!has_control(text), Rule::explicit_text_control, place);
  const auto composed = to_nfc(text);
  findings.expect(!composed || *composed == text, Rule::explicit_text_not_nfc, place);
}

void lint_notice(ByteView value, const Place& place, Findings& findings) {
  Elements parts(content_of(value));
  findings.expect(!parts.next_is(der::sequence_tag), Rule::notice_reference, place);
  parts.optional(der::sequence_tag);
  if (parts.more()) lint_explicit_text(parts.next(), place, findings);
}

void lint_qualifier(const der::Element& qualifier, const Place& place, Findings& findings) {
  Elements parts(qualifier.content);
  const der::Element id = parts.next(), value = parts.next();
  const bool cps = der::is_oid(id, cps_qualifier);
  if (!cps && !der::is_oid(id, notice_qualifier)) return;
  if (const auto fault = check(cps ? cps_uri_type : user_notice_type, value.whole))
    return findings.add(Rule::policy_qualifier_syntax, place, describe(*fault));
  if (cps) return lint_uri(text_of(value.content), place, findings);
  lint_notice(value.whole, place, findings);
}

void lint_qualifiers(ByteView list, bool any, const Place& place, Findings& findings) {
  findings.add(Rule::policy_has_qualifier, place);
  std::size_t index = 0;
  for (Elements qualifiers(list); qualifiers.more(); ++index) {
    const der::Element one = qualifiers.next();
    const der::Element id = Elements(one.content).next();
    const bool known = der::is_oid(id, cps_qualifier) || der::is_oid(id, notice_qualifier);
    findings.expect(!any || known, Rule::any_policy_qualifier, place);
    lint_qualifier(one, {place, index}, findings);
  }
}

}  // namespace

void lint_policies(ByteView value, const Place& place, Findings& findings) {
  std::vector<ByteView> seen;
  std::size_t index = 0;
  for (Elements policies(content_of(value)); policies.more(); ++index) {
    Elements parts(policies.next().content);
    const der::Element id = parts.next();
    seen.push_back(id.content);
    lint_object_id(id.content, {place, index}, findings);
    if (parts.more()) lint_qualifiers(parts.next().content, der::is_oid(id, any_policy), {place, index}, findings);
  }
  const auto less = [](ByteView a, ByteView b) { return std::ranges::lexicographical_compare(a, b); };
  std::ranges::sort(seen, less);
  const auto twice = std::ranges::adjacent_find(seen, [](ByteView a, ByteView b) { return equal(a, b); });
  findings.expect(twice == seen.end(), Rule::policy_twice, place);
}

void lint_policy_mappings(ByteView value, const Place& place, Findings& findings) {
  std::size_t index = 0;
  for (Elements mappings(content_of(value)); mappings.more(); ++index) {
    Elements parts(mappings.next().content);
    const der::Element from = parts.next(), to = parts.next();
    findings.expect(!der::is_oid(from, any_policy) && !der::is_oid(to, any_policy), Rule::policy_mappings_any_policy,
                    {place, index});
  }
}

}  // namespace antin::lint
