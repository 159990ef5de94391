// IndexLine: one certificate in the database of `openssl ca` (index.txt), as another system kept it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ca/x509/crl.h"
#include "ca/x509/serial_number.h"

namespace antin::migration {

struct IndexLine {
  enum class State { valid, revoked, expired };
  std::uint64_t number = 0;  // from 1
  State state = State::valid;
  Time expiry;
  std::optional<Time> revoked_at;  // none for one marked revoked without a date, which is doubtful
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  std::optional<Time> invalidity_date;
  x509::SerialNumber serial;
};

// invalid_argument says which of the six columns is wrong: state V, R or E; expiry; revocation; serial; file; subject.
// Times are `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`. The revocation is a time, then perhaps a reason in OpenSSL's word,
// and after `holdInstruction`, `keyTime` and `CAkeyTime` an OID or a time. File and subject are not read: the
// certificate itself says them.
Result<IndexLine> read_index_line(std::string_view line, std::uint64_t number);

}  // namespace antin::migration
