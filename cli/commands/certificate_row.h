// CertificateRow: one line of a list of certificates, whoever issued them; what `cert list` prints in each of its
// forms.
#pragma once

#include <string>
#include <vector>

#include "ca/store/store.h"
#include "cli/commands/session.h"

namespace antin::commands {

struct CertificateRow {
  std::string id, serial, subject, kind;
  store::CertificateStatus status = store::CertificateStatus::valid;
  std::string key;     // where it is: `token` or `subscriber`
  std::string issuer;  // short name of our CA; another authority's name (RFC 4514)
  Time not_before, not_after;
  std::string profile, subscriber, mail;
};
CertificateRow row_of(const store::CertificateRecord& record);

// The members of `cert list --json` (docs/cli.md).
Json row_value(const CertificateRow& row);

}  // namespace antin::commands
