#include "base/encoding.h"
#include "cli/commands/backup_steps.h"

namespace antin::commands {
namespace {

// The last one that the log has: homes of earlier versions have no fact of it. Entries are canonical, so that their
// octets tell.
Result<std::optional<Time>> last_in_log(store::Store& store) {
  constexpr std::string_view type = "\"type\":\"backup\"", at = "{\"at\":\"";
  std::optional<Time> last;
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
    const std::string_view entry = text_of(logged.entry);
    if (entry.find(type) == std::string_view::npos || !entry.starts_with(at)) return {};
    const std::string_view rest = entry.substr(at.size());
    ANTIN_TRY(last, parse_rfc3339(rest.substr(0, rest.find('"'))));
    return {};
  }));
  return last;
}

}  // namespace

Result<std::optional<Time>> last_backup(store::Store& store) {
  ANTIN_TRY(const auto noted, store.fact(std::string(last_backup_fact)));
  if (!noted) return last_in_log(store);
  ANTIN_TRY(const Time at, in("store", parse_rfc3339(*noted)));
  return at;
}

}  // namespace antin::commands
