// keyUsage (RFC 5280 §4.2.1.3).
#include "ca/lint/rules.h"

namespace antin::lint {

void lint_key_usage(const Subject& subject, const Extension& extension, const Place& place, Findings& findings) {
  constexpr unsigned cert_sign = 5, encipher_only = 7, decipher_only = 8;
  const ByteView usage = content_of(extension.value);
  findings.expect(extension.critical, Rule::key_usage_not_critical, place);
  bool any = false;
  for (unsigned bit = 0; bit <= decipher_only; ++bit) any = any || has_usage(usage, bit);
  if (!any) return findings.add(Rule::key_usage_empty, place);
  findings.expect(!subject.is_ca || has_usage(usage, cert_sign), Rule::key_usage_ca_without_cert_sign, place);
  findings.expect(subject.is_ca || !has_usage(usage, cert_sign), Rule::key_usage_cert_sign_without_ca, place);
  findings.expect(!has_usage(usage, encipher_only) || !has_usage(usage, decipher_only),
                  Rule::key_usage_encipher_and_decipher_only, place);
  lint_usage_for_key(subject, usage, place, findings);
}

}  // namespace antin::lint
