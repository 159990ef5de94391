#include "ca/migration/index_line.h"

#include <algorithm>
#include <vector>

#include "ca/x509/der.h"

namespace antin::migration {
namespace {

namespace der = x509::der;
using enum x509::RevocationReason;

struct Word {
  std::string_view text;
  x509::RevocationReason reason;
  enum class More { nothing, oid, time } more = More::nothing;
};
// apps/ca.c compares them without case.
constexpr Word words[] = {
    {"unspecified", unspecified},
    {"keyCompromise", key_compromise},
    {"CACompromise", ca_compromise},
    {"affiliationChanged", affiliation_changed},
    {"superseded", superseded},
    {"cessationOfOperation", cessation_of_operation},
    {"certificateHold", certificate_hold},
    {"removeFromCRL", remove_from_crl},
    {"holdInstruction", certificate_hold, Word::More::oid},
    {"keyTime", key_compromise, Word::More::time},
    {"CAkeyTime", ca_compromise, Word::More::time},
};

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// A tab or comma after a backslash is text (TXT_DB_read).
std::vector<std::string_view> parts_of(std::string_view text, char between) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != between || (at > 0 && text[at - 1] == '\\')) continue;
    parts.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

std::unexpected<Error> wrong(const std::string& what) { return fail(ErrorCode::invalid_argument, what); }

Result<Time> read_time(std::string_view text, const char* column) {
  constexpr std::size_t utc_time = 13;  // YYMMDDHHMMSSZ
  const std::uint8_t tag = text.size() == utc_time ? der::utc_time_tag : der::generalized_time_tag;
  const auto time = der::read_time({tag, bytes_of(text), {}});
  if (!time) return wrong(std::string(column) + ": it is no time such as 270131235959Z");
  return *time;
}

Status read_more(const Word& word, const std::vector<std::string_view>& parts, IndexLine& line) {
  using enum Word::More;
  const std::size_t wanted = word.more == nothing ? 2 : 3;
  if (parts.size() != wanted) return wrong("the revocation has other parts than its reason asks for");
  if (word.more == oid && parts[2].empty()) return wrong("the hold instruction is missing");
  if (word.more != time) return {};
  ANTIN_TRY(line.invalidity_date, read_time(parts[2], "invalidity date"));
  return {};
}

Status read_revocation(std::string_view text, IndexLine& line) {
  const auto parts = parts_of(text, ',');
  ANTIN_TRY(line.revoked_at, read_time(parts[0], "revocation"));
  if (parts.size() == 1) return {};
  const auto* word = std::ranges::find_if(words, [&](const Word& one) { return same_word(one.text, parts[1]); });
  if (word == std::end(words)) return wrong("the reason of revocation is not one that openssl ca writes");
  line.reason = word->reason;
  return read_more(*word, parts, line);
}

Result<IndexLine::State> read_state(std::string_view text) {
  if (text == "V") return IndexLine::State::valid;
  if (text == "R") return IndexLine::State::revoked;
  if (text == "E") return IndexLine::State::expired;
  return wrong("the first column is none of V, R and E");
}

}  // namespace

Result<IndexLine> read_index_line(std::string_view text, std::uint64_t number) {
  constexpr std::size_t columns = 6;
  const auto parts = parts_of(text, '\t');
  if (parts.size() != columns) return wrong("it has not six columns with tabs between them");
  ANTIN_TRY(const IndexLine::State state, read_state(parts[0]));
  const auto serial = x509::SerialNumber::from_hex(parts[3]);
  if (!serial) return wrong("the serial number is not hexadecimal");
  IndexLine line{.number = number, .state = state, .expiry = {}, .revoked_at = {}, .serial = *serial};
  ANTIN_TRY(line.expiry, read_time(parts[1], "expiry"));
  if (state != IndexLine::State::revoked && !parts[2].empty()) return wrong("it is dated as revoked and not marked R");
  if (!parts[2].empty()) ANTIN_CHECK(read_revocation(parts[2], line));
  return line;
}

}  // namespace antin::migration
