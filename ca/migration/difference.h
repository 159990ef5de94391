// Difference: two systems asked about the same certificates before one takes over from the other: list against list,
// and OCSP answers against the list.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ca/x509/crl.h"
#include "ca/x509/ocsp_answer.h"

namespace antin::migration {

// What one system says of a serial number; none: not revoked.
struct Said {
  Time revoked_at;
  x509::RevocationReason reason = x509::RevocationReason::unspecified;
  std::optional<Time> invalidity_date;
  friend bool operator==(const Said&, const Said&) = default;
};

struct Difference {
  enum class Kind {
    missing,        // revoked in the old system, not in the new one: whoever trusts the new one trusts it again
    added,          // the other way round
    date,           // revoked at another time
    reason,         // for another reason
    invalidity,     // another invalidity date
    unknown_there,  // the old system's answer knows no such certificate
  };
  Kind kind;
  x509::SerialNumber serial;
  std::optional<Said> before, now;
};
std::string_view to_string(Difference::Kind kind) noexcept;  // `unknown_there`

// In the order of the old list, then of the new one. An entry has at most one difference: the first of its kinds above.
// failed_precondition when the lists are of different issuers or for different certificates, or one is a delta or
// indirect list or for some reasons alone.
Result<std::vector<Difference>> compare(const x509::Crl& before, const x509::Crl& now);

struct AnswersCompared {
  std::uint64_t compared = 0, of_others = 0;  // statuses about this authority's certificates, and about others'
  std::vector<Difference> differences;
};
// Each status about a certificate of `issuer` against the list that the new system would publish. An invalidity date is
// not in an answer and not compared.
AnswersCompared compare(std::span<const x509::OcspAnswer> before, const x509::Crl& now,
                        const x509::Certificate& issuer);

}  // namespace antin::migration
