// What an OCSP answer says about each certificate (RFC 6960 §2, §4.2.1).
#include <algorithm>

#include "ca/lint/digests.h"
#include "ca/lint/ocsp_parts.h"
#include "ca/lint/rules.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

struct KnownPlace {
  der::OidLiteral oid;
  bool in_response, in_single;
};
constexpr KnownPlace known_places[] = {
    {"1.3.6.1.5.5.7.48.1.2", true, false},     // nonce
    {"1.3.6.1.5.5.7.48.1.9", true, false},     // extended definition of revoked
    {"1.3.6.1.5.5.7.48.1.3", false, true},     // CRL references
    {"1.3.6.1.5.5.7.48.1.6", false, true},     // archive cutoff
    {"1.3.6.1.5.5.7.48.1.4", false, false},    // acceptable response types: of requests, as the two after it
    {"1.3.6.1.5.5.7.48.1.7", false, false},    // service locator
    {"1.3.6.1.5.5.7.48.1.8", false, false},    // preferred signature algorithms
    {"2.5.29.21", false, true},                // reason, invalidity date, certificate issuer: of CRL entries
    {"2.5.29.24", false, true},                //
    {"2.5.29.29", false, true},                //
    {"1.3.6.1.4.1.11129.2.4.5", false, true},  // SCT list
};
// What an answer about a certificate that was never issued may not have (RFC 6960 §2.2).
constexpr der::OidLiteral of_issued[] = {"1.3.6.1.5.5.7.48.1.3", "2.5.29.21", "2.5.29.24", "2.5.29.29"};

struct Single {
  ByteView id;
  der::Element status, this_update;
  std::optional<der::Element> next_update;
  Extensions extensions;
};

Single read_single(ByteView content) {
  Elements parts(content);
  Single one;
  one.id = parts.next().content;
  one.status = parts.next();
  one.this_update = parts.next();
  if (const auto next = parts.optional(der::context_constructed(0))) one.next_update = Elements(next->content).next();
  if (parts.more()) one.extensions = read_extensions(content_of(content_of(parts.next().whole)));
  return one;
}

void lint_id(ByteView id, const Place& place, Findings& findings) {
  Elements parts(id);
  const AlgorithmView algorithm = read_algorithm(parts.next().whole);
  lint_digest_algorithm(algorithm, place, findings);
  findings.expect(is_sha1(algorithm) || is_sha256(algorithm), Rule::ocsp_hash_algorithm_other, place,
                  "clients ask with SHA-1 or SHA-256");
  lint_digest_length(algorithm, parts.next().content, place, findings);
  lint_digest_length(algorithm, parts.next().content, place, findings);
  lint_serial(parts.next().content, place, findings);
}

void lint_updates(const StatusView& view, const Single& one, const Place& place, Findings& findings) {
  const Place begin(place, "thisUpdate"), end(place, "nextUpdate");
  lint_generalized_time(one.this_update.content, begin, findings);
  const auto produced = compare_times(view.produced_at, one.this_update);
  findings.expect(!produced || *produced >= 0, Rule::ocsp_produced_before_update, begin);
  if (!one.next_update) return findings.add(Rule::ocsp_next_update_absent, place);
  lint_generalized_time(one.next_update->content, end, findings);
  const auto order = compare_times(one.this_update, *one.next_update);
  findings.expect(!order || *order <= 0, Rule::ocsp_update_order, begin);
  const auto late = compare_times(view.produced_at, *one.next_update);
  findings.expect(!late || *late <= 0, Rule::ocsp_produced_after_next, end);
}

// Revoked for certificateHold since 1970: a certificate that was never issued.
bool says_never_issued(const der::Element& since, std::optional<std::uint8_t> reason) {
  const auto time = der::read_time(since);
  constexpr std::uint8_t hold = 6;
  return reason == hold && time && *time == time_at(1970, 1, 1);
}

void lint_never_issued(const StatusView& view, const Single& one, const Place& place, Findings& findings) {
  findings.expect(find(view.extensions, "1.3.6.1.5.5.7.48.1.9") != nullptr, Rule::ocsp_extended_definition_absent,
                  place);
  const bool extra = std::ranges::any_of(of_issued, [&](auto oid) { return find(one.extensions, oid) != nullptr; });
  findings.expect(!extra, Rule::ocsp_never_issued_extension, place);
}

void lint_revoked(const StatusView& view, const Single& one, const Place& place, Findings& findings) {
  constexpr std::uint8_t unspecified = 0, remove_from_crl = 8;
  Elements parts(one.status.content);
  const der::Element since = parts.next();
  std::optional<std::uint8_t> reason;
  if (parts.more()) reason = content_of(parts.next().content)[0];
  lint_generalized_time(since.content, {place, "revocationTime"}, findings);
  const auto order = compare_times(since, view.produced_at);
  findings.expect(!order || *order <= 0, Rule::ocsp_revoked_after_answer, place);
  findings.expect(reason != unspecified, Rule::ocsp_reason_unspecified, place);
  findings.expect(reason != remove_from_crl, Rule::ocsp_reason_remove, place);
  if (says_never_issued(since, reason)) lint_never_issued(view, one, place, findings);
}

void lint_single_extensions(Single& one, const Place& place, Findings& findings) {
  check_extensions(one.extensions, place, findings);
  std::size_t index = 0;
  for (const Extension& extension : one.extensions) {
    const Place here(place, index++);
    lint_ocsp_extension(extension, OcspLevel::single, here, findings);
    const bool time = extension.is("1.3.6.1.5.5.7.48.1.6") || extension.is("2.5.29.24");
    if (time && extension.readable) lint_generalized_time(content_of(extension.value), here, findings);
  }
}

}  // namespace

void lint_ocsp_extension(const Extension& one, OcspLevel level, const Place& place, Findings& findings) {
  const auto* known = std::ranges::find_if(known_places, [&](const KnownPlace& k) { return one.is(k.oid); });
  if (known == std::end(known_places))
    return findings.add(one.critical ? Rule::ocsp_extension_unknown_critical : Rule::ocsp_extension_unknown, place);
  findings.expect(level == OcspLevel::response ? known->in_response : known->in_single, Rule::ocsp_extension_place,
                  place);
  // A certificate issuer is critical where it stands (RFC 5280 §5.3.3).
  findings.expect(!one.critical || one.is("2.5.29.29"), Rule::ocsp_extension_critical, place);
}

void lint_singles(const StatusView& view, const Place& place, Findings& findings) {
  constexpr std::uint8_t revoked = der::context_constructed(1);
  std::vector<ByteView> ids;
  std::size_t index = 0;
  for (Elements list(view.singles); list.more(); ++index) {
    Single one = read_single(list.next().content);
    const Place here(place, index);
    lint_id(one.id, {here, "certID"}, findings);
    lint_updates(view, one, here, findings);
    lint_single_extensions(one, {here, "singleExtensions"}, findings);
    if (one.status.tag == revoked) lint_revoked(view, one, {here, "certStatus"}, findings);
    ids.push_back(one.id);
  }
  findings.expect(index > 0, Rule::ocsp_responses_empty, place);
  findings.expect(index <= 1, Rule::ocsp_responses_several, place);
  std::ranges::sort(ids, [](ByteView a, ByteView b) { return std::ranges::lexicographical_compare(a, b); });
  const auto twice = std::ranges::adjacent_find(ids, [](ByteView a, ByteView b) { return equal(a, b); });
  findings.expect(twice == ids.end(), Rule::ocsp_certificate_twice, place);
}

}  // namespace antin::lint
