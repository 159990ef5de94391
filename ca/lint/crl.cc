// A list of revoked certificates as a whole (RFC 5280 §5.1, §5.2).
#include "ca/lint/crl_entries.h"
#include "ca/lint/lint.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

void lint_version(const ListView& view, const Place& place, Findings& findings) {
  if (!view.version) return findings.add(Rule::crl_version_absent, place);
  findings.expect(view.version->size() == 1 && (*view.version)[0] == 1, Rule::crl_version_not_2, place);
}

void lint_updates(const ListView& view, const Place& place, Findings& findings) {
  const Place begin(place, "thisUpdate"), end(place, "nextUpdate");
  lint_time(view.this_update, begin, findings);
  if (!view.next_update) return findings.add(Rule::crl_next_update_absent, place);
  lint_time(*view.next_update, end, findings);
  const auto order = compare_times(view.this_update, *view.next_update);
  findings.expect(!order || *order <= 0, Rule::crl_validity_order, begin);
}

void lint_number(const Extension& one, const Place& place, Findings& findings) {
  findings.expect(!one.critical, Rule::crl_number_critical, place);
  if (one.readable)
    findings.expect(content_of(one.value).size() <= 20, Rule::crl_number_range, place, "at most 20 octets");
}

int compare_numbers(ByteView a, ByteView b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return equal(a, b) ? 0 : std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()) ? -1 : 1;
}

void lint_delta(const ListView& view, const Extension& one, const Place& place, Findings& findings) {
  findings.expect(one.critical, Rule::delta_indicator_not_critical, place);
  findings.expect(find(view.extensions, "2.5.29.46") == nullptr, Rule::freshest_crl_in_delta, place);
  const Extension* number = find_readable(view.extensions, "2.5.29.20");
  if (!one.readable || number == nullptr) return;
  // The base is an earlier list, or at the earliest this one.
  findings.expect(compare_numbers(content_of(one.value), content_of(number->value)) <= 0, Rule::delta_base_not_smaller,
                  place);
}

void lint_issuing_point(const Extension& one, const Place& place, Findings& findings) {
  findings.expect(one.critical, Rule::issuing_point_not_critical, place);
  if (!one.readable) return;
  Elements parts(content_of(one.value));
  findings.expect(parts.more(), Rule::issuing_point_empty, place);
  if (const auto name = parts.optional(der::context_constructed(0))) {
    const der::Element chosen = Elements(name->content).next();
    if (chosen.tag == der::context_constructed(0)) lint_general_names(chosen.content, place, findings);
  }
  int kinds = 0;  // FALSE is left out (X.690 §11.5)
  while (parts.more()) {
    const std::uint8_t tag = parts.next().tag;
    kinds += tag == der::context(1) || tag == der::context(2) || tag == der::context(5);
  }
  findings.expect(kinds <= 1, Rule::issuing_point_contradiction, place);
}

void lint_extension(const ListView& view, const Extension& one, const Place& place, Findings& findings) {
  if (one.is("2.5.29.20")) return lint_number(one, place, findings);
  if (one.is("2.5.29.27")) return lint_delta(view, one, place, findings);
  if (one.is("2.5.29.28")) return lint_issuing_point(one, place, findings);
  if (one.is("2.5.29.46")) findings.expect(!one.critical, Rule::freshest_crl_critical, place);
  if (one.is("1.3.6.1.5.5.7.1.1")) findings.expect(!one.critical, Rule::authority_information_critical, place);
  if (one.is("2.5.29.35")) findings.expect(!one.critical, Rule::authority_key_id_critical, place);
  if (one.is("2.5.29.18")) findings.expect(!one.critical, Rule::issuer_alt_name_critical, place);
  if (!one.readable) return;
  if (one.is("2.5.29.35")) return lint_authority_key_id(one.value, place, findings);
  if (one.is("2.5.29.46")) return lint_distribution_points(one.value, place, findings);
  if (one.is("1.3.6.1.5.5.7.1.1")) return lint_access_descriptions(one.value, place, findings);
  if (one.is("2.5.29.18")) lint_general_names(content_of(one.value), place, findings);
}

void lint_extensions(ListView& view, const Place& place, Findings& findings) {
  check_extensions(view.extensions, place, findings);
  std::size_t index = 0;
  for (const Extension& one : view.extensions) lint_extension(view, one, {place, index++}, findings);
  findings.expect(find(view.extensions, "2.5.29.20") != nullptr, Rule::crl_number_absent, place);
  findings.expect(find(view.extensions, "2.5.29.35") != nullptr, Rule::crl_authority_key_id_absent, place);
}

bool is_indirect(const Extensions& extensions) {
  const Extension* point = find_readable(extensions, "2.5.29.28");
  if (point == nullptr) return false;
  for (Elements parts(content_of(point->value)); parts.more();)
    if (parts.next().tag == der::context(4)) return true;
  return false;
}

}  // namespace

Findings crl(ByteView octets) {
  Findings findings;
  const Place root("certificateList"), tbs(root, "tbsCertList");
  if (const auto fault = check(crl_type, octets)) {
    findings.add(Rule::crl_syntax, root, describe(*fault));
    return findings;
  }
  ListView view = read_list(octets);
  const Place issuer(tbs, "issuer");
  lint_version(view, tbs, findings);
  lint_signature_algorithm(view.signature_algorithm, {tbs, "signature"}, findings);
  findings.expect(equal(view.signature_algorithm.whole, view.outer_algorithm.whole),
                  Rule::crl_signature_algorithm_mismatch, root);
  findings.expect(!view.issuer.empty(), Rule::issuer_empty, issuer);
  lint_name(view.issuer, issuer, findings);
  lint_updates(view, tbs, findings);
  lint_extensions(view, {tbs, "crlExtensions"}, findings);
  const ListKind kind{.indirect = is_indirect(view.extensions), .delta = find(view.extensions, "2.5.29.27") != nullptr};
  if (view.entries) lint_entries(*view.entries, kind, {tbs, "revokedCertificates"}, findings);
  return findings;
}

}  // namespace antin::lint
