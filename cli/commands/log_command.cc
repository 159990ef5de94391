// `antin log verify|show`.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

struct NoOptions {};
struct ShowOptions {
  std::uint64_t from = 0, count = 0;
};

Result<ExitCode> verify(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(log::Verification done, log::verify(*home.store));
  ANTIN_CHECK(authority::reconcile(*home.store, session.now()));
  const std::string root = to_hex(done.root);
  session.say("log.good", {std::to_string(done.size), root});
  if (session.json) session.print({{"size", done.size}, {"root", root}});
  return exit_done;
}

Result<ExitCode> show(Session& session, const ShowOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(std::uint64_t size, home.store->log_size());
  const std::uint64_t end = options.count == 0 ? size : std::min(size, options.from + options.count);
  Json all = Json::array();
  ANTIN_CHECK(home.store->for_each_log_entry(options.from, [&](const store::LogEntry& entry) -> Status {
    if (entry.index >= end) return {};
    if (session.json) {
      all.push_back({{"index", entry.index},
                     {"leaf_hash", to_hex(entry.leaf_hash)},
                     {"entry", Json::parse(text_of(entry.entry), nullptr, false)}});
    } else {
      session.out() << entry.index << ' ' << text_of(entry.entry) << '\n';
    }
    return {};
  }));
  if (session.json) session.print(all);
  return exit_done;
}

}  // namespace

void add_log(Command antin) {
  Command group = antin.group("log");
  add_command<NoOptions>(group, "verify", "log.verify", [](Command, NoOptions&) {}, verify);
  add_command<ShowOptions>(
      group, "show", "log.show",
      [](Command command, ShowOptions& options) {
        command.option("--from", options.from, "log.from").value_name("INDEX");
        command.option("--count", options.count, "log.count").value_name("N");
      },
      show);
}

}  // namespace antin::commands
