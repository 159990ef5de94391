#include "ca/lint/crl_entries.h"

#include <algorithm>

#include "ca/lint/lint.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

void lint_reason(const Extension& one, ListKind kind, const Place& place, Findings& findings) {
  constexpr std::uint8_t unspecified = 0, remove_from_crl = 8;
  findings.expect(!one.critical, Rule::crl_entry_reason_critical, place);
  if (!one.readable) return;
  const std::uint8_t reason = content_of(one.value)[0];
  findings.expect(reason != unspecified, Rule::crl_entry_reason_unspecified, place);
  findings.expect(reason != remove_from_crl || kind.delta, Rule::crl_entry_reason_remove, place,
                  "only in a delta list");
}

void lint_entry_extension(const Extension& one, ListKind kind, const Place& place, Findings& findings) {
  if (one.is("2.5.29.21")) return lint_reason(one, kind, place, findings);
  if (one.is("2.5.29.24")) {
    findings.expect(!one.critical, Rule::crl_entry_invalidity_critical, place);
    if (one.readable) lint_generalized_time(content_of(one.value), place, findings);
  } else if (one.is("2.5.29.29")) {
    findings.expect(one.critical, Rule::crl_entry_issuer_not_critical, place);
    findings.expect(kind.indirect, Rule::crl_entry_issuer_in_direct_list, place);
    if (one.readable) lint_general_names(content_of(one.value), place, findings);
  }
}

// Returns the serial number.
ByteView lint_entry(ByteView whole, ListKind kind, const Place& place, Findings& findings) {
  if (const auto fault = check(crl_entry_type, whole)) {
    findings.add(Rule::crl_syntax, place, describe(*fault));
    return {};
  }
  Elements parts(content_of(whole));
  const ByteView serial = parts.next().content;
  lint_serial(serial, place, findings);
  lint_time(parts.next(), place, findings);
  if (!parts.more()) return serial;
  Extensions extensions = read_extensions(parts.next().content);
  const Place list(place, "crlEntryExtensions");
  check_extensions(extensions, list, findings);
  std::size_t index = 0;
  for (const Extension& one : extensions) lint_entry_extension(one, kind, {list, index++}, findings);
  return serial;
}

bool shorter_or_less(ByteView a, ByteView b) {
  return a.size() != b.size() ? a.size() < b.size() : std::ranges::lexicographical_compare(a, b);
}

}  // namespace

void lint_entries(ByteView content, ListKind kind, const Place& place, Findings& findings) {
  findings.expect(!content.empty(), Rule::crl_entries_empty, place, "an empty list is left out");
  std::vector<ByteView> serials;
  std::size_t index = 0;
  for (Elements entries(content); entries.more(); ++index) {
    const ByteView serial = lint_entry(entries.next().whole, kind, {place, index}, findings);
    if (index < whole_list) serials.push_back(serial);
  }
  if (kind.indirect || index > whole_list) return;
  std::ranges::sort(serials, shorter_or_less);
  const auto twice = std::ranges::adjacent_find(serials, [](ByteView a, ByteView b) { return equal(a, b); });
  findings.expect(twice == serials.end(), Rule::crl_entry_twice, place);
}

}  // namespace antin::lint
