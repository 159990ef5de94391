#include "cli/http/multipart.h"

#include <algorithm>

#include "base/encoding.h"

namespace antin::http {
namespace {

constexpr std::size_t max_parts = 64;

std::unexpected<Error> bad(const char* why) {
  return fail(ErrorCode::invalid_argument, std::string("multipart: ") + why);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// The value of `name=` in a header's parameters; quoted values may escape with a backslash.
std::string parameter(std::string_view header, std::string_view name) {
  for (std::size_t at = header.find(';'); at != std::string_view::npos; at = header.find(';', at + 1)) {
    std::string_view rest = trimmed(header.substr(at + 1));
    if (lower(rest.substr(0, name.size())) != name || rest.size() <= name.size() || rest[name.size()] != '=') continue;
    rest.remove_prefix(name.size() + 1);
    if (!rest.starts_with('"')) return std::string(trimmed(rest.substr(0, rest.find(';'))));
    std::string value;
    for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      value += rest[i];
    }
    return value;
  }
  return {};
}

Status read_headers(std::string_view headers, FormPart& part) {
  while (!headers.empty()) {
    const std::size_t end = std::min(headers.find("\r\n"), headers.size());
    const std::string_view line = headers.substr(0, end);
    headers.remove_prefix(std::min(end + 2, headers.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return bad("a header without a colon");
    const std::string name = lower(trimmed(line.substr(0, colon)));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-disposition") {
      if (!lower(value).starts_with("form-data")) return bad("a part that is not form-data");
      part.name = parameter(value, "name");
      part.file_name = parameter(value, "filename");
    } else if (name == "content-type") {
      part.media_type = std::string(value.substr(0, value.find(';')));
    } else if (name == "content-transfer-encoding" && lower(value) != "binary" && lower(value) != "8bit" &&
               lower(value) != "7bit") {
      return bad("a transfer encoding that is not supported");
    }
  }
  if (part.name.empty()) return bad("a part without a name");
  // A browser may send a path; the last component is the name.
  const std::size_t slash = part.file_name.find_last_of("/\\");
  if (slash != std::string::npos) part.file_name.erase(0, slash + 1);
  auto nfc = to_nfc(part.file_name);
  if (!nfc) return bad("a file name that is not UTF-8");
  part.file_name = *std::move(nfc);
  return {};
}

}  // namespace

Result<std::string> boundary_of(std::string_view content_type) {
  if (!lower(content_type).starts_with("multipart/form-data"))
    return bad("the request's Content-Type is not multipart/form-data");
  std::string boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 70) return bad("no boundary, or one over 70 characters");
  return boundary;
}

Result<std::vector<FormPart>> parse_multipart(ByteView body, std::string_view boundary) {
  const std::string_view text = text_of(body);
  const std::string first = "--" + std::string(boundary), delimiter = "\r\n" + first;
  if (!text.starts_with(first)) return bad("the body does not begin with the boundary");
  std::vector<FormPart> parts;
  for (std::size_t at = first.size();;) {
    if (text.substr(at, 2) == "--") break;
    if (text.substr(at, 2) != "\r\n") return bad("a boundary is not followed by a line end");
    at += 2;
    const std::size_t headers = text.find("\r\n\r\n", at);
    if (headers == std::string_view::npos || headers - at > 8192) return bad("a part without an end of its headers");
    const std::size_t end = text.find(delimiter, headers + 2);
    if (end == std::string_view::npos || end < headers + 4 - 2) return bad("a part without an end");
    FormPart part;
    ANTIN_CHECK(read_headers(text.substr(at, headers - at), part));
    const std::size_t begin = std::min(headers + 4, end);
    part.content = body.subspan(begin, end - begin);
    parts.push_back(std::move(part));
    if (parts.size() > max_parts) return bad("more than 64 parts");
    at = end + delimiter.size();
  }
  return parts;
}

}  // namespace antin::http
