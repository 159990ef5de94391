// Policy: what the law of one period asks of the acts in a certificate's life, read from schemas/policies/*.json.
// docs/formats/policy.md.
//
// Pure: whoever asks says what is to be done and when, and is told what stands against it. Safe for all threads.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace antin::policy {

enum class Act { issue, renew, rekey, change, revoke };
inline constexpr std::array all_acts{Act::issue, Act::renew, Act::rekey, Act::change, Act::revoke};
std::string_view to_string(Act act) noexcept;
Result<Act> act_named(std::string_view name);

// Either working days or hours.
struct Deadline {
  unsigned working_days = 0, hours = 0;
};

struct Rule {
  std::optional<unsigned> longest_months;  // none: what is left of the certificate that is replaced
  bool by_managing_body = false;
  unsigned spread_days = 0;  // over so many days at most the ends of one roster's certificates are spread
  Deadline deadline;
};

class Policy {
 public:
  // invalid_argument says what is wrong.
  static Result<Policy> from_json(std::string_view json);

  std::string name, title, text;
  Time from;
  std::optional<Time> until;  // the first moment when it is no longer in force
  std::optional<unsigned> renewals_at_most;
  unsigned renewal_days_left = 0;
  unsigned remind_days = 0;             // before its end somebody is told that a certificate ends
  bool suspension = false;              // certificates may be suspended (certificateHold)
  std::vector<std::string> unverified;  // JSON pointers of values that were not read in the law itself
  const Rule& rule(Act act) const noexcept { return rules_[static_cast<std::size_t>(act)]; }

 private:
  std::array<Rule, 5> rules_{};
};

// All that are built into the program, oldest first.
const Result<std::vector<Policy>>& policies();
// The one in force at that moment; not_found before the first.
Result<Policy> policy_at(Time at);

// How many days before its end whoever manages a certificate is reminded: never fewer than a renewal asks for.
unsigned remind_before(const Policy& policy) noexcept;

// The latest end of a certificate that the act makes at `at`, none when the policy does not say. A day less than the
// months, as validity holds to the last second of its end (RFC 5280 §4.1.2.5).
std::optional<Time> latest_end(const Policy& policy, Act act, Time at);
// How many days earlier than it could a certificate of a roster ends, so that the roster does not fall due on one day:
// from its hash and the row alone, so that the same row always gives the same end. At most `over` days, a day less than
// the roster has rows, and a tenth of `life`, the certificate's whole validity.
days spread(unsigned over, ByteView roster_hash, std::uint64_t row, std::uint64_t rows, seconds life);
// When the act must be done that was asked for at `received`: so many hours later, or the end of the last working day
// in Vietnam. Saturday and Sunday are no working days; public holidays are not known here and make it later.
Time due(const Policy& policy, Act act, Time received);

// What is asked for, in words that need no store.
struct Request {
  Act act = Act::issue;
  Time at;  // when it was asked for
  bool personal = false;
  std::string subscriber, requested_by;
  std::optional<Time> not_before, not_after;  // of the certificate that would be made
  std::optional<Time> replaced_not_after;     // of the certificate that is replaced
  unsigned renewals = 0;                      // renewals since its key was new
};
// What stands against it: the row's field, a message id for the catalogue, and its arguments.
struct Breach {
  std::string field, rule;
  std::vector<std::string> arguments;
};
std::vector<Breach> judge(const Policy& policy, const Request& request);

}  // namespace antin::policy
