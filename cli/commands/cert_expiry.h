// What `cert list` shows of the certificates it found: those that end soon, and in which form.
#pragma once

#include "cli/commands/certificate_row.h"
#include "cli/commands/exit_code.h"

namespace antin::commands {

struct ListForm {
  std::string expiring = "all";  // or `90d`; an empty one is refused
  bool csv = false, ics = false;
};

// When the list ends for --expiring; none without it. invalid_argument for options that do not go together: wrong
// usage.
Result<std::optional<Time>> expiring_until(const Session& session, const ListForm& form, const std::string& status);
// Those that are valid at `now` and end by `until`, the first to end first.
std::vector<CertificateRow> expiring(std::vector<CertificateRow> rows, Time now, Time until);
// As text, JSON, CSV or calendar.
Result<ExitCode> say_rows(Session& session, const std::vector<CertificateRow>& rows, const ListForm& form);

}  // namespace antin::commands
