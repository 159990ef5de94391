// Which signature algorithm has which parameters (RFC 3279 §2.2, 4055 §3, §5, 5758 §3, 8410 §3, 9881 §2, 9909).
#include "ca/lint/algorithms.h"

#include <algorithm>
#include <array>

#include "ca/lint/base_types.h"
#include "ca/lint/rules.h"

namespace antin::lint {
namespace {

namespace der = x509::der;
using namespace types;

constexpr std::array<std::uint8_t, 11> sha1_octets{0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00};
constexpr std::array<std::uint8_t, 1> salt_octets{20}, trailer_octets{1};
constexpr ByteView sha1_content = ByteView(sha1_octets).subspan(2);
constexpr Field pss_fields[] = {
    {"hashAlgorithm", algorithm, Tagging::explicitly, 0, Presence::defaulted, sha1_content},
    explicitly("maskGenAlgorithm", algorithm, 1),
    {"saltLength", natural, Tagging::explicitly, 2, Presence::defaulted, ByteView(salt_octets)},
    {"trailerField", natural, Tagging::explicitly, 3, Presence::defaulted, ByteView(trailer_octets)},
};
constexpr Type pss = record(pss_fields);

struct KnownAlgorithm {
  der::OidLiteral oid;
  const Type* parameters;  // null: absent
};
constexpr KnownAlgorithm known_algorithms[] = {
    {"1.2.840.10045.4.3.2", nullptr},     // ecdsa-with-SHA256
    {"1.2.840.113549.1.1.11", &null},     // sha256WithRSAEncryption
    {"1.2.840.10045.4.3.3", nullptr},     // ecdsa-with-SHA384
    {"1.2.840.10045.4.3.4", nullptr},     // ecdsa-with-SHA512
    {"1.2.840.113549.1.1.12", &null},     // sha384WithRSAEncryption
    {"1.2.840.113549.1.1.13", &null},     // sha512WithRSAEncryption
    {"1.2.840.113549.1.1.10", &pss},      // RSASSA-PSS
    {"1.3.101.112", nullptr},             // Ed25519
    {"1.3.101.113", nullptr},             // Ed448
    {"1.2.840.113549.1.1.14", &null},     // sha224WithRSAEncryption
    {"1.2.840.113549.1.1.5", &null},      // sha1WithRSAEncryption
    {"1.2.840.113549.1.1.4", &null},      // md5WithRSAEncryption
    {"1.2.840.113549.1.1.2", &null},      // md2WithRSAEncryption
    {"1.2.840.10045.4.1", nullptr},       // ecdsa-with-SHA1
    {"1.2.840.10045.4.3.1", nullptr},     // ecdsa-with-SHA224
    {"1.2.840.10040.4.3", nullptr},       // dsa-with-SHA1
    {"2.16.840.1.101.3.4.3.1", nullptr},  // dsa-with-SHA224
    {"2.16.840.1.101.3.4.3.2", nullptr},  // dsa-with-SHA256
};

}  // namespace

std::optional<unsigned> last_arc(ByteView oid, der::OidLiteral prefix) noexcept {
  const ByteView head = prefix.content();
  if (oid.size() != head.size() + 1 || !equal(oid.first(head.size()), head)) return {};
  return oid.back();
}

void check_parameters(const Type* wanted, const AlgorithmView& one, Rule rule, const Place& place, Findings& findings) {
  if (wanted == nullptr) return findings.expect(one.parameters.empty(), rule, place, "parameters that must be absent");
  if (one.parameters.empty()) return findings.add(rule, place, "parameters are missing");
  if (const auto fault = check(*wanted, one.parameters)) findings.add(rule, place, describe(*fault));
}

void lint_signature_algorithm(const AlgorithmView& algorithm, const Place& place, Findings& findings) {
  const auto* known = std::ranges::find_if(known_algorithms, [&](const auto& one) { return algorithm.is(one.oid); });
  if (known != std::end(known_algorithms))
    return check_parameters(known->parameters, algorithm, Rule::algorithm_parameters, place, findings);
  // ML-DSA, SLH-DSA and their pre-hash variants: 17 to 46.
  const auto number = last_arc(algorithm.oid, "2.16.840.1.101.3.4.3");
  if (number && *number >= 17 && *number <= 46)
    check_parameters(nullptr, algorithm, Rule::algorithm_parameters, place, findings);
}

}  // namespace antin::lint
