// Object identifiers that programs must be able to read (RFC 5280 appendix B).
#include "ca/lint/rules.h"

namespace antin::lint {

void lint_object_id(ByteView oid, const Place& place, Findings& findings) {
  std::size_t octets = 0;
  for (const std::uint8_t octet : oid) {
    // Four octets of seven bits hold the arcs below 2^28.
    if (++octets > 4) return findings.add(Rule::oid_arc_large, place, "an arc of 2^28 or more");
    if ((octet & 0x80U) == 0) octets = 0;
  }
}

}  // namespace antin::lint
