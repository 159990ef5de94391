#include "cli/http/multipart.h"
#include "tests/fuzz/require.h"

using namespace antin;

// The first line is the Content-Type, the rest the body.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView octets(data, size);
  const std::string_view text = text_of(octets);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const auto boundary = http::boundary_of(text.substr(0, end));
  if (!boundary) return 0;
  const ByteView body = octets.subspan(std::min(end + 1, octets.size()));
  const auto parts = http::parse_multipart(body, *boundary);
  if (!parts) return 0;
  std::size_t total = 0;
  for (const http::FormPart& part : *parts) {
    FUZZ_REQUIRE(part.content.empty() || (part.content.data() >= body.data() &&
                                          part.content.data() + part.content.size() <= body.data() + body.size()));
    total += part.content.size();
  }
  FUZZ_REQUIRE(parts->size() <= 64 && total <= body.size());
  return 0;
}
