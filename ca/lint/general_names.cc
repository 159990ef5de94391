// GeneralName wherever it stands (RFC 5280 §4.2.1.6, §4.2.1.10; RFC 9598).
#include <algorithm>

#include "ca/lint/host_names.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

constexpr Type utf8_text{Form::utf8_string, {}, nullptr, 1};

void lint_dns(std::string_view text, NameUse use, const Place& place, Findings& findings) {
  findings.expect(text.size() <= longest_host, Rule::dns_name_too_long, place);
  // An empty constraint stands for every name.
  const bool good = is_host_name(text) || (use == NameUse::constraint && text.empty());
  findings.expect(good, Rule::dns_name_syntax, place, text.contains('*') ? "a wildcard" : "");
}

// A constraint is a mailbox, a host, or a domain with a dot in front.
void lint_mail(std::string_view text, NameUse use, const Place& place, Findings& findings) {
  findings.expect(domain_of(text).size() <= longest_host, Rule::mail_domain_too_long, place);
  bool good = is_mailbox(text);
  if (use == NameUse::constraint && !text.contains('@'))
    good = text == "." || is_host_name(text.starts_with('.') ? text.substr(1) : text);
  findings.expect(good, Rule::mail_syntax, place);
}

void lint_uri_name(std::string_view text, NameUse use, const Place& place, Findings& findings) {
  if (use == NameUse::plain) return lint_uri(text, place, findings);
  const bool good = text == "." || is_host_name(text.starts_with('.') ? text.substr(1) : text);
  findings.expect(good, Rule::uri_syntax, place, "a constraint is a host or a domain");
}

void lint_mask(ByteView value, const Place& place, Findings& findings) {
  const std::size_t half = value.size() / 2;
  bool host_part = false, good = true;
  for (std::size_t bit = 0; bit < half * 8; ++bit) {
    const auto one = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    const bool masked = (value[half + bit / 8] & one) != 0, set = (value[bit / 8] & one) != 0;
    host_part = host_part || !masked;
    good = good && !(host_part && (masked || set));
  }
  findings.expect(good, Rule::name_constraints_ip_mask, place, "address and mask are no range of RFC 4632");
}

void lint_ip(ByteView value, NameUse use, const Place& place, Findings& findings) {
  const std::size_t unit = use == NameUse::plain ? 1 : 2;
  if (value.size() == 4 * unit || value.size() == 16 * unit) {
    if (use == NameUse::constraint) lint_mask(value, place, findings);
    return;
  }
  findings.add(use == NameUse::plain ? Rule::ip_address_length : Rule::name_constraints_ip_length, place,
               std::to_string(value.size()) + " octets");
}

bool ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// RFC 9598 §3: UTF-8 before the @, and only where ASCII would not do; A-labels in lower case after it.
void lint_smtp_utf8(std::string_view text, const Place& place, Findings& findings) {
  const std::string_view domain = domain_of(text), local = text.substr(0, text.find('@'));
  findings.expect(domain.size() <= longest_host, Rule::smtp_utf8_mailbox_domain_too_long, place);
  if (!text.contains('@')) return findings.add(Rule::smtp_utf8_mailbox_syntax, place);
  if (ascii(local)) return findings.add(Rule::smtp_utf8_mailbox_ascii, place, "rfc822Name is for ASCII");
  if (local.starts_with("\xEF\xBB\xBF")) return findings.add(Rule::smtp_utf8_mailbox_bom, place);
  if (std::ranges::any_of(domain, [](char c) { return c >= 'A' && c <= 'Z'; }))
    return findings.add(Rule::smtp_utf8_mailbox_upper_case, place);
  findings.expect(is_host_name(domain), Rule::smtp_utf8_mailbox_domain, place);
}

void lint_other_name(ByteView content, NameUse use, const Place& place, Findings& findings) {
  Elements parts(content);
  const der::Element id = parts.next();
  const ByteView value = parts.next().content;
  if (!der::is_oid(id, "1.3.6.1.5.5.7.8.9")) return;  // id-on-SmtpUTF8Mailbox
  if (const auto fault = check(utf8_text, value)) return findings.add(Rule::other_name_syntax, place, describe(*fault));
  if (use == NameUse::plain) lint_smtp_utf8(text_of(content_of(value)), place, findings);
}

}  // namespace

void lint_uri(std::string_view text, const Place& place, Findings& findings) {
  findings.expect(split_uri(text).host.size() <= longest_host, Rule::uri_host_too_long, place);
  if (has_scheme(text, "ldap")) return findings.add(Rule::uri_ldap_unread, place);
  findings.expect(is_absolute_uri(text), Rule::uri_syntax, place, "not an absolute URI with a host that can be found");
}

void lint_general_name(const der::Element& name, NameUse use, const Place& place, Findings& findings) {
  switch (name.tag) {
    case der::context_constructed(0): {
      const Place here(place, "otherName");
      return lint_other_name(name.content, use, here, findings);
    }
    case der::context(1): {
      const Place here(place, "rfc822Name");
      return lint_mail(text_of(name.content), use, here, findings);
    }
    case der::context(2): {
      const Place here(place, "dNSName");
      return lint_dns(text_of(name.content), use, here, findings);
    }
    case der::context_constructed(4): {
      const Place here(place, "directoryName");
      return lint_name(content_of(name.content), here, findings);
    }
    case der::context(6): {
      const Place here(place, "uniformResourceIdentifier");
      return lint_uri_name(text_of(name.content), use, here, findings);
    }
    case der::context(7): {
      const Place here(place, "iPAddress");
      return lint_ip(name.content, use, here, findings);
    }
    default:
      return;
  }
}

void lint_general_names(ByteView content, const Place& place, Findings& findings) {
  std::size_t index = 0;
  for (Elements names(content); names.more(); ++index)
    lint_general_name(names.next(), NameUse::plain, {place, index}, findings);
}

}  // namespace antin::lint
