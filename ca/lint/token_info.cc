// What a token says: TSTInfo (RFC 3161 §2.4.2, EN 319 422).
#include <algorithm>

#include "ca/lint/digests.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"
#include "ca/lint/token_parts.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

// YYYYMMDDhhmmss[.s…]Z: a fraction that does not end with zero. Whole seconds are returned.
std::optional<Time> read_token_time(ByteView content) {
  constexpr std::size_t whole = 14;
  if (content.size() <= whole || content.back() != 'Z') return {};
  const ByteView fraction = content.subspan(whole, content.size() - whole - 1);
  const auto is_digit = [](std::uint8_t c) { return c >= '0' && c <= '9'; };
  if (!fraction.empty() && (fraction.size() < 2 || fraction[0] != '.' || fraction.back() == '0' ||
                            !std::ranges::all_of(fraction.subspan(1), is_digit)))
    return {};
  Bytes seconds = to_bytes(content.first(whole));
  seconds.push_back('Z');
  const auto time = der::read_time({der::generalized_time_tag, seconds, {}});
  return time ? std::optional(*time) : std::nullopt;
}

// Of an INTEGER; nothing for one that is negative or large.
std::optional<std::uint32_t> small_number(ByteView content) {
  if (content.size() > 4 || (content[0] & 0x80U) != 0) return {};
  std::uint32_t value = 0;
  for (const std::uint8_t octet : content) value = value << 8 | octet;
  return value;
}

void lint_accuracy(ByteView content, const Place& place, Findings& findings) {
  Elements parts(content);
  std::uint32_t seconds = 0;
  if (const auto one = parts.optional(der::integer_tag)) {
    const auto value = small_number(one->content);
    findings.expect((one->content[0] & 0x80U) == 0, Rule::token_accuracy_range, place, "seconds");
    seconds = value.value_or(UINT32_MAX);
  }
  const bool more = parts.more();
  while (parts.more()) {
    const auto value = small_number(parts.next().content);
    findings.expect(value && *value >= 1 && *value <= 999, Rule::token_accuracy_range, place, "1 to 999");
  }
  findings.expect(seconds == 0 || (seconds == 1 && !more), Rule::token_accuracy_coarse, place, "one second or better");
}

void lint_imprint(ByteView content, const Place& place, Findings& findings) {
  Elements parts(content);
  const AlgorithmView algorithm = read_algorithm(parts.next().whole);
  lint_digest_algorithm(algorithm, place, findings);
  lint_digest_strength(algorithm, place, findings);
  lint_digest_length(algorithm, parts.next().content, place, findings);
}

void lint_token_serial(ByteView serial, const Place& place, Findings& findings) {
  const bool positive = (serial[0] & 0x80U) == 0;
  const std::size_t size = serial.size() - (serial[0] == 0 ? 1 : 0);
  findings.expect(positive && size <= 20, Rule::token_serial_range, place, "not negative, at most 160 bits");
}

void lint_token_extensions(ByteView content, const Place& place, Findings& findings) {
  Extensions extensions = read_extensions(content);
  check_extensions(extensions, place, findings);
  std::size_t index = 0;
  for (const Extension& one : extensions) {
    const Place here(place, index++);
    findings.expect(!one.critical, Rule::token_extension_critical, here);
    if (one.is("1.3.6.1.5.5.7.1.3") && one.readable) lint_qualified_statements(one.value, here, findings);
  }
}

// What may be left out.
void lint_options(Elements& parts, const Place& place, Findings& findings) {
  const auto accuracy = parts.optional(der::sequence_tag);
  findings.expect(accuracy.has_value(), Rule::token_accuracy_absent, place);
  if (accuracy) lint_accuracy(accuracy->content, {place, "accuracy"}, findings);
  findings.expect(!parts.optional(der::boolean_tag), Rule::token_ordering, place, "false, which is left out");
  if (const auto nonce = parts.optional(der::integer_tag))
    findings.expect(nonce->content.size() >= 8, Rule::token_nonce_short, {place, "nonce"}, "less than 64 bits");
  if (const auto name = parts.optional(der::context_constructed(0)))
    lint_general_name(Elements(name->content).next(), NameUse::plain, {place, "tsa"}, findings);
  if (const auto extensions = parts.optional(der::context_constructed(1)))
    lint_token_extensions(extensions->content, {place, "extensions"}, findings);
}

std::optional<ByteView> authority_name(ByteView info) {
  for (Elements parts(content_of(info)); parts.more();)
    if (const der::Element one = parts.next(); one.tag == der::context_constructed(0)) return one.content;
  return {};
}

}  // namespace

std::optional<Time> lint_token_info(ByteView info, const Place& place, Findings& findings) {
  if (const auto fault = check(token_info_type, info)) {
    findings.add(Rule::token_info_syntax, place, describe(*fault));
    return {};
  }
  Elements parts(content_of(info));
  const ByteView version = parts.next().content;
  findings.expect(version.size() == 1 && version[0] == 1, Rule::token_info_version_not_1, place);
  lint_object_id(parts.next().content, {place, "policy"}, findings);
  lint_imprint(parts.next().content, {place, "messageImprint"}, findings);
  lint_token_serial(parts.next().content, {place, "serialNumber"}, findings);
  const auto time = read_token_time(parts.next().content);
  findings.expect(time.has_value(), Rule::token_time_form, {place, "genTime"}, "YYYYMMDDhhmmss[.s…]Z");
  lint_options(parts, place, findings);
  return time;
}

void lint_authority_name(ByteView info, const CertificateView& certificate, const Place& place, Findings& findings) {
  const auto wanted = authority_name(info);
  if (!wanted) return;
  const Bytes subject = der::tlv(der::context_constructed(4), der::tlv(der::sequence_tag, certificate.subject));
  if (equal(*wanted, subject)) return;
  if (const Extension* others = find_readable(certificate.extensions, "2.5.29.17"))
    for (Elements names(content_of(others->value)); names.more();)
      if (equal(names.next().whole, *wanted)) return;
  findings.add(Rule::token_authority_name, place, "it is no name of the certificate");
}

}  // namespace antin::lint
