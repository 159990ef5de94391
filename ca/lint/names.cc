// Names of issuers and subjects (RFC 5280 §4.1.2.4, §4.1.2.6; bounds of appendix A).
#include <algorithm>
#include <array>
#include <vector>

#include "ca/lint/host_names.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;
constexpr der::OidLiteral mail_attribute = "1.2.840.113549.1.9.1", domain_component = "0.9.2342.19200300.100.1.25";

struct AttributeView {
  der::Element type, value;
};

AttributeView read_attribute(const der::Element& attribute) {
  Elements parts(attribute.content);
  return {parts.next(), parts.next()};
}

void lint_relative_name(ByteView set, const Place& place, Findings& findings) {
  // Distinguished names have one or two attributes a step: looking at each pair is cheap.
  std::array<ByteView, 16> types;
  std::size_t count = 0;
  for (Elements attributes(set); attributes.more(); ++count) {
    const AttributeView one = read_attribute(attributes.next());
    if (const auto fault = check(attribute_type(one.type.content), one.value.whole))
      findings.add(Rule::attribute_syntax, {place, count}, describe(*fault));
    const auto begin = types.begin(), end = begin + static_cast<std::ptrdiff_t>(std::min(count, types.size()));
    if (std::any_of(begin, end, [&](ByteView type) { return equal(type, one.type.content); }))
      findings.add(Rule::rdn_type_twice, place);
    if (count < types.size()) types[count] = one.type.content;
  }
  findings.expect(count < 2 || ascends(set), Rule::set_order, place);
}

// The domain that the domainComponents of a name make, most specific label first.
void lint_domain(ByteView rdns, const Place& place, Findings& findings) {
  std::string domain;
  for (Elements steps(rdns); steps.more();)
    for (Elements attributes(steps.next().content); attributes.more();) {
      const AttributeView one = read_attribute(attributes.next());
      if (!der::is_oid(one.type, domain_component)) continue;
      if (one.value.tag != der::ia5_string_tag) return;
      domain = std::string(text_of(one.value.content)) + (domain.empty() ? "" : ".") + domain;
    }
  findings.expect(domain.empty() || is_host_name(domain), Rule::domain_component_syntax, place);
}

// RFC 5280 §4.1.2.6: a mail address stands in the alternative names, whatever else the subject says.
bool is_alternative_mail(const CertificateView& view, ByteView mail) {
  const Extension* names = find_readable(view.extensions, "2.5.29.17");
  if (names == nullptr) return false;
  for (Elements list(content_of(names->value)); list.more();) {
    const der::Element name = list.next();
    if (name.tag == der::context(1) && equal(name.content, mail)) return true;
  }
  return false;
}

template <class Visit>
void for_each_mail(ByteView rdns, const Place& place, const Visit& visit) {
  std::size_t step = 0;
  for (Elements steps(rdns); steps.more(); ++step)
    for (Elements attributes(steps.next().content); attributes.more();) {
      const AttributeView one = read_attribute(attributes.next());
      // One that cannot be read was said already.
      if (der::is_oid(one.type, mail_attribute) && !check(attribute_type(one.type.content), one.value.whole))
        visit(one.value.content, Place(place, step));
    }
}

}  // namespace

std::string describe(const Fault& fault) {
  return fault.field.empty() ? std::string(fault.what) : std::string(fault.field) + ": " + std::string(fault.what);
}

void lint_name(ByteView rdns, const Place& place, Findings& findings) {
  std::size_t step = 0;
  for (Elements steps(rdns); steps.more(); ++step) lint_relative_name(steps.next().content, {place, step}, findings);
}

void lint_name_mails(ByteView rdns, const Place& place, Findings& findings) {
  for_each_mail(rdns, place, [&](ByteView mail, const Place& here) {
    findings.expect(is_mailbox(text_of(mail)), Rule::mail_syntax, here);
  });
}

void lint_subject(const Subject& subject, const Place& place, Findings& findings) {
  const CertificateView& view = subject.view;
  lint_name(view.subject, place, findings);
  lint_name_mails(view.subject, place, findings);
  lint_domain(view.subject, place, findings);
  for_each_mail(view.subject, place, [&](ByteView mail, const Place& here) {
    findings.expect(is_alternative_mail(view, mail), Rule::subject_mail_not_in_san, here);
  });
  if (!view.subject.empty()) return;
  if (subject.is_ca) return findings.add(Rule::subject_empty_in_ca, place);
  findings.expect(find(view.extensions, "2.5.29.17") != nullptr, Rule::subject_empty_without_san, place);
}

}  // namespace antin::lint
