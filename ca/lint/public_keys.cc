// SubjectPublicKeyInfo, and what keyUsage may say for each kind of key (RFC 3279 §2.3, 4055 §1.2, 5480 §2, 8410 §4,
// 8813 §3, 9295 §3, 9881 §4, §5, 9909, 9935 §4, §5).
#include <algorithm>
#include <array>

#include "ca/lint/algorithms.h"
#include "ca/lint/base_types.h"
#include "ca/lint/rules.h"

namespace antin::lint {
namespace {

namespace der = x509::der;
using namespace types;

constexpr Field rsa_fields[] = {{"modulus", natural}, {"publicExponent", natural}};
constexpr Type rsa_key = record(rsa_fields);

// Bits of keyUsage as a mask, digitalSignature first.
constexpr unsigned signature = 1U << 0, commitment = 1U << 1, key_encipherment = 1U << 2, data_encipherment = 1U << 3,
                   agreement = 1U << 4, cert_sign = 1U << 5, crl_sign = 1U << 6, encipher_only = 1U << 7,
                   decipher_only = 1U << 8, every_bit = 0x1ff;
constexpr unsigned signing = signature | commitment | cert_sign | crl_sign;

struct KeyKind {
  const Type* parameters = nullptr;  // null: absent
  std::size_t size = 0;              // octets of the key; 0: has a form of its own
  unsigned usage = every_bit;        // what keyUsage may say
  Rule usage_rule = Rule::key_usage_rsa;
};
constexpr KeyKind rsa{&null, 0, every_bit & ~agreement, Rule::key_usage_rsa};
constexpr KeyKind ec{&oid, 0, every_bit & ~(key_encipherment | data_encipherment), Rule::key_usage_ec};
constexpr unsigned exchanging = agreement | encipher_only | decipher_only;

struct NamedKind {
  der::OidLiteral oid;
  KeyKind kind;
};
constexpr NamedKind named_kinds[] = {
    {"1.2.840.10045.2.1", ec},
    {"1.2.840.113549.1.1.1", rsa},
    {"1.3.101.112", {nullptr, 32, signing, Rule::key_usage_edwards}},     // Ed25519
    {"1.3.101.113", {nullptr, 57, signing, Rule::key_usage_edwards}},     // Ed448
    {"1.3.101.110", {nullptr, 32, exchanging, Rule::key_usage_edwards}},  // X25519
    {"1.3.101.111", {nullptr, 56, exchanging, Rule::key_usage_edwards}},  // X448
};

std::optional<KeyKind> module_lattice(unsigned number) {
  constexpr std::size_t sizes[] = {1312, 1952, 2592};
  if (number >= 17 && number <= 19) return KeyKind{nullptr, sizes[number - 17], signing, Rule::key_usage_ml_dsa};
  if (number >= 32 && number <= 34)
    return KeyKind{nullptr, sizes[number - 32], signature | commitment, Rule::key_usage_hash_ml_dsa};
  return {};
}

// 128, 192 and 256 bits, each small and fast, with SHA-2 and then with SHAKE.
std::optional<KeyKind> hash_based(unsigned number) {
  constexpr std::size_t sizes[] = {32, 32, 48, 48, 64, 64};
  if (number >= 20 && number <= 31) return KeyKind{nullptr, sizes[(number - 20) % 6], signing, Rule::key_usage_slh_dsa};
  if (number >= 35 && number <= 46)
    return KeyKind{nullptr, sizes[(number - 35) % 6], signature | commitment, Rule::key_usage_hash_slh_dsa};
  return {};
}

std::optional<KeyKind> kind_of(ByteView algorithm) {
  for (const NamedKind& one : named_kinds)
    if (same_oid(one.oid.content(), algorithm)) return one.kind;
  if (const auto number = last_arc(algorithm, "2.16.840.1.101.3.4.3")) {
    const auto kind = module_lattice(*number);
    return kind ? kind : hash_based(*number);
  }
  constexpr std::size_t kem_sizes[] = {800, 1184, 1568};
  const auto kem = last_arc(algorithm, "2.16.840.1.101.3.4.4");
  if (kem && *kem >= 1 && *kem <= 3)
    return KeyKind{nullptr, kem_sizes[*kem - 1], key_encipherment, Rule::key_usage_ml_kem};
  return {};
}

// Identifiers that were given to candidates before the standards were final; keys of both do not work together.
bool is_draft(ByteView algorithm) {
  static constexpr der::OidLiteral drafts[] = {
      "1.3.6.1.4.1.2.267.12.4.4", "1.3.6.1.4.1.2.267.12.6.5", "1.3.6.1.4.1.2.267.12.8.7", "1.3.9999.6.4.13",
      "1.3.9999.6.4.16",          "1.3.9999.6.5.10",          "1.3.9999.6.5.12",          "1.3.9999.6.6.10",
      "1.3.9999.6.6.12",          "1.3.9999.6.7.13",          "1.3.9999.6.7.16",          "1.3.9999.6.8.10",
      "1.3.9999.6.8.12",          "1.3.9999.6.9.10",          "1.3.9999.6.9.12",          "1.3.6.1.4.1.22554.5.6.1",
      "1.3.6.1.4.1.22554.5.6.2",  "1.3.6.1.4.1.22554.5.6.3"};
  return std::ranges::any_of(drafts, [&](const auto& one) { return same_oid(one.content(), algorithm); });
}

bool is_round3(ByteView algorithm) {
  static constexpr der::OidLiteral candidates[] = {"1.3.6.1.4.1.2.267.7.4.4",
                                                   "1.3.6.1.4.1.2.267.7.6.5",
                                                   "1.3.6.1.4.1.2.267.7.8.7",
                                                   "1.3.6.1.4.1.2.267.11.4.4",
                                                   "1.3.6.1.4.1.2.267.11.6.5",
                                                   "1.3.6.1.4.1.2.267.11.8.7",
                                                   "1.3.9999.3.1",
                                                   "1.3.9999.3.4",
                                                   "1.3.9999.6.4.1",
                                                   "1.3.9999.6.4.4",
                                                   "1.3.9999.6.4.7",
                                                   "1.3.9999.6.4.10",
                                                   "1.3.9999.6.5.1",
                                                   "1.3.9999.6.5.3",
                                                   "1.3.9999.6.5.5",
                                                   "1.3.9999.6.5.7",
                                                   "1.3.9999.6.6.1",
                                                   "1.3.9999.6.6.3",
                                                   "1.3.9999.6.6.5",
                                                   "1.3.9999.6.6.7",
                                                   "1.3.6.1.4.1.22554.5.6.4",
                                                   "1.3.6.1.4.1.22554.5.6.5",
                                                   "1.3.6.1.4.1.22554.5.6.6"};
  return std::ranges::any_of(candidates, [&](const auto& one) { return same_oid(one.content(), algorithm); });
}

// RFC 5480 §2.2: 04 and two coordinates, or 02 or 03 and one.
bool is_point(ByteView key, ByteView curve) {
  if (key.empty() || key[0] < 2 || key[0] > 4) return false;
  struct Curve {
    der::OidLiteral oid;
    std::size_t coordinate;
  };
  static constexpr Curve curves[] = {{"1.2.840.10045.3.1.7", 32}, {"1.3.132.0.34", 48}, {"1.3.132.0.35", 66}};
  for (const Curve& one : curves)
    if (equal(one.oid.content(), curve)) return key.size() == 1 + one.coordinate * (key[0] == 4 ? 2 : 1);
  return true;
}

void lint_key_octets(const CertificateView& view, const KeyKind& kind, const Place& place, Findings& findings) {
  if (kind.size != 0)
    return findings.expect(view.key.size() == kind.size, Rule::public_key_syntax, place,
                           std::to_string(view.key.size()) + " octets");
  if (kind.usage_rule == Rule::key_usage_rsa) {
    if (const auto fault = check(rsa_key, view.key)) findings.add(Rule::public_key_syntax, place, describe(*fault));
    return;
  }
  const ByteView curve = view.key_algorithm.parameters.empty() ? ByteView() : content_of(view.key_algorithm.parameters);
  findings.expect(is_point(view.key, curve), Rule::public_key_syntax, place, "not a point of its curve's size");
}

unsigned mask_of(ByteView usage) {
  unsigned mask = 0;
  for (unsigned bit = 0; bit < 9; ++bit)
    if (has_usage(usage, bit)) mask |= 1U << bit;
  return mask;
}

}  // namespace

bool has_usage(ByteView usage, unsigned bit) noexcept {
  return usage.size() > 1 + bit / 8 && (usage[1 + bit / 8] & (0x80U >> (bit % 8))) != 0;
}

void lint_public_key(const Subject& subject, const Place& place, Findings& findings) {
  const CertificateView& view = subject.view;
  const ByteView algorithm = view.key_algorithm.oid;
  findings.expect(!is_draft(algorithm), Rule::key_algorithm_draft, place);
  findings.expect(!is_round3(algorithm), Rule::key_algorithm_round3, place);
  const auto kind = kind_of(algorithm);
  if (!kind) return findings.add(Rule::key_algorithm_unknown, place);
  check_parameters(kind->parameters, view.key_algorithm, Rule::public_key_parameters, place, findings);
  lint_key_octets(view, *kind, place, findings);
  const bool ca = subject.is_ca;
  findings.expect(!ca || kind->usage_rule != Rule::key_usage_hash_ml_dsa, Rule::hash_ml_dsa_in_ca, place);
  findings.expect(!ca || kind->usage_rule != Rule::key_usage_hash_slh_dsa, Rule::hash_slh_dsa_in_ca, place);
}

void lint_usage_for_key(const Subject& subject, ByteView usage, const Place& place, Findings& findings) {
  const auto kind = kind_of(subject.view.key_algorithm.oid);
  if (!kind) return;
  const unsigned mask = mask_of(usage);
  if ((mask & ~kind->usage) != 0)
    return findings.add(kind->usage_rule, place, "a use that this kind of key does not have");
  findings.expect(kind->usage != exchanging || (mask & agreement) != 0, Rule::key_usage_agreement_missing, place);
}

}  // namespace antin::lint
