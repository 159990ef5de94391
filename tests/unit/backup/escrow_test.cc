// The escrow of a token's PIN: who opens it, and for which token.
#include "ca/backup/escrow.h"

#include "tests/unit/backup/backup_fixture.h"

using namespace antin;
using namespace antin::backup;

namespace {

Bytes sealed_for(Officers& officers, unsigned threshold = 2) {
  return seal_so_pin(Secret(std::string("1234567890123456")), "CB-1-0a1b2c3d", threshold, officers.recipients,
                     officers.random)
      .value();
}

Result<Secret> opened(ByteView escrow, const Officers& officers, const std::vector<std::size_t>& who,
                      std::string_view token = "CB-1-0a1b2c3d") {
  return open_so_pin(escrow, token, [&](const Header& header) { return officers.unlock(header, who); });
}

}  // namespace

TEST_CASE("two officers open an escrow, one does not, and the PIN is not in its octets") {
  Officers officers(3);
  const Bytes escrow = sealed_for(officers);
  CHECK(opened(escrow, officers, {0, 2}).value().reveal() == "1234567890123456");
  CHECK(opened(escrow, officers, {1}).error().code == ErrorCode::permission_denied);
  CHECK(text_of(escrow).find("1234567890123456") == std::string_view::npos);
}

TEST_CASE("an escrow opens for its own token alone, and not when an octet of it was changed") {
  Officers officers(2);
  const Bytes escrow = sealed_for(officers);
  CHECK(opened(escrow, officers, {0, 1}, "CB-2-0a1b2c3d").error().code == ErrorCode::data_loss);
  Bytes changed = escrow;
  changed.back() ^= 1;
  CHECK(opened(changed, officers, {0, 1}).error().code == ErrorCode::data_loss);
  CHECK_FALSE(opened(ByteView(escrow).first(escrow.size() - 17), officers, {0, 1}).has_value());
  CHECK_FALSE(opened(ByteView(escrow).first(40), officers, {0, 1}).has_value());
  CHECK_FALSE(opened({}, officers, {0, 1}).has_value());
}

TEST_CASE("a backup is no escrow, and too few officers have no escrow made") {
  Officers officers(2);
  const Header backup = seal(Kind::full, 2, officers.recipients, officers.random).value().header;
  CHECK(opened(backup.octets, officers, {0, 1}).error().code == ErrorCode::invalid_argument);
  CHECK(seal_so_pin(Secret(std::string("1")), "t", 3, officers.recipients, officers.random).error().code ==
        ErrorCode::failed_precondition);
}
