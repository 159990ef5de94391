#include "ca/backup/escrow.h"

#include "ca/backup/cipher.h"

namespace antin::backup {

// One message under each key: the nonce may be zero.
Result<Bytes> seal_so_pin(const Secret& so_pin, std::string_view token, unsigned threshold,
                          const std::vector<Recipient>& recipients, RandomSource& random) {
  ANTIN_TRY(Sealed sealed, seal(Kind::so_pin, threshold, recipients, random));
  ANTIN_TRY(const Bytes content, encrypt(sealed.key, Nonce{}, bytes_of(token), bytes_of(so_pin.reveal())));
  Bytes out = std::move(sealed.header.octets);
  append(out, content);
  return out;
}

Result<Secret> open_so_pin(ByteView escrow, std::string_view token,
                           const std::function<Result<Secret>(const Header&)>& unlock) {
  ANTIN_TRY(const std::size_t size, header_size(escrow));
  if (escrow.size() < size) return fail(ErrorCode::invalid_argument, "the escrow of a token's PIN is cut short");
  ANTIN_TRY(const Header header, parse_header(escrow.first(size)));
  if (header.kind != Kind::so_pin) return fail(ErrorCode::invalid_argument, "this is no escrow of a token's PIN");
  ANTIN_TRY(const Secret key, unlock(header));
  ANTIN_TRY(Bytes plain, in("escrow", decrypt(key, Nonce{}, bytes_of(token), escrow.subspan(size))));
  std::string text(plain.begin(), plain.end());
  wipe(plain.data(), plain.size());
  return Secret(std::move(text));
}

}  // namespace antin::backup
