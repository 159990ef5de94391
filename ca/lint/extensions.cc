// What the extensions say (RFC 5280 §4.2 and the texts that add to it). Syntax first; rules on what can be read.
#include <algorithm>

#include "ca/lint/algorithms.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

void lint_basic_constraints(const Subject& subject, const Extension& one, const Place& place, Findings& findings) {
  Elements parts(content_of(one.value));
  const bool path_length = !subject.is_ca && parts.more();
  findings.expect(!path_length, Rule::path_length_without_ca, place);
  findings.expect(!subject.is_ca || one.critical, Rule::basic_constraints_not_critical, place);
}

void lint_extended_usage(const Subject& subject, const Extension& one, const Place& place, Findings& findings) {
  for (Elements usages(content_of(one.value)); usages.more();) {
    const der::Element usage = usages.next();
    lint_object_id(usage.content, place, findings);
    // RFC 3161 §2.3 is about the certificate of the authority itself.
    if (der::is_oid(usage, "1.3.6.1.5.5.7.3.8"))
      findings.expect(subject.is_ca || one.critical, Rule::time_stamping_usage_not_critical, place);
    if (der::is_oid(usage, "2.5.29.37.0")) findings.expect(!one.critical, Rule::any_extended_usage_critical, place);
  }
}

void lint_usage_period(ByteView value, const Place& place, Findings& findings) {
  for (Elements times(content_of(value)); times.more();) lint_generalized_time(times.next().content, place, findings);
}

void lint_pki_access(const Subject& subject, const Extension& one, const Place& place, Findings& findings) {
  if (one.is("1.3.6.1.5.5.7.1.1") || one.is("1.3.6.1.5.5.7.1.11"))
    return lint_access_descriptions(one.value, place, findings);
  if (one.is("1.3.6.1.5.5.7.1.3")) return lint_qualified_statements(one.value, place, findings);
  if (!one.is("1.3.6.1.4.1.11129.2.4.2")) return;
  findings.expect(find(subject.view.extensions, "1.3.6.1.4.1.11129.2.4.3") == nullptr,
                  Rule::precertificate_poison_with_scts, place);
  lint_scts(one.value, place, findings);
}

// Extensions 2.5.29.x by their last arc.
void lint_certificate_extension(const Subject& subject, const Extension& one, const Place& place, Findings& findings) {
  const auto arc = last_arc(one.oid, "2.5.29");
  if (!arc) return lint_pki_access(subject, one, place, findings);
  switch (*arc) {
    case 15:
      return lint_key_usage(subject, one, place, findings);
    case 16:
      return lint_usage_period(one.value, place, findings);
    case 17:
    case 18:
      return lint_general_names(content_of(one.value), place, findings);
    case 19:
      return lint_basic_constraints(subject, one, place, findings);
    case 30:
      findings.expect(subject.is_ca, Rule::name_constraints_in_end_entity, place);
      return lint_name_constraints(one.value, place, findings);
    case 31:
    case 46:
      return lint_distribution_points(one.value, place, findings);
    case 32:
      return lint_policies(one.value, place, findings);
    case 33:
      return lint_policy_mappings(one.value, place, findings);
    case 35:
      return lint_authority_key_id(one.value, place, findings);
    case 36:
      return findings.expect(!content_of(one.value).empty(), Rule::policy_constraints_empty, place);
    case 37:
      return lint_extended_usage(subject, one, place, findings);
    default:
      return;
  }
}

void lint_point_name(ByteView choice, const Place& place, Findings& findings) {
  const der::Element name = Elements(choice).next();
  if (name.tag == der::context_constructed(0)) lint_general_names(name.content, place, findings);
}

}  // namespace

void check_extensions(Extensions& extensions, const Place& place, Findings& findings) {
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    Extension& one = extensions[i];
    const auto same = [&](const Extension& other) { return equal(other.oid, one.oid); };
    if (std::any_of(extensions.begin(), extensions.begin() + static_cast<std::ptrdiff_t>(i), same))
      findings.add(Rule::extension_twice, {place, i});
    lint_object_id(one.oid, {place, i}, findings);
    const Type* type = extension_type(one.oid);
    if (type == nullptr) continue;
    const auto fault = check(*type, one.value);
    if (fault) findings.add(Rule::extension_syntax, {place, i}, describe(*fault));
    one.readable = !fault;
  }
}

void lint_certificate_extensions(const Subject& subject, const Place& place, Findings& findings) {
  std::size_t index = 0;
  for (const Extension& one : subject.view.extensions) {
    const Place here(place, index++);
    if (one.readable) lint_certificate_extension(subject, one, here, findings);
  }
}

void lint_authority_key_id(ByteView value, const Place& place, Findings& findings) {
  Elements parts(content_of(value));
  const bool key = parts.optional(der::context(0)).has_value();
  const auto issuer = parts.optional(der::context_constructed(1)), serial = parts.optional(der::context(2));
  findings.expect(key, Rule::authority_key_id_without_key, place);
  findings.expect(!issuer || serial, Rule::authority_key_id_issuer_alone, place);
  findings.expect(!serial || issuer, Rule::authority_key_id_serial_alone, place);
  if (issuer) lint_general_names(issuer->content, place, findings);
  if (serial) lint_serial(serial->content, place, findings);
}

void lint_distribution_points(ByteView value, const Place& place, Findings& findings) {
  std::size_t index = 0;
  for (Elements points(content_of(value)); points.more(); ++index) {
    const Place here(place, index);
    Elements parts(points.next().content);
    const auto name = parts.optional(der::context_constructed(0));
    parts.optional(der::context(1));
    const auto issuer = parts.optional(der::context_constructed(2));
    findings.expect(name || issuer, Rule::distribution_point_empty, here);
    if (name) lint_point_name(name->content, here, findings);
    if (issuer) lint_general_names(issuer->content, here, findings);
  }
}

void lint_access_descriptions(ByteView value, const Place& place, Findings& findings) {
  std::size_t index = 0;
  for (Elements accesses(content_of(value)); accesses.more(); ++index) {
    Elements parts(accesses.next().content);
    parts.next();
    lint_general_name(parts.next(), NameUse::plain, {place, index}, findings);
  }
}

}  // namespace antin::lint
