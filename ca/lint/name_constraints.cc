// nameConstraints (RFC 5280 §4.2.1.10).
#include "ca/lint/rules.h"

namespace antin::lint {
namespace {

namespace der = x509::der;

void lint_subtrees(ByteView content, const Place& place, Findings& findings) {
  std::size_t index = 0;
  for (Elements subtrees(content); subtrees.more(); ++index) {
    const Place here(place, index);
    Elements parts(subtrees.next().content);
    lint_general_name(parts.next(), NameUse::constraint, here, findings);
    // Zero would be a default written out, which is no DER.
    findings.expect(!parts.optional(der::context(0)), Rule::name_constraints_minimum, here);
    findings.expect(!parts.optional(der::context(1)), Rule::name_constraints_maximum, here);
  }
}

}  // namespace

void lint_name_constraints(ByteView value, const Place& place, Findings& findings) {
  Elements parts(content_of(value));
  findings.expect(parts.more(), Rule::name_constraints_empty, place);
  const Place permitted(place, "permittedSubtrees"), excluded(place, "excludedSubtrees");
  if (const auto list = parts.optional(der::context_constructed(0))) lint_subtrees(list->content, permitted, findings);
  if (const auto list = parts.optional(der::context_constructed(1))) lint_subtrees(list->content, excluded, findings);
}

}  // namespace antin::lint
