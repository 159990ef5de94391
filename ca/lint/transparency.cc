// Signed certificate timestamps in a certificate (RFC 6962 §3.2, §3.3).
#include "ca/lint/rules.h"

namespace antin::lint {
namespace {

// The octets of TLS presentation language with a length of two octets in front; nothing when they are not all there.
std::optional<ByteView> take_opaque(ByteView& rest) {
  if (rest.size() < 2) return {};
  const std::size_t size = static_cast<std::size_t>(rest[0]) << 8 | rest[1];
  if (rest.size() - 2 < size) return {};
  const ByteView taken = rest.subspan(2, size);
  rest = rest.subspan(2 + size);
  return taken;
}

// Version, log, time, extensions, hash and signature algorithm, signature.
bool is_timestamp(ByteView octets) {
  constexpr std::size_t fixed = 1 + 32 + 8, hashes = 7, signatures = 4;
  if (octets.size() < fixed) return false;
  octets = octets.subspan(fixed);
  if (!take_opaque(octets) || octets.size() < 2 || octets[0] >= hashes || octets[1] >= signatures) return false;
  octets = octets.subspan(2);
  return take_opaque(octets).has_value() && octets.empty();
}

}  // namespace

void lint_scts(ByteView value, const Place& place, Findings& findings) {
  ByteView rest = content_of(value);
  auto list = take_opaque(rest);
  if (!list || !rest.empty()) return findings.add(Rule::sct_list_syntax, place, "its length is another");
  findings.expect(!list->empty(), Rule::sct_list_empty, place);
  while (!list->empty()) {
    const auto one = take_opaque(*list);
    if (!one || !is_timestamp(*one))
      return findings.add(Rule::sct_list_syntax, place, "a time stamp that is not whole");
  }
}

}  // namespace antin::lint
