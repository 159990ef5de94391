// UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5).
#include "ca/lint/rules.h"

namespace antin::lint {

namespace der = x509::der;

void lint_time(const der::Element& time, const Place& place, Findings& findings) {
  const auto value = der::read_time(time);
  const bool utc = time.tag == der::utc_time_tag;
  if (!value) return findings.add(utc ? Rule::utc_time_form : Rule::generalized_time_form, place);
  // 2049 and before as UTCTime; what UTCTime can say is never later.
  findings.expect(utc || *value < time_at(1950, 1, 1) || *value >= time_at(2050, 1, 1), Rule::time_kind, place,
                  "UTCTime through 2049");
}

void lint_generalized_time(ByteView content, const Place& place, Findings& findings) {
  findings.expect(der::read_time({der::generalized_time_tag, content, {}}).has_value(), Rule::generalized_time_form,
                  place);
}

std::optional<int> compare_times(const der::Element& a, const der::Element& b) {
  const auto first = der::read_time(a), second = der::read_time(b);
  if (!first || !second) return {};
  return *first < *second ? -1 : *first > *second ? 1 : 0;
}

}  // namespace antin::lint
