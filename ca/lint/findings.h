// Findings: what a linter has to say about a certificate or a list, and where.
//
// A finding names a rule, never a value: text of the certificate (a person's name, number or mail) is not repeated.
// At most 200 are kept; severities are counted whole.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ca/lint/rule_list.h"

namespace antin::lint {

enum class Severity : std::uint8_t { notice, warning, error, fatal };
std::string_view to_string(Severity severity) noexcept;

enum class Rule : std::uint8_t {
#define ANTIN_LINT_RULE(name, severity, source) name,
  ANTIN_LINT_RULES(ANTIN_LINT_RULE)
#undef ANTIN_LINT_RULE
};

struct RuleFacts {
  Rule rule;
  std::string_view id;      // `serial_range`
  Severity severity;        // fatal: what follows could not be read
  std::string_view source;  // `RFC 5280 §4.1.2.2`
};
inline constexpr auto all_rules = std::to_array<RuleFacts>({
#define ANTIN_LINT_RULE(name, severity, source) {Rule::name, #name, Severity::severity, source},
    ANTIN_LINT_RULES(ANTIN_LINT_RULE)
#undef ANTIN_LINT_RULE
});
constexpr const RuleFacts& facts(Rule rule) noexcept { return all_rules[static_cast<std::size_t>(rule)]; }

// Place: a path such as `certificate.tbsCertificate.extensions.2`, kept as links on the stack and written out only when
// there is a finding. A link must outlive those that point at it.
class Place {
 public:
  explicit constexpr Place(std::string_view name) noexcept : name_(name) {}
  constexpr Place(const Place& parent, std::string_view name) noexcept : parent_(&parent), name_(name) {}
  constexpr Place(const Place& parent, std::size_t index) noexcept : parent_(&parent), index_(index) {}
  std::string text() const;

 private:
  const Place* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
};

struct Finding {
  Rule rule;
  std::string where;
  std::string detail;  // may be empty
};

class Findings {
 public:
  static constexpr std::size_t most = 200;
  void add(Rule rule, const Place& where, std::string_view detail = {});
  // Adds unless `good`.
  void expect(bool good, Rule rule, const Place& where, std::string_view detail = {}) {
    if (!good) add(rule, where, detail);
  }
  const std::vector<Finding>& list() const noexcept { return list_; }
  std::size_t count(Severity severity) const noexcept { return counts_[static_cast<std::size_t>(severity)]; }
  // Whether nothing is above a warning.
  bool acceptable() const noexcept { return count(Severity::error) + count(Severity::fatal) == 0; }
  bool has(Rule rule) const noexcept;
  // The errors and fatals in one line: `rule at place: detail; …`, at most ten.
  std::string summary() const;

 private:
  std::vector<Finding> list_;
  std::array<std::size_t, 4> counts_{};
};

}  // namespace antin::lint
