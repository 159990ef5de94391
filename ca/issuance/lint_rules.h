// The linter's rules, by the part of the certificate that they read. Only for ca/issuance.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ca/issuance/profile.h"
#include "ca/x509/tbs.h"

namespace antin::issuance {

struct Findings {
  std::vector<std::string> list;
  // Notes `rule: detail` unless `good`.
  void expect(bool good, const char* rule, std::string_view detail = {}) {
    if (!good) list.push_back(detail.empty() ? std::string(rule) : std::string(rule).append(": ").append(detail));
  }
};

void lint_extensions(const x509::TbsView& tbs, CertificateKind kind, Findings& findings);

}  // namespace antin::issuance
