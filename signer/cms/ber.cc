#include "signer/cms/ber.h"

namespace antin::cms {
namespace {

constexpr std::size_t indefinite = ~std::size_t{0};

struct Header {
  std::uint8_t tag;
  std::size_t length;  // of the content, or `indefinite`
};

std::optional<Header> read_header(ByteView octets, std::size_t& at) {
  if (octets.size() - at < 2) return std::nullopt;
  Header header{octets[at++], 0};
  if ((header.tag & 0x1f) == 0x1f)
    while (at < octets.size() && (octets[at++] & 0x80) != 0) continue;
  if (at >= octets.size()) return std::nullopt;
  const std::uint8_t first = octets[at++];
  if (first == 0x80) return (header.tag & 0x20) != 0 ? std::optional(Header{header.tag, indefinite}) : std::nullopt;
  header.length = first;
  if (first < 0x80) return header;
  const std::size_t count = first & 0x7f;
  if (count > sizeof(std::size_t) || count > octets.size() - at) return std::nullopt;
  header.length = 0;
  for (std::size_t i = 0; i < count; ++i) header.length = header.length << 8 | octets[at++];
  return header;
}

}  // namespace

std::optional<std::size_t> encoded_size(ByteView octets) {
  std::size_t at = 0, open = 0;  // elements of indefinite length that are not closed yet
  do {
    const auto header = read_header(octets, at);
    if (!header) return std::nullopt;
    if (header->length == indefinite) {
      ++open;
    } else if (header->tag == 0 && header->length == 0) {
      if (open == 0) return std::nullopt;
      --open;
    } else {
      if (header->length > octets.size() - at) return std::nullopt;
      at += header->length;
    }
  } while (open > 0);
  return at;
}

}  // namespace antin::cms
