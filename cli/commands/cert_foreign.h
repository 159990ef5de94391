// Certificates of other authorities, as `cert list --foreign` and `cert show` tell them.
#pragma once

#include "cli/commands/certificate_row.h"
#include "cli/commands/exit_code.h"

namespace antin::commands {

// `issuer` is the other authority's name (RFC 4514). Empty `kind` or `status`: all.
Result<std::vector<CertificateRow>> foreign_rows(Session& session, store::Store& store, const std::string& kind,
                                                 const std::string& status);
Result<ExitCode> show_foreign(Session& session, const store::ForeignCertificate& certificate);

// {"rule","message"}: a message id, and what it says in the run's language.
Json doubt_value(const Session& session, const store::Doubt& doubt);

}  // namespace antin::commands
