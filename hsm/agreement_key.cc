#include "hsm/agreement_key.h"

#include "base/encoding.h"
#include "hsm/public_key.h"

namespace antin::hsm {
namespace {

constexpr std::size_t point_size = 65;

// What stands before the point in the SubjectPublicKeyInfo of a P-256 key (RFC 5480).
Bytes before_point() { return from_hex("3059301306072a8648ce3d020106082a8648ce3d030107034200").value(); }

std::unexpected<Error> no_point() {
  return fail(ErrorCode::invalid_argument, "key agreement: this is no uncompressed point of P-256");
}

}  // namespace

Result<Bytes> p256_point(ByteView public_key_info) {
  const Bytes before = before_point();
  if (public_key_info.size() != before.size() + point_size || !equal(public_key_info.first(before.size()), before))
    return no_point();
  ANTIN_TRY([[maybe_unused]] const EvpPkeyPtr key, read_public_key(public_key_info));
  return to_bytes(public_key_info.subspan(before.size()));
}

Status check_p256_point(ByteView point) {
  if (point.size() != point_size) return no_point();
  Bytes info = before_point();
  append(info, point);
  ANTIN_CHECK(p256_point(info));
  return {};
}

}  // namespace antin::hsm
