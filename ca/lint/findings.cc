#include "ca/lint/findings.h"

#include <algorithm>

namespace antin::lint {

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::notice:
      return "notice";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
    case Severity::fatal:
      return "fatal";
  }
  return "fatal";
}

std::string Place::text() const {
  const std::string own = name_.empty() ? std::to_string(index_) : std::string(name_);
  return parent_ == nullptr ? own : parent_->text() + "." + own;
}

void Findings::add(Rule rule, const Place& where, std::string_view detail) {
  ++counts_[static_cast<std::size_t>(facts(rule).severity)];
  if (list_.size() + 1 < most)
    list_.push_back({rule, where.text(), std::string(detail)});
  else if (list_.size() + 1 == most)
    list_.push_back({Rule::report_cut, where.text(), {}});
}

bool Findings::has(Rule rule) const noexcept {
  return std::ranges::any_of(list_, [rule](const Finding& finding) { return finding.rule == rule; });
}

std::string Findings::summary() const {
  std::string text;
  int shown = 0;
  for (const Finding& finding : list_) {
    if (facts(finding.rule).severity < Severity::error || ++shown > 10) continue;
    text.append(text.empty() ? "" : "; ").append(facts(finding.rule).id).append(" at ").append(finding.where);
    if (!finding.detail.empty()) text.append(": ").append(finding.detail);
  }
  return text;
}

}  // namespace antin::lint
